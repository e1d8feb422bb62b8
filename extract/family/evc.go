package family

// The Ethereum Vault Connector, from euler-xyz/ethereum-vault-connector.

// evc names sub-accounts in its topics, as evk does; its events show no deposit or debt of
// a vault.
var evc = Family{Name: "evc", Label: "evc", Events: [][]string{evcEvents}, NamesSubAccounts: true}

// evcEvents are those of the Ethereum Vault Connector. addressPrefix is what an
// owner's sub-accounts share.
var evcEvents = []string{
	"OwnerRegistered(bytes19 indexed addressPrefix, address indexed owner)",
	"OperatorStatus(bytes19 indexed addressPrefix, address indexed operator, uint256 accountOperatorAuthorized)",
	"CollateralStatus(address indexed account, address indexed collateral, bool enabled)",
	"ControllerStatus(address indexed account, address indexed controller, bool enabled)",
	"CallWithContext(address indexed caller, bytes19 indexed onBehalfOfAddressPrefix, address onBehalfOfAccount, address indexed targetContract, bytes4 selector)",
	"AccountStatusCheck(address indexed account, address indexed controller)",
	"VaultStatusCheck(address indexed vault)",
	"NonceStatus(bytes19 indexed addressPrefix, uint256 indexed nonceNamespace, uint256 oldNonce, uint256 newNonce)",
	"NonceUsed(bytes19 indexed addressPrefix, uint256 indexed nonceNamespace, uint256 nonce)",
	"PermitDisabledModeStatus(bytes19 indexed addressPrefix, bool enabled)",
	"LockdownModeStatus(bytes19 indexed addressPrefix, bool enabled)",
}
