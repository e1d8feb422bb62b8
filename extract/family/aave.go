package family

// Aave's lending markets, in which a vault that never borrows leaves no debt.

var (
	aaveV3 = Family{
		Name: "aave_v3", Label: "aave v3", Events: [][]string{aaveV3Events}, Market: "Aave V3",
		Positions: aavePositions(8), Items: ItemCoins,
	}
	aaveV2 = Family{
		Name: "aave_v2", Label: "aave v2", Events: [][]string{aaveV2Events}, Market: "Aave V2",
		Positions: aavePositions(7), Items: ItemCoins,
	}
	aaveToken = Family{
		Name: "aave_token", Label: "aave token", Events: [][]string{erc20Events, aaveTokenEvents, aaveV2TokenEvents},
		Positions: []PositionRead{
			position(KindAddress, "UNDERLYING_ASSET_ADDRESS()").lasting(),
			position(KindInteger, "DEBT_TOKEN_REVISION()").lasting(), // only debt tokens have it
			position(KindInteger, "balanceOf(address)", ByAccount),
		},
	}
)

// aavePositions are what a pool's tokens say, which getReserveData names from a word on:
// what was supplied, and debts at a stable and at a variable rate.
func aavePositions(word int) []PositionRead {
	const tokens = "getReserveData(address)"
	balance := position(KindInteger, "balanceOf(address)", ByAccount)
	return []PositionRead{
		position(KindAddress, tokens, ByItem).named("aToken").word(word).lasting(),
		balance.named("aToken.balanceOf").of(tokens, word),
		balance.named("stableDebtToken.balanceOf").of(tokens, word+1),
		balance.named("variableDebtToken.balanceOf").of(tokens, word+2),
		position(KindIntegers, "getUserAccountData(address)", ByAccount), // of all tokens, in the pool's own unit
	}
}

// aaveV3Events are those of the pool of Aave V3, of Spark and of other copies,
// from aave-dao/aave-v3-origin. onBehalfOf owes.
var aaveV3Events = []string{
	"Supply(address indexed reserve, address user, address indexed onBehalfOf, uint256 amount, uint16 indexed referralCode)",
	"Withdraw(address indexed reserve, address indexed user, address indexed to, uint256 amount)",
	"Borrow(address indexed reserve, address user, address indexed onBehalfOf, uint256 amount, uint8 interestRateMode, uint256 borrowRate, uint16 indexed referralCode)",
	"Repay(address indexed reserve, address indexed user, address indexed repayer, uint256 amount, bool useATokens)",
	"UserEModeSet(address indexed user, uint8 categoryId)",
	"ReserveUsedAsCollateralEnabled(address indexed reserve, address indexed user)",
	"ReserveUsedAsCollateralDisabled(address indexed reserve, address indexed user)",
	"FlashLoan(address indexed target, address initiator, address indexed asset, uint256 amount, uint8 interestRateMode, uint256 premium, uint16 indexed referralCode)",
	"LiquidationCall(address indexed collateralAsset, address indexed debtAsset, address indexed user, uint256 debtToCover, uint256 liquidatedCollateralAmount, address liquidator, bool receiveAToken)",
	"ReserveDataUpdated(address indexed reserve, uint256 liquidityRate, uint256 stableBorrowRate, uint256 variableBorrowRate, uint256 liquidityIndex, uint256 variableBorrowIndex)",
	"DeficitCreated(address indexed user, address indexed debtAsset, uint256 amountCreated)",
}

// aaveTokenEvents are those of its aTokens and debt tokens.
var aaveTokenEvents = []string{
	"Mint(address indexed caller, address indexed onBehalfOf, uint256 value, uint256 balanceIncrease, uint256 index)",
	"Burn(address indexed from, address indexed target, uint256 value, uint256 balanceIncrease, uint256 index)",
	"BalanceTransfer(address indexed from, address indexed to, uint256 value, uint256 index)",
	"BorrowAllowanceDelegated(address indexed fromUser, address indexed toUser, address indexed asset, uint256 amount)",
}

// aaveV2TokenEvents are those of the tokens of V2, which do not say what had been earned.
var aaveV2TokenEvents = []string{
	"Mint(address indexed from, uint256 value, uint256 index)",
	"Burn(address indexed from, address indexed target, uint256 value, uint256 index)",
}

// aaveV2Events are those of the pool of Aave V2, from aave/protocol-v2. onBehalfOf owes.
var aaveV2Events = []string{
	"Deposit(address indexed reserve, address user, address indexed onBehalfOf, uint256 amount, uint16 indexed referral)",
	"Withdraw(address indexed reserve, address indexed user, address indexed to, uint256 amount)",
	"Borrow(address indexed reserve, address user, address indexed onBehalfOf, uint256 amount, uint256 borrowRateMode, uint256 borrowRate, uint16 indexed referral)",
	"Repay(address indexed reserve, address indexed user, address indexed repayer, uint256 amount)",
	"Swap(address indexed reserve, address indexed user, uint256 rateMode)",
	"ReserveUsedAsCollateralEnabled(address indexed reserve, address indexed user)",
	"ReserveUsedAsCollateralDisabled(address indexed reserve, address indexed user)",
	"RebalanceStableBorrowRate(address indexed reserve, address indexed user)",
	"FlashLoan(address indexed target, address indexed initiator, address indexed asset, uint256 amount, uint256 premium, uint16 referralCode)",
	"Paused()",
	"Unpaused()",
	"LiquidationCall(address indexed collateralAsset, address indexed debtAsset, address indexed user, uint256 debtToCover, uint256 liquidatedCollateralAmount, address liquidator, bool receiveAToken)",
	"ReserveDataUpdated(address indexed reserve, uint256 liquidityRate, uint256 stableBorrowRate, uint256 variableBorrowRate, uint256 liquidityIndex, uint256 variableBorrowIndex)",
}
