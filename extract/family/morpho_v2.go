package family

// Morpho Vault V2, from morpho-org/vault-v2.

var morphoV2 = Family{
	Name: "morpho_v2", Label: "morpho v2", IsVault: true,
	Events: [][]string{erc20Events, erc4626Events, morphoV2Events},

	Standard: erc4626Standard, IsSynchronous: Yes, Flows: "events", Allocations: "adapter_changes", OwnerArgument: "owner", TellsEveryMint: true,
	Virtual: &Virtual{Assets: 1, Shares: 1, HasDecimalsOffset: true},
	Accrued: &Accrued{View: "accrueInterestView"},

	Price: join(totals, reads(KindIntegers, OnVault, "accrueInterestView")),
	Daily: join(
		integers("performanceFee", "managementFee", "maxRate"),
		addresses("performanceFeeRecipient", "managementFeeRecipient", "owner", "curator"),
	),
	Once:           named(integers("virtualShares")),
	Answers:        []string{"adaptersLength", "virtualShares", "asset"},
	Asset:          "asset",
	IsSupplyInLogs: true,
	Members: []MemberList{{
		Count: "adaptersLength", Item: "adapters", Event: "AddAdapter", Argument: "account",
		Role: OnAccount, Family: morphoAdapter.Name, Name: "adapter",
	}},
}

// morphoAdapter holds a vault's positions: in a market of Morpho Blue, or in a MetaMorpho.
var morphoAdapter = Family{
	Name: "morpho_adapter", Label: "morpho adapter", Events: [][]string{morphoAdapterEvents},
	Positions: []PositionRead{position(KindInteger, "realAssets()")},
}

// morphoAdapterEvents are those of MorphoMarketV1AdapterV2 and MorphoVaultV1Adapter.
var morphoAdapterEvents = []string{
	"Allocate(bytes32 indexed marketId, uint256 newAllocation, uint256 mintedShares)",
	"Deallocate(bytes32 indexed marketId, uint256 newAllocation, uint256 burnedShares)",
	"BurnShares(bytes32 indexed marketId, uint256 supplyShares)",
	"Submit(bytes4 indexed selector, bytes data, uint256 executableAt)",
	"Accept(bytes4 indexed selector, bytes data)",
	"Revoke(address indexed sender, bytes4 indexed selector, bytes data)",
	"Abdicate(bytes4 indexed selector)",
	"IncreaseTimelock(bytes4 indexed selector, uint256 newDuration)",
	"DecreaseTimelock(bytes4 indexed selector, uint256 newDuration)",
	"SetSkimRecipient(address indexed newSkimRecipient)",
	"Skim(address indexed token, uint256 assets)",
}

// morphoV2Events are those of Morpho Vault V2, without the Deposit and Withdraw
// of ERC-4626.
var morphoV2Events = []string{
	"AllowanceUpdatedByTransferFrom(address indexed owner, address indexed spender, uint256 shares)",
	"Permit(address indexed owner, address indexed spender, uint256 shares, uint256 nonce, uint256 deadline)",
	"Constructor(address indexed owner, address indexed asset)",
	"Allocate(address indexed sender, address indexed adapter, uint256 assets, bytes32[] ids, int256 change)",
	"Deallocate(address indexed sender, address indexed adapter, uint256 assets, bytes32[] ids, int256 change)",
	"ForceDeallocate(address indexed sender, address adapter, uint256 assets, address indexed onBehalf, bytes32[] ids, uint256 penaltyAssets)",
	"AccrueInterest(uint256 previousTotalAssets, uint256 newTotalAssets, uint256 performanceFeeShares, uint256 managementFeeShares)",
	"Revoke(address indexed sender, bytes4 indexed selector, bytes data)",
	"Submit(bytes4 indexed selector, bytes data, uint256 executableAt)",
	"Accept(bytes4 indexed selector, bytes data)",
	"SetOwner(address indexed newOwner)",
	"SetCurator(address indexed newCurator)",
	"SetIsSentinel(address indexed account, bool newIsSentinel)",
	"SetName(string newName)",
	"SetSymbol(string newSymbol)",
	"SetIsAllocator(address indexed account, bool newIsAllocator)",
	"SetReceiveSharesGate(address indexed newReceiveSharesGate)",
	"SetSendSharesGate(address indexed newSendSharesGate)",
	"SetReceiveAssetsGate(address indexed newReceiveAssetsGate)",
	"SetSendAssetsGate(address indexed newSendAssetsGate)",
	"SetAdapterRegistry(address indexed newAdapterRegistry)",
	"AddAdapter(address indexed account)",
	"RemoveAdapter(address indexed account)",
	"DecreaseTimelock(bytes4 indexed selector, uint256 newDuration)",
	"IncreaseTimelock(bytes4 indexed selector, uint256 newDuration)",
	"Abdicate(bytes4 indexed selector)",
	"SetLiquidityAdapterAndData(address indexed sender, address indexed newLiquidityAdapter, bytes indexed newLiquidityData)",
	"SetPerformanceFee(uint256 newPerformanceFee)",
	"SetPerformanceFeeRecipient(address indexed newPerformanceFeeRecipient)",
	"SetManagementFee(uint256 newManagementFee)",
	"SetManagementFeeRecipient(address indexed newManagementFeeRecipient)",
	"DecreaseAbsoluteCap(address indexed sender, bytes32 indexed id, bytes idData, uint256 newAbsoluteCap)",
	"IncreaseAbsoluteCap(bytes32 indexed id, bytes idData, uint256 newAbsoluteCap)",
	"DecreaseRelativeCap(address indexed sender, bytes32 indexed id, bytes idData, uint256 newRelativeCap)",
	"IncreaseRelativeCap(bytes32 indexed id, bytes idData, uint256 newRelativeCap)",
	"SetMaxRate(uint256 newMaxRate)",
	"SetForceDeallocatePenalty(address indexed adapter, uint256 forceDeallocatePenalty)",
}
