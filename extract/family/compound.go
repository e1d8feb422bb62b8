package family

// Compound's lending markets.

var (
	compoundV3 = Family{
		Name: "compound_v3", Label: "compound v3", Events: [][]string{compoundV3Events, erc20Events}, Market: "Compound V3",
		LendsSilently: true, // a transfer of more than one has is a loan
		Positions: []PositionRead{
			position(KindAddress, "baseToken()").lasting(),
			position(KindInteger, "balanceOf(address)", ByAccount),
			position(KindInteger, "borrowBalanceOf(address)", ByAccount),
			position(KindInteger, "collateralBalanceOf(address,address)", ByAccount, ByAsset),
		},
	}
	compoundV2 = Family{
		Name: "compound_v2", Label: "compound v2", Events: [][]string{compoundV2Events, erc20Events}, Market: "Compound V2",
		IsBorrowerInData: true,
		Positions: []PositionRead{
			position(KindAddress, "underlying()").lasting(),
			position(KindInteger, "balanceOfUnderlying(address)", ByAccount), // both accrue interest first
			position(KindInteger, "borrowBalanceCurrent(address)", ByAccount),
		},
	}
)

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
	"LiquidateBorrow(address liquidator, address borrower, uint256 repayAmount, address cTokenCollateral, uint256 seizeTokens)",
	"ReservesAdded(address benefactor, uint256 addAmount, uint256 newTotalReserves)",
	"AccrueInterest(uint256 cashPrior, uint256 interestAccumulated, uint256 borrowIndex, uint256 totalBorrows)",
}
