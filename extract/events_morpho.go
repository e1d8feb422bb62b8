package extract

// The events of Morpho's vaults and of the lending market beneath them, from
// the EventsLib.sol of morpho-org/metamorpho, metamorpho-v1.1, vault-v2 and
// morpho-blue.

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
