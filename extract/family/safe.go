package family

// Safe, from safe-global/safe-smart-account, and the Zodiac modules that act for a Safe,
// from gnosisguild.

var (
	safe = Family{
		Name: "safe", Label: "safe", Events: [][]string{safeEvents},
		Answers: []string{"getOwners", "getThreshold"},
	}
	zodiacRoles = Family{
		Name: "zodiac_roles", Label: "zodiac roles", Events: [][]string{zodiacRolesEvents, zodiacModuleEvents, ownableEvents, proxyEvents},
		Answers: []string{"avatar", "target", "defaultRoles"},
	}
	zodiacDelay = Family{
		Name: "zodiac_delay", Label: "zodiac delay", Events: [][]string{zodiacDelayEvents, zodiacModuleEvents, ownableEvents, proxyEvents},
		Answers: []string{"avatar", "target", "txCooldown", "queueNonce"},
	}
)

// safeEvents are those of 1.3.0 to 1.5.0. Versions differ in what is indexed,
// not in topic0: 1.3.0 has owner, module and hash in data.
var safeEvents = []string{
	"SafeSetup(address indexed initiator, address[] owners, uint256 threshold, address initializer, address fallbackHandler)",
	"ApproveHash(bytes32 indexed approvedHash, address indexed owner)",
	"SignMsg(bytes32 indexed msgHash)",
	"ExecutionFailure(bytes32 txHash, uint256 payment)",
	"ExecutionSuccess(bytes32 txHash, uint256 payment)",
	"AddedOwner(address owner)",
	"RemovedOwner(address owner)",
	"ChangedThreshold(uint256 threshold)",
	"EnabledModule(address module)",
	"DisabledModule(address module)",
	"ExecutionFromModuleSuccess(address indexed module)",
	"ExecutionFromModuleFailure(address indexed module)",
	"ChangedGuard(address guard)",
	"ChangedFallbackHandler(address handler)",
	"SafeMultiSigTransaction(address to, uint256 value, bytes data, uint8 operation, uint256 safeTxGas, uint256 baseGas, uint256 gasPrice, address gasToken, address payable, bytes signatures, bytes additionalInfo)",
	"SafeModuleTransaction(address module, address to, uint256 value, bytes data, uint8 operation)",
	"ExecutionFailure(bytes32 indexed txHash, uint256 payment)",
	"ExecutionSuccess(bytes32 indexed txHash, uint256 payment)",
	"AddedOwner(address indexed owner)",
	"RemovedOwner(address indexed owner)",
	"EnabledModule(address indexed module)",
	"DisabledModule(address indexed module)",
	"ChangedGuard(address indexed guard)",
	"ChangedFallbackHandler(address indexed handler)",
	"ChangedModuleGuard(address indexed moduleGuard)",
}

// zodiacRolesEvents are those of the Roles modifier, version 2.
var zodiacRolesEvents = []string{
	"AssignRoles(address module, bytes32[] roleKeys, bool[] memberOf)",
	"RolesModSetup(address indexed initiator, address indexed owner, address indexed avatar, address target)",
	"SetDefaultRole(address module, bytes32 defaultRoleKey)",
	"AllowTarget(bytes32 roleKey, address targetAddress, uint8 options)",
	"RevokeTarget(bytes32 roleKey, address targetAddress)",
	"ScopeTarget(bytes32 roleKey, address targetAddress)",
	"AllowFunction(bytes32 roleKey, address targetAddress, bytes4 selector, uint8 options)",
	"RevokeFunction(bytes32 roleKey, address targetAddress, bytes4 selector)",
	"ScopeFunction(bytes32 roleKey, address targetAddress, bytes4 selector, (uint8,uint8,uint8,bytes)[] conditions, uint8 options)",
	"SetAllowance(bytes32 allowanceKey, uint128 balance, uint128 maxRefill, uint128 refill, uint64 period, uint64 timestamp)",
	"ConsumeAllowance(bytes32 allowanceKey, uint128 consumed, uint128 newBalance)",
	"SetUnwrapAdapter(address to, bytes4 selector, address adapter)",
}

// zodiacDelayEvents are those of the Delay modifier.
var zodiacDelayEvents = []string{
	"DelaySetup(address indexed initiator, address indexed owner, address indexed avatar, address target)",
	"TxCooldownSet(uint256 cooldown)",
	"TxExpirationSet(uint256 expiration)",
	"TxNonceSet(uint256 nonce)",
	"TransactionAdded(uint256 indexed queueNonce, bytes32 indexed txHash, address to, uint256 value, bytes data, uint8 operation)",
}

// zodiacModuleEvents are shared by all of them, from zodiac-core.
var zodiacModuleEvents = []string{
	"AvatarSet(address indexed previousAvatar, address indexed newAvatar)",
	"TargetSet(address indexed previousTarget, address indexed newTarget)",
	"EnabledModule(address module)",
	"DisabledModule(address module)",
	"ExecutionFromModuleSuccess(address indexed module)",
	"ExecutionFromModuleFailure(address indexed module)",
	"HashExecuted(bytes32 hash)",
	"HashInvalidated(bytes32 hash)",
}
