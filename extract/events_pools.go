package extract

// The events of pools in which shares are traded.

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
}

// uniswapV4Events are those of the one pool manager, from Uniswap/v4-core. Amounts
// have the trader's sign, against its documentation.
var uniswapV4Events = []string{
	"Initialize(bytes32 indexed id, address indexed currency0, address indexed currency1, uint24 fee, int24 tickSpacing, address hooks, uint160 sqrtPriceX96, int24 tick)",
	"ModifyLiquidity(bytes32 indexed id, address indexed sender, int24 tickLower, int24 tickUpper, int256 liquidityDelta, bytes32 salt)",
	"Swap(bytes32 indexed id, address indexed sender, int128 amount0, int128 amount1, uint160 sqrtPriceX96, uint128 liquidity, int24 tick, uint24 fee)",
	"Donate(bytes32 indexed id, address indexed sender, uint256 amount0, uint256 amount1)",
}

// curveEvents are those of stableswap-ng, whose TokenExchange is the classic
// pools' too, and of the crypto pools, old and new.
var curveEvents = []string{
	"TokenExchange(address indexed buyer, int128 sold_id, uint256 tokens_sold, int128 bought_id, uint256 tokens_bought)",
	"TokenExchangeUnderlying(address indexed buyer, int128 sold_id, uint256 tokens_sold, int128 bought_id, uint256 tokens_bought)",
	"AddLiquidity(address indexed provider, uint256[] token_amounts, uint256[] fees, uint256 invariant, uint256 token_supply)",
	"RemoveLiquidity(address indexed provider, uint256[] token_amounts, uint256[] fees, uint256 token_supply)",
	"RemoveLiquidityOne(address indexed provider, int128 token_id, uint256 token_amount, uint256 coin_amount, uint256 token_supply)",
	"RemoveLiquidityImbalance(address indexed provider, uint256[] token_amounts, uint256[] fees, uint256 invariant, uint256 token_supply)",
	"RampA(uint256 old_A, uint256 new_A, uint256 initial_time, uint256 future_time)",
	"StopRampA(uint256 A, uint256 t)",
	"ApplyNewFee(uint256 fee, uint256 offpeg_fee_multiplier)",
	"SetNewMATime(uint256 ma_exp_time, uint256 D_ma_time)",
	"TokenExchange(address indexed buyer, uint256 sold_id, uint256 tokens_sold, uint256 bought_id, uint256 tokens_bought, uint256 fee, uint256 price_scale)",
	"TokenExchange(address indexed buyer, uint256 sold_id, uint256 tokens_sold, uint256 bought_id, uint256 tokens_bought)",
	"TokenExchange(address buyer, uint256 sold_id, uint256 tokens_sold, uint256 bought_id, uint256 tokens_bought, uint256 fee, uint256 price_scale)",
}
