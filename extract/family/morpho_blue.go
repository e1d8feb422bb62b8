package family

// Morpho Blue, the lending market beneath Morpho's vaults, from morpho-org/morpho-blue.

var morphoBlue = Family{
	Name: "morpho_blue", Label: "morpho blue", Events: [][]string{morphoBlueEvents}, Market: "Morpho Blue",
	Items: ItemIDs,
	Positions: []PositionRead{
		position(KindAddress, "idToMarketParams(bytes32)", ByItem).named("loanToken").lasting(),
		position(KindAddress, "idToMarketParams(bytes32)", ByItem).named("collateralToken").word(1).lasting(),
		position(KindIntegers, "market(bytes32)", ByItem),
		position(KindIntegers, "position(bytes32,address)", ByItem, ByAccount),
	},
}

// morphoBlueEvents are those of Morpho Blue. onBehalf is whose position it is.
var morphoBlueEvents = []string{
	"SetOwner(address indexed newOwner)",
	"SetFee(bytes32 indexed id, uint256 newFee)",
	"SetFeeRecipient(address indexed newFeeRecipient)",
	"EnableIrm(address indexed irm)",
	"EnableLltv(uint256 lltv)",
	"CreateMarket(bytes32 indexed id, (address,address,address,address,uint256) marketParams)",
	"Supply(bytes32 indexed id, address indexed caller, address indexed onBehalf, uint256 assets, uint256 shares)",
	"Withdraw(bytes32 indexed id, address caller, address indexed onBehalf, address indexed receiver, uint256 assets, uint256 shares)",
	"Borrow(bytes32 indexed id, address caller, address indexed onBehalf, address indexed receiver, uint256 assets, uint256 shares)",
	"Repay(bytes32 indexed id, address indexed caller, address indexed onBehalf, uint256 assets, uint256 shares)",
	"SupplyCollateral(bytes32 indexed id, address indexed caller, address indexed onBehalf, uint256 assets)",
	"WithdrawCollateral(bytes32 indexed id, address caller, address indexed onBehalf, address indexed receiver, uint256 assets)",
	"Liquidate(bytes32 indexed id, address indexed caller, address indexed borrower, uint256 repaidAssets, uint256 repaidShares, uint256 seizedAssets, uint256 badDebtAssets, uint256 badDebtShares)",
	"FlashLoan(address indexed caller, address indexed token, uint256 assets)",
	"SetAuthorization(address indexed caller, address indexed authorizer, address indexed authorized, bool newIsAuthorized)",
	"IncrementNonce(address indexed caller, address indexed authorizer, uint256 usedNonce)",
	"AccrueInterest(bytes32 indexed id, uint256 prevBorrowRate, uint256 interest, uint256 feeShares)",
}
