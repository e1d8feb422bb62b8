package family

// MetaMorpho, Morpho's vaults of the first version, from the EventsLib.sol of
// morpho-org/metamorpho and metamorpho-v1.1.

var metaMorpho = Family{
	Name: "metamorpho", Label: "metamorpho", IsVault: true,
	Events: [][]string{erc20Events, erc4626Events, vaultEvents, metaMorphoEvents},

	Standard: erc4626Standard, IsSynchronous: Yes, Flows: "events", OwnerArgument: "owner", TellsEveryMint: true, TellsWithdrawable: true,
	Virtual: &Virtual{Assets: 1, Shares: 1, HasDecimalsOffset: true},
	Accrued: &Accrued{Rate: "fee", One: 1_000_000_000_000_000_000},

	Price:          join(totals, integers("lastTotalAssets", "fee")),
	Daily:          join(integers("timelock", "lostAssets"), addresses("feeRecipient", "owner", "curator", "guardian")),
	Once:           named(addresses("MORPHO")),
	Answers:        []string{"MORPHO", "supplyQueueLength", "asset"},
	VersionOf:      metaMorphoVersion,
	Asset:          "asset",
	IsSupplyInLogs: true,
}

// metaMorphoVersion: no function names the version, but only 1.1 counts lost assets.
func metaMorphoVersion(answered map[string][]byte) string {
	if _, ok := answered["lostAssets"]; ok {
		return "1.1"
	}
	return "1.0"
}

// metaMorphoEvents are those of MetaMorpho v1.0 without its factory's, and what
// v1.1 adds.
var metaMorphoEvents = []string{
	"SubmitTimelock(uint256 newTimelock)",
	"SetTimelock(address indexed caller, uint256 newTimelock)",
	"SetSkimRecipient(address indexed newSkimRecipient)",
	"SetFee(address indexed caller, uint256 newFee)",
	"SetFeeRecipient(address indexed newFeeRecipient)",
	"SubmitGuardian(address indexed newGuardian)",
	"SetGuardian(address indexed caller, address indexed guardian)",
	"SubmitCap(address indexed caller, bytes32 indexed id, uint256 cap)",
	"SetCap(address indexed caller, bytes32 indexed id, uint256 cap)",
	"UpdateLastTotalAssets(uint256 updatedTotalAssets)",
	"SubmitMarketRemoval(address indexed caller, bytes32 indexed id)",
	"SetCurator(address indexed newCurator)",
	"SetIsAllocator(address indexed allocator, bool isAllocator)",
	"RevokePendingTimelock(address indexed caller)",
	"RevokePendingCap(address indexed caller, bytes32 indexed id)",
	"RevokePendingGuardian(address indexed caller)",
	"RevokePendingMarketRemoval(address indexed caller, bytes32 indexed id)",
	"SetSupplyQueue(address indexed caller, bytes32[] newSupplyQueue)",
	"SetWithdrawQueue(address indexed caller, bytes32[] newWithdrawQueue)",
	"ReallocateSupply(address indexed caller, bytes32 indexed id, uint256 suppliedAssets, uint256 suppliedShares)",
	"ReallocateWithdraw(address indexed caller, bytes32 indexed id, uint256 withdrawnAssets, uint256 withdrawnShares)",
	"AccrueInterest(uint256 newTotalAssets, uint256 feeShares)",
	"Skim(address indexed caller, address indexed token, uint256 amount)",
	"SetName(string name)",
	"SetSymbol(string symbol)",
	"UpdateLostAssets(uint256 newLostAssets)",
}
