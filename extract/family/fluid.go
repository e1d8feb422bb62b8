package family

// Fluid's lending markets and its lending token.

var (
	fluidLiquidity = Family{Name: "fluid_liquidity", Label: "fluid liquidity", Events: [][]string{fluidLiquidityEvents}, Market: "Fluid"}
	fluidVault     = Family{Name: "fluid_vault", Label: "fluid vault", Events: [][]string{fluidVaultEvents}, Market: "Fluid", IsBorrowerInData: true}
	fluidToken     = Family{
		Name: "fluid_token", Label: "fluid token", Events: [][]string{erc20Events, erc4626Events, fluidTokenEvents},
		Standard: erc4626Standard, OwnerArgument: "owner",
	}
)

// fluidLiquidityEvents are those of the liquidity layer of
// Instadapp/fluid-contracts-public, whose users are protocols.
var fluidLiquidityEvents = []string{
	"LogOperate(address indexed user, address indexed token, int256 supplyAmount, int256 borrowAmount, address withdrawTo, address borrowTo, uint256 totalAmounts, uint256 exchangePricesAndConfig)",
}

// fluidVaultEvents are those of a Fluid vault: user_ owes debtAmt_ more, and
// nothing is indexed.
var fluidVaultEvents = []string{
	"LogOperate(address user_, uint256 nftId_, int256 colAmt_, int256 debtAmt_, address to_)",
	"LogUpdateExchangePrice(uint256 supplyExPrice_, uint256 borrowExPrice_)",
	"LogLiquidate(address liquidator_, uint256 colAmt_, uint256 debtAmt_, address to_)",
	"LogAbsorb(uint256 colAbsorbedRaw_, uint256 debtAbsorbedRaw_)",
	"LogRebalance(int256 colAmt_, int256 debtAmt_)",
}

// fluidTokenEvents are those of an fToken, in addition to ERC-4626's.
var fluidTokenEvents = []string{
	"LogUpdateRewards(address indexed rewardsRateModel)",
	"LogRebalance(uint256 assets)",
	"LogUpdateRates(uint256 tokenExchangePrice, uint256 liquidityExchangePrice)",
	"LogRescueFunds(address indexed token)",
	"LogUpdateRebalancer(address indexed rebalancer)",
}
