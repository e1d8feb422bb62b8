package extract

// The events of the markets that lend, in which a vault that never borrows
// leaves no debt. Who owes is in another place of each.

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

// compoundV3Events are those of Comet, from compound-finance/comet. It has no
// Borrow: what a Withdraw takes beyond the balance burnt is debt of src.
var compoundV3Events = []string{
	"Supply(address indexed from, address indexed dst, uint256 amount)",
	"Withdraw(address indexed src, address indexed to, uint256 amount)",
	"SupplyCollateral(address indexed from, address indexed dst, address indexed asset, uint256 amount)",
	"TransferCollateral(address indexed from, address indexed to, address indexed asset, uint256 amount)",
	"WithdrawCollateral(address indexed src, address indexed to, address indexed asset, uint256 amount)",
	"AbsorbDebt(address indexed absorber, address indexed borrower, uint256 basePaidOut, uint256 usdValue)",
	"AbsorbCollateral(address indexed absorber, address indexed borrower, address indexed asset, uint256 collateralAbsorbed, uint256 usdValue)",
	"BuyCollateral(address indexed buyer, address indexed asset, uint256 baseAmount, uint256 collateralAmount)",
	"PauseAction(bool supplyPaused, bool transferPaused, bool withdrawPaused, bool absorbPaused, bool buyPaused)",
	"WithdrawReserves(address indexed to, uint256 amount)",
}

// compoundV2Events are those of a cToken, from compound-finance/compound-protocol.
// borrower owes, and nothing is indexed.
var compoundV2Events = []string{
	"Borrow(address borrower, uint256 borrowAmount, uint256 accountBorrows, uint256 totalBorrows)",
	"RepayBorrow(address payer, address borrower, uint256 repayAmount, uint256 accountBorrows, uint256 totalBorrows)",
	"Mint(address minter, uint256 mintAmount, uint256 mintTokens)",
	"Redeem(address redeemer, uint256 redeemAmount, uint256 redeemTokens)",
	"AccrueInterest(uint256 cashPrior, uint256 interestAccumulated, uint256 borrowIndex, uint256 totalBorrows)",
}

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

// fluidTokenEvents are those of an fToken, beside ERC-4626's.
var fluidTokenEvents = []string{
	"LogUpdateRewards(address indexed rewardsRateModel)",
	"LogRebalance(uint256 assets)",
	"LogUpdateRates(uint256 tokenExchangePrice, uint256 liquidityExchangePrice)",
	"LogRescueFunds(address indexed token)",
	"LogUpdateRebalancer(address indexed rebalancer)",
}
