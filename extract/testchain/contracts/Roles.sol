// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.24;

interface IAuthority {
    function canCall(address user, address target, bytes4 selector) external view returns (bool);
}

/// What governs each of a Veda vault's contracts: an owner, and an authority that
/// says who else may call what. As solmate's Auth.
abstract contract Governed {
    event OwnershipTransferred(address indexed user, address indexed newOwner);
    event AuthorityUpdated(address indexed user, IAuthority indexed newAuthority);

    address public owner;
    IAuthority public authority;

    constructor(address owner_, IAuthority authority_) {
        owner = owner_;
        authority = authority_;
        emit OwnershipTransferred(msg.sender, owner_);
        emit AuthorityUpdated(msg.sender, authority_);
    }

    modifier permitted() {
        require(mayCall(msg.sender, msg.sig), "UNAUTHORIZED");
        _;
    }

    function mayCall(address user, bytes4 selector) internal view returns (bool) {
        if (address(authority) != address(0) && authority.canCall(user, address(this), selector)) {
            return true;
        }
        return user == owner;
    }

    function setAuthority(IAuthority next) external {
        require(mayCall(msg.sender, msg.sig), "UNAUTHORIZED");
        authority = next;
        emit AuthorityUpdated(msg.sender, next);
    }

    function transferOwnership(address next) external permitted {
        owner = next;
        emit OwnershipTransferred(msg.sender, next);
    }
}

/// solmate's RolesAuthority: roles of accounts, and which role may call which
/// function of which contract.
contract RolesAuthority is Governed, IAuthority {
    event UserRoleUpdated(address indexed user, uint8 indexed role, bool enabled);
    event PublicCapabilityUpdated(address indexed target, bytes4 indexed functionSig, bool enabled);
    event RoleCapabilityUpdated(uint8 indexed role, address indexed target, bytes4 indexed functionSig, bool enabled);

    mapping(address => bytes32) public getUserRoles;
    mapping(address => mapping(bytes4 => bool)) public isCapabilityPublic;
    mapping(address => mapping(bytes4 => bytes32)) public getRolesWithCapability;

    constructor(address owner_) Governed(owner_, IAuthority(address(0))) {}

    function canCall(address user, address target, bytes4 selector) external view returns (bool) {
        return isCapabilityPublic[target][selector]
            || getUserRoles[user] & getRolesWithCapability[target][selector] != 0;
    }

    function doesUserHaveRole(address user, uint8 role) external view returns (bool) {
        return uint256(getUserRoles[user]) >> role & 1 == 1;
    }

    function setPublicCapability(address target, bytes4 selector, bool enabled) external permitted {
        isCapabilityPublic[target][selector] = enabled;
        emit PublicCapabilityUpdated(target, selector, enabled);
    }

    function setRoleCapability(uint8 role, address target, bytes4 selector, bool enabled) external permitted {
        getRolesWithCapability[target][selector] = flip(getRolesWithCapability[target][selector], role, enabled);
        emit RoleCapabilityUpdated(role, target, selector, enabled);
    }

    function setUserRole(address user, uint8 role, bool enabled) external permitted {
        getUserRoles[user] = flip(getUserRoles[user], role, enabled);
        emit UserRoleUpdated(user, role, enabled);
    }

    function flip(bytes32 roles, uint8 role, bool enabled) private pure returns (bytes32) {
        bytes32 bit = bytes32(1 << role);
        return enabled ? roles | bit : roles & ~bit;
    }
}
