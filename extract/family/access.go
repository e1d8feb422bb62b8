package family

import "slices"

// Contracts that say who may do what, from OpenZeppelin Contracts v5.2.0; most vaults
// inherit some of their events.

var (
	access        = Family{Name: "access", Label: "access", Events: [][]string{vaultEvents}} // an owner, roles, a proxy, a proxy's admin, a beacon
	accessManager = Family{Name: "access_manager", Label: "access manager", Events: [][]string{accessManagerEvents}, Answers: []string{"minSetback", "expiration"}}
	timelock      = Family{Name: "timelock", Label: "timelock", Events: [][]string{timelockEvents, accessControlEvents}, Answers: []string{"getMinDelay"}}
)

// GivingEvents are the names of events of any family after which somebody else may have
// power over the contract that logged it.
var GivingEvents = []string{
	"AddedOwner", "AdminChanged", "AdminTransferred", "AssignRoles", "AuthorityUpdated", "AvatarSet", "BeaconUpgraded", "ChangedGuard", "ChangedModuleGuard",
	"EnabledModule", "GovSetGovernorAdmin", "OwnershipTransferred", "RoleGranted", "RoleSet", "SetCurator", "SetGuardian", "SetOwner", "SetUpgradeAdmin",
	"TargetSet", "UpdateAccountant", "UpdateEmergencyAdmin", "UpdateGovernance", "UpdateGuardian", "UpdateKeeper", "UpdateManagement", "UpdateRoleManager",
	"ValuationManagerUpdated", "WhitelistManagerUpdated",
}

// vaultEvents are what any vault may inherit: who owns it, who may do what,
// whether it is paused, and what code runs behind its proxy.
var vaultEvents = slices.Concat(ownableEvents, accessControlEvents, accessManagedEvents, pausableEvents, proxyEvents)

// ownableEvents are those of Ownable and Ownable2Step.
var ownableEvents = []string{
	"OwnershipTransferred(address indexed previousOwner, address indexed newOwner)",
	"OwnershipTransferStarted(address indexed previousOwner, address indexed newOwner)",
}

// accessControlEvents are those of AccessControl and its default admin rules.
var accessControlEvents = []string{
	"RoleAdminChanged(bytes32 indexed role, bytes32 indexed previousAdminRole, bytes32 indexed newAdminRole)",
	"RoleGranted(bytes32 indexed role, address indexed account, address indexed sender)",
	"RoleRevoked(bytes32 indexed role, address indexed account, address indexed sender)",
	"DefaultAdminTransferScheduled(address indexed newAdmin, uint48 acceptSchedule)",
	"DefaultAdminTransferCanceled()",
	"DefaultAdminDelayChangeScheduled(uint48 newDelay, uint48 effectSchedule)",
	"DefaultAdminDelayChangeCanceled()",
}

// pausableEvents are those of Pausable.
var pausableEvents = []string{
	"Paused(address account)",
	"Unpaused(address account)",
}

// proxyEvents are those of proxies and beacons (ERC-1967), and of what lies behind
// them; version 4 numbered initialisations in a byte.
var proxyEvents = []string{
	"Upgraded(address indexed implementation)",
	"AdminChanged(address previousAdmin, address newAdmin)",
	"BeaconUpgraded(address indexed beacon)",
	"Initialized(uint64 version)",
	"Initialized(uint8 version)",
}

// accessManagerEvents are those of AccessManager.
var accessManagerEvents = []string{
	"OperationScheduled(bytes32 indexed operationId, uint32 indexed nonce, uint48 schedule, address caller, address target, bytes data)",
	"OperationExecuted(bytes32 indexed operationId, uint32 indexed nonce)",
	"OperationCanceled(bytes32 indexed operationId, uint32 indexed nonce)",
	"RoleLabel(uint64 indexed roleId, string label)",
	"RoleGranted(uint64 indexed roleId, address indexed account, uint32 delay, uint48 since, bool newMember)",
	"RoleRevoked(uint64 indexed roleId, address indexed account)",
	"RoleAdminChanged(uint64 indexed roleId, uint64 indexed admin)",
	"RoleGuardianChanged(uint64 indexed roleId, uint64 indexed guardian)",
	"RoleGrantDelayChanged(uint64 indexed roleId, uint32 delay, uint48 since)",
	"TargetClosed(address indexed target, bool closed)",
	"TargetFunctionRoleUpdated(address indexed target, bytes4 selector, uint64 indexed roleId)",
	"TargetAdminDelayUpdated(address indexed target, uint32 delay, uint48 since)",
}

// accessManagedEvents are those of a contract that one manages.
var accessManagedEvents = []string{
	"AuthorityUpdated(address authority)",
}

// timelockEvents are those of TimelockController.
var timelockEvents = []string{
	"CallScheduled(bytes32 indexed id, uint256 indexed index, address target, uint256 value, bytes data, bytes32 predecessor, uint256 delay)",
	"CallExecuted(bytes32 indexed id, uint256 indexed index, address target, uint256 value, bytes data)",
	"CallSalt(bytes32 indexed id, bytes32 salt)",
	"Cancelled(bytes32 indexed id)",
	"MinDelayChange(uint256 oldDuration, uint256 newDuration)",
}
