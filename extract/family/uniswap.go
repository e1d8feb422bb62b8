package family

// Uniswap's pools, in which shares are traded.

var (
	uniswapV2 = Family{
		Name: "uniswap_v2", Label: "uniswap v2", Events: [][]string{uniswapV2Events, erc20Events},
		Trades: "Swap", Pool: uniswapCoins,
	}
	uniswapV3 = Family{
		Name: "uniswap_v3", Label: "uniswap v3", Events: [][]string{uniswapV3Events},
		Trades: "Swap", Pool: join(uniswapCoins, integers("fee")),
	}
	uniswapV4 = Family{Name: "uniswap_v4", Label: "uniswap v4", Events: [][]string{uniswapV4Events}, HoldsPools: true, Trades: "Swap"}

	uniswapCoins = addresses("token0", "token1")
)

// uniswapV2Events are those of a pair, from Uniswap/v2-core.
var uniswapV2Events = []string{
	"Swap(address indexed sender, uint256 amount0In, uint256 amount1In, uint256 amount0Out, uint256 amount1Out, address indexed to)",
	"Sync(uint112 reserve0, uint112 reserve1)",
	"Mint(address indexed sender, uint256 amount0, uint256 amount1)",
	"Burn(address indexed sender, uint256 amount0, uint256 amount1, address indexed to)",
}

// uniswapV3Events are those of a pool, from Uniswap/v3-core. Amounts have the
// pool's sign: what it receives is positive.
var uniswapV3Events = []string{
	"Initialize(uint160 sqrtPriceX96, int24 tick)",
	"Swap(address indexed sender, address indexed recipient, int256 amount0, int256 amount1, uint160 sqrtPriceX96, uint128 liquidity, int24 tick)",
	"Mint(address sender, address indexed owner, int24 indexed tickLower, int24 indexed tickUpper, uint128 amount, uint256 amount0, uint256 amount1)",
	"Burn(address indexed owner, int24 indexed tickLower, int24 indexed tickUpper, uint128 amount, uint256 amount0, uint256 amount1)",
	"Collect(address indexed owner, address recipient, int24 indexed tickLower, int24 indexed tickUpper, uint128 amount0, uint128 amount1)",
	"Flash(address indexed sender, address indexed recipient, uint256 amount0, uint256 amount1, uint256 paid0, uint256 paid1)",
	"IncreaseObservationCardinalityNext(uint16 observationCardinalityNextOld, uint16 observationCardinalityNextNew)",
	"SetFeeProtocol(uint8 feeProtocol0Old, uint8 feeProtocol1Old, uint8 feeProtocol0New, uint8 feeProtocol1New)",
	"CollectProtocol(address indexed sender, address indexed recipient, uint128 amount0, uint128 amount1)",
}

// uniswapV4Events are those of the one pool manager, from Uniswap/v4-core. Amounts
// have the trader's sign, against its documentation.
var uniswapV4Events = []string{
	"Initialize(bytes32 indexed id, address indexed currency0, address indexed currency1, uint24 fee, int24 tickSpacing, address hooks, uint160 sqrtPriceX96, int24 tick)",
	"ModifyLiquidity(bytes32 indexed id, address indexed sender, int24 tickLower, int24 tickUpper, int256 liquidityDelta, bytes32 salt)",
	"Swap(bytes32 indexed id, address indexed sender, int128 amount0, int128 amount1, uint160 sqrtPriceX96, uint128 liquidity, int24 tick, uint24 fee)",
	"Donate(bytes32 indexed id, address indexed sender, uint256 amount0, uint256 amount1)",
}
