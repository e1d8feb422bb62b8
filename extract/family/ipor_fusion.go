package family

// IPOR Fusion's vaults (PlasmaVault), from IPOR-Labs/ipor-fusion@18e875cd, and the
// contracts around them. Code that the vault runs as its own, the fuses, moves its assets
// between markets and counts what it has there.

var (
	iporFusion = Family{
		Name: "ipor_fusion", Label: "IPOR Fusion", IsVault: true,
		Events: [][]string{erc20Events, erc4626Events, vaultEvents, iporFusionEvents, iporFusionOldEvents},

		// a vault may pay at once, or only what was asked for and released: its code has both
		Standard: erc4626Standard, Flows: "events", OwnerArgument: "owner",
		Virtual:       &Virtual{Assets: 1, Shares: 1, HasDecimalsOffset: true},
		ShareDecimals: func(assetDecimals int) int { return assetDecimals + 2 },

		Price: totals,
		Daily: join(
			integers("getTotalSupplyCap", "getUnrealizedManagementFee"),
			// each answers with the account first, then the rate
			addresses("getPerformanceFeeData", "getManagementFeeData", "authority", "getPriceOracleMiddleware", "getRewardsClaimManagerAddress"),
		),
		Once:           named(),
		Answers:        []string{"getPerformanceFeeData", "getManagementFeeData", "getAccessManagerAddress", "asset"},
		Asset:          "asset",
		IsSupplyInLogs: true,
		Around: []Neighbour{
			{Path: []string{"getAccessManagerAddress"}, Role: OnGovernor, Family: "ipor_access_manager", Name: "access manager"},
			{Path: []string{"getPerformanceFeeData", "FEE_MANAGER"}, Role: OnGovernor, Family: "ipor_fee_manager", Name: "fee manager"},
		},
	}
	iporAccessManager   = Family{Name: "ipor_access_manager", Label: "IPOR access manager", Events: [][]string{accessManagerEvents, iporAccessManagerEvents}}
	iporFeeManager      = Family{Name: "ipor_fee_manager", Label: "IPOR fee manager", Events: [][]string{accessManagedEvents, iporFeeManagerEvents}}
	iporWithdrawManager = Family{Name: "ipor_withdraw_manager", Label: "IPOR withdraw manager", Events: [][]string{accessManagedEvents, iporWithdrawManagerEvents}}
)

// iporFusionEvents are those of the vault and of the libraries that run as its own code.
// A performance fee is minted without an event; those of one on deposits go to the
// withdraw manager.
var iporFusionEvents = []string{
	"ManagementFeeRealized(uint256 unrealizedFeeInUnderlying, uint256 unrealizedFeeInShares)",
	"DepositFeeRealized(address recipient, uint256 feeShares)",
	"PerformanceFeeDataConfigured(address feeAccount, uint256 feeInPercentage)",
	"ManagementFeeDataConfigured(address feeAccount, uint256 feeInPercentage)",
	"ExecuteFinished(address executor, uint256 callsCount, uint256[] marketIds)",
	"MarketBalancesUpdated(uint256[] marketIds, int256 deltaInUnderlying)",
	"MarketSubstratesGranted(uint256 marketId, bytes32[] substrates)",
	"MarketLimitUpdated(uint256 marketId, uint256 newLimit)",
	"MarketsLimitsActivated()",
	"MarketsLimitsDeactivated()",
	"DependencyBalanceGraphChanged(uint256 marketId, uint256[] newDependenceGraph)",
	"FuseAdded(address fuse)",
	"FuseRemoved(address fuse)",
	"BalanceFuseAdded(uint256 marketId, address fuse)",
	"BalanceFuseRemoved(uint256 marketId, address fuse)",
	"InstantWithdrawalFusesConfigured((address,bytes32[])[] fuses)",
	"CallbackHandlerUpdated(address indexed handler, address indexed sender, bytes4 indexed sig)",
	"PriceOracleMiddlewareChanged(address newPriceOracleMiddleware)",
	"RewardsClaimManagerAddressChanged(address newRewardsClaimManagerAddress)",
	"WithdrawManagerChanged(address newWithdrawManager)",
	"TotalSupplyCapChanged(uint256 newTotalSupplyCap)",
}

// iporFusionOldEvents are those of the first vaults, of 2024.
var iporFusionOldEvents = []string{
	"PriceOracleChanged(address newPriceOracle)",
}

// iporAccessManagerEvents are what theirs adds to OpenZeppelin's AccessManager.
var iporAccessManagerEvents = []string{
	"IporFusionAccessManagerInitialized()",
	"RedemptionDelayForAccountUpdated(address account, uint256 redemptionDelay)",
	"MinimalExecutionDelayForRoleUpdated(uint64 roleId, uint256 delay)",
}

// iporFeeManagerEvents are those of the contract that sends fee shares on.
var iporFeeManagerEvents = []string{
	"HarvestManagementFee(address receiver, uint256 amount)",
	"HarvestPerformanceFee(address receiver, uint256 amount)",
	"PerformanceFeeUpdated(uint256 totalFee, address[] recipients, uint256[] fees)",
	"ManagementFeeUpdated(uint256 totalFee, address[] recipients, uint256[] fees)",
	"FeeAccountDeployed(address performanceFeeAccount, address managementFeeAccount)",
}

// iporWithdrawManagerEvents are those of the contract that keeps the requests. It gets
// the fee on them in shares, and no function of the vault names it.
var iporWithdrawManagerEvents = []string{
	"WithdrawRequestUpdated(address account, uint256 shares, uint32 endWithdrawWindow)",
	"ReleaseFundsUpdated(uint32 releaseTimestamp, uint128 sharesToRelease)",
	"WithdrawWindowLengthUpdated(uint256 withdrawWindowLength)",
	"RequestFeeUpdated(uint256 fee)",
	"WithdrawFeeUpdated(uint256 fee)",
	"PlasmaVaultAddressUpdated(address plasmaVaultAddress)",
	"UnallocatedWithdrawalValidated(address indexed caller, uint256 shares, uint256 sharesToRelease, uint256 availableUnallocatedShares, uint256 feeSharesToBurn)",
}
