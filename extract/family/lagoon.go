package family

// Lagoon's vaults settle requests by epochs. The events are those of
// hopperlabsxyz/lagoon-v0, Events.sol of v0.5.0 and v0.6.0; its registry and proxy
// admin are in lagoon_control.go. A vault may be upgraded, so that one history holds
// all of them, both RatesUpdated included.

var lagoon = Family{
	Name: "lagoon", Label: "Lagoon", IsVault: true,
	Events: [][]string{erc20Events, erc4626Events, erc7540Events, vaultEvents, lagoonEvents, lagoonV5Events, lagoonV6Events, lagoonInheritedEvents},

	Standard: erc7540Standard, IsSynchronous: No, LogPrices: BySettlements, Flows: "settlements", TellsEveryMint: true,
	Virtual: &Virtual{Assets: 1, Shares: 1, HasDecimalsOffset: true}, KeepsAssetsElsewhere: true,
	ShareDecimals: lagoonShareDecimals,

	Price: totals,
	Daily: join(
		reads(KindIntegers, OnVault, "feeRates"), reads(KindAddresses, OnVault, "getRolesStorage"),
		addresses("owner"), integers("paused"),
	),
	Once:           named(reads(KindText, OnVault, "version")),
	Answers:        []string{"getRolesStorage", "feeRates", "asset"},
	Version:        "version",
	Asset:          "asset",
	IsSupplyInLogs: true,
	Roles: RoleList{
		Function: "getRolesStorage", Names: []string{"whitelist manager", "fee receiver", SafeRole, "fee registry", "valuation manager", "security council", "super operator"},
		Receivers: []string{"fee receiver"}, Families: map[string]string{"fee registry": lagoonRegistry.Name},
	},
	ProxyAdmin:  lagoonProxy.Name,
	Settlements: []string{"SettleDeposit(uint40,uint40,uint256,uint256,uint256,uint256)", "SettleRedeem(uint40,uint40,uint256,uint256,uint256,uint256)"},
	OtherValuations: []string{
		"TotalAssetsUpdated(uint256)", "DepositSync(address,address,uint256,uint256)",
		"WithdrawSync(address,address,address,uint256,uint256)", "Withdraw(address,address,address,uint256,uint256)",
		"PreMint(address,address,uint256,uint256)",
	},
}

// lagoonShareDecimals: every version gives its share 18 decimals, or as many as the
// asset where that has more.
func lagoonShareDecimals(assetDecimals int) int { return max(18, assetDecimals) }

// lagoonEvents are those of v0.1 to v0.4, kept by all later versions.
var lagoonEvents = []string{
	"Referral(address indexed referral, address indexed owner, uint256 indexed requestId, uint256 assets)",
	"StateUpdated(uint8 state)",
	"SettleDeposit(uint40 indexed epochId, uint40 indexed settledId, uint256 totalAssets, uint256 totalSupply, uint256 assetsDeposited, uint256 sharesMinted)",
	"SettleRedeem(uint40 indexed epochId, uint40 indexed settledId, uint256 totalAssets, uint256 totalSupply, uint256 assetsWithdrawed, uint256 sharesBurned)",
	"WhitelistUpdated(address indexed account, bool authorized)",
	"WhitelistDisabled()",
	"WhitelistManagerUpdated(address oldManager, address newManager)",
	"FeeReceiverUpdated(address oldReceiver, address newReceiver)",
	"ValuationManagerUpdated(address oldManager, address newManager)",
	"RatesUpdated((uint16,uint16) oldRates, (uint16,uint16) newRate, uint256 timestamp)",
	"HighWaterMarkUpdated(uint256 oldHighWaterMark, uint256 newHighWaterMark)",
	"TotalAssetsUpdated(uint256 totalAssets)",
	"NewTotalAssetsUpdated(uint256 totalAssets)",
	"DepositRequestCanceled(uint256 indexed requestId, address indexed controller)",
}

// lagoonV5Events are new in v0.5.0.
var lagoonV5Events = []string{
	"TotalAssetsLifespanUpdated(uint128 oldLifespan, uint128 newLifespan)",
	"DepositSync(address indexed sender, address indexed owner, uint256 assets, uint256 shares)",
}

// lagoonV6Events are new in v0.6.0. A rate there has five parts: management,
// performance, entry, exit and haircut.
var lagoonV6Events = []string{
	"BlacklistUpdated(address indexed account, bool blacklisted)",
	"ExternalSanctionsListUpdated(address oldExternalSanctionList, address newExternalSanctionList)",
	"SafeUpdated(address oldSafe, address newSafe)",
	"SecurityCouncilUpdated(address oldSecurityCouncil, address newSecurityCouncil)",
	"SuperOperatorUpdated(address oldSuperOperator, address newSuperOperator)",
	"RatesUpdated((uint16,uint16,uint16,uint16,uint16) oldRates, (uint16,uint16,uint16,uint16,uint16) newRate, uint256 timestamp)",
	"FeeTaken(uint8 indexed feeType, uint256 shares, uint16 rate, uint40 contextId, uint256 managerShares, uint256 protocolShares)",
	"HaircutTaken(address indexed owner, uint256 shares, uint16 rate)",
	"RedeemRequestCanceled(uint256 indexed requestId, address indexed controller, uint256 requestedAmount)",
	"TotalAssetsExpirationUpdated(uint128 oldExpiration, uint128 newExpiration)",
	"PreMint(address indexed sender, address indexed receiver, uint256 assets, uint256 shares)",
	"AccessModeUpdated(uint8 newMode)",
	"MaxCapUpdated(uint256 previousMaxCap, uint256 maxCap)",
	"WithdrawSync(address indexed sender, address indexed receiver, address indexed owner, uint256 assets, uint256 shares)",
	"AsyncOnlyActivated()",
	"GuardrailsUpdated((uint256,int256) oldGuardrails, (uint256,int256) newGuardrails)",
	"GuardrailsStatusUpdated(bool activated)",
	"NameUpdated(string previousName, string newName)",
	"SymbolUpdated(string previousSymbol, string newSymbol)",
	"SyncModeUpdated(uint8 oldMode, uint8 newMode)",
	"SafeLocked(address account)",
	"SuperOperatorLocked(address account)",
}

// lagoonInheritedEvents are those of ERC-7575; the others it inherits are
// vaultEvents.
var lagoonInheritedEvents = []string{
	"VaultUpdate(address indexed asset, address vault)",
}
