package family

// Aave's lending markets, in which a vault that never borrows leaves no debt.

var (
	aaveV3    = Family{Name: "aave_v3", Label: "aave v3", Events: [][]string{aaveV3Events}, Market: "Aave V3"}
	aaveV2    = Family{Name: "aave_v2", Label: "aave v2", Events: [][]string{aaveV2Events}, Market: "Aave V2"}
	aaveToken = Family{Name: "aave_token", Label: "aave token", Events: [][]string{erc20Events, aaveTokenEvents}}
)

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
	"BorrowAllowanceDelegated(address indexed fromUser, address indexed toUser, address indexed asset, uint256 amount)",
}

// aaveV2Events are those of Aave V2, from aave/protocol-v2. onBehalfOf owes.
var aaveV2Events = []string{
	"Borrow(address indexed reserve, address user, address indexed onBehalfOf, uint256 amount, uint256 borrowRateMode, uint256 borrowRate, uint16 indexed referral)",
}
