package family

// Euler Earn, from euler-xyz/euler-earn.

var eulerEarn = Family{
	Name: "euler_earn", Label: "euler earn", IsVault: true,
	Events: [][]string{erc20Events, erc4626Events, vaultEvents, eulerEarnEvents},

	Standard: erc4626Standard, IsSynchronous: Yes, Flows: "events", OwnerArgument: "owner", TellsEveryMint: true, TellsWithdrawable: true,
	Virtual: &Virtual{Assets: 1_000_000, Shares: 1_000_000},
	Accrued: &Accrued{Rate: "fee", One: 1_000_000_000_000_000_000},

	Price:          join(totals, integers("lastTotalAssets", "fee")),
	Daily:          join(integers("timelock", "lostAssets"), addresses("feeRecipient", "owner", "curator", "guardian")),
	Once:           named(addresses("EVC")),
	Answers:        []string{"EVC", "supplyQueueLength", "asset"},
	Asset:          "asset",
	IsSupplyInLogs: true,
}

// eulerEarnEvents are those of Euler Earn, without its factory's and its public
// allocator's. A market is a strategy's address here.
var eulerEarnEvents = []string{
	"SetName(string name)",
	"SetSymbol(string symbol)",
	"SubmitTimelock(uint256 newTimelock)",
	"SetTimelock(address indexed caller, uint256 newTimelock)",
	"SetFee(address indexed caller, uint256 newFee)",
	"SetFeeRecipient(address indexed newFeeRecipient)",
	"SubmitGuardian(address indexed newGuardian)",
	"SetGuardian(address indexed caller, address indexed guardian)",
	"SubmitCap(address indexed caller, address indexed id, uint256 cap)",
	"SetCap(address indexed caller, address indexed id, uint256 cap)",
	"UpdateLastTotalAssets(uint256 updatedTotalAssets)",
	"UpdateLostAssets(uint256 newLostAssets)",
	"SubmitMarketRemoval(address indexed caller, address indexed id)",
	"SetCurator(address indexed newCurator)",
	"SetIsAllocator(address indexed allocator, bool isAllocator)",
	"RevokePendingTimelock(address indexed caller)",
	"RevokePendingCap(address indexed caller, address indexed id)",
	"RevokePendingGuardian(address indexed caller)",
	"RevokePendingMarketRemoval(address indexed caller, address indexed id)",
	"SetSupplyQueue(address indexed caller, address[] newSupplyQueue)",
	"SetWithdrawQueue(address indexed caller, address[] newWithdrawQueue)",
	"ReallocateSupply(address indexed caller, address indexed id, uint256 suppliedAssets, uint256 suppliedShares)",
	"ReallocateWithdraw(address indexed caller, address indexed id, uint256 withdrawnAssets, uint256 withdrawnShares)",
	"AccrueInterest(uint256 newTotalAssets, uint256 feeShares)",
}
