package family

// What stands around Morpho's vaults beside their adapters: allocators by which anybody
// may move a vault's assets within limits, from morpho-org/public-allocator and
// morpho-org/vault-v2, and gates that decide who may hold shares, from
// morpho-org/vault-v2.

var (
	publicAllocator = Family{Name: "public_allocator", Label: "public allocator", ServesMany: true, Events: [][]string{publicAllocatorEvents}}
	morphoAllocator = Family{Name: "morpho_allocator", Label: "morpho allocator", ServesMany: true, Events: [][]string{morphoAllocatorEvents}}
	morphoGate      = Family{Name: "morpho_gate", Label: "morpho gate", Events: [][]string{morphoGateEvents}}
)

// publicAllocatorEvents are those of the allocator of MetaMorpho's vaults; a flow cap is
// what may still flow into a market and out of it.
var publicAllocatorEvents = []string{
	"PublicWithdrawal(address indexed sender, address indexed vault, bytes32 indexed id, uint256 withdrawnAssets)",
	"PublicReallocateTo(address indexed sender, address indexed vault, bytes32 indexed supplyMarketId, uint256 suppliedAssets)",
	"SetAdmin(address indexed sender, address indexed vault, address admin)",
	"SetFee(address indexed sender, address indexed vault, uint256 fee)",
	"TransferFee(address indexed sender, address indexed vault, uint256 amount, address indexed feeRecipient)",
	"SetFlowCaps(address indexed sender, address indexed vault, (bytes32,(uint128,uint128))[] config)",
}

// morphoAllocatorEvents are those of BluePublicAllocator, for vaults of version 2.
var morphoAllocatorEvents = []string{
	"SetAbsoluteCap(address indexed sender, address indexed vault, address adapter, (address,address,address,address,uint256) marketParams, uint256 absoluteCap)",
	"SetCanPullFromMarket(address indexed sender, address indexed vault, address adapter, (address,address,address,address,uint256) marketParams, bool canPullFromMarket)",
	"SetCanPullFromIdle(address indexed sender, address indexed vault, bool canPullFromIdle)",
	"SetIsActiveAdapter(address indexed sender, address indexed vault, address indexed adapter, bool isActiveAdapter)",
	"SetPenalty(address indexed sender, address indexed vault, uint64 newPenalty)",
	"Reallocate(address sender, address indexed vault, address deallocateAdapter, bytes32 indexed deallocateId, address allocateAdapter, bytes32 indexed allocateId, uint128 assets, uint256 penaltyAssets)",
	"AllocateFromIdle(address indexed sender, address indexed vault, address adapter, bytes32 indexed allocateId, uint128 assets, uint256 penaltyAssets)",
}

// morphoGateEvents are those of the gates with a whitelist.
var morphoGateEvents = []string{
	"Constructor(address indexed roleSetter)",
	"SetRoleSetter(address indexed newRoleSetter)",
	"SetIsWhitelister(address indexed account, bool newIsWhitelister)",
	"SetIsWhitelisted(address indexed whitelister, address indexed account, bool newIsWhitelisted)",
	"SetIsIntermediary(address indexed whitelister, address indexed intermediary, bool newIsIntermediary)",
	"SetIsWhitelistedWithSig(address indexed whitelister, address indexed account, bool newIsWhitelisted)",
}
