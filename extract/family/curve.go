package family

// Curve's pools, in which shares are traded.

var curve = Family{
	Name: "curve", Label: "curve", Events: [][]string{curveEvents, erc20Events},
	// eight coins are the most that a pool has; those before 2020 number them by int128
	Trades: "TokenExchange", Pool: join(numbered(KindAddress, "coins", 8, "uint256", "int128"), integers("fee")),
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
