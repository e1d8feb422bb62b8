// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.24;

/// A multi-signature account with the events, the reading functions and the
/// transaction hash of Safe v1.4.1. It executes calls for enough of its owners and
/// for its modules. Left out: delegate calls, refunds, guards, and signatures by
/// contracts.
contract Account {
    event SafeSetup(
        address indexed initiator, address[] owners, uint256 threshold, address initializer, address fallbackHandler
    );
    event ExecutionSuccess(bytes32 indexed txHash, uint256 payment);
    event ExecutionFromModuleSuccess(address indexed module);
    event AddedOwner(address indexed owner);
    event RemovedOwner(address indexed owner);
    event ChangedThreshold(uint256 threshold);
    event EnabledModule(address indexed module);
    event DisabledModule(address indexed module);

    string public constant VERSION = "1.4.1";
    address private constant SENTINEL = address(1);
    bytes32 private constant DOMAIN_TYPE = keccak256("EIP712Domain(uint256 chainId,address verifyingContract)");
    bytes32 private constant TRANSACTION_TYPE = keccak256(
        "SafeTx(address to,uint256 value,bytes data,uint8 operation,uint256 safeTxGas,uint256 baseGas,uint256 gasPrice,address gasToken,address refundReceiver,uint256 nonce)"
    );

    address[] private _owners;
    address[] private _modules;
    uint256 private _threshold;
    uint256 public nonce;

    constructor(address[] memory owners, uint256 threshold, address[] memory modules) {
        require(threshold > 0 && threshold <= owners.length, "Account: threshold");
        _owners = owners;
        _threshold = threshold;
        emit SafeSetup(msg.sender, owners, threshold, address(0), address(0));
        for (uint256 i = 0; i < modules.length; i++) {
            _modules.push(modules[i]);
            emit EnabledModule(modules[i]);
        }
    }

    modifier authorized() {
        require(msg.sender == address(this), "Account: itself only");
        _;
    }

    function getOwners() external view returns (address[] memory) {
        return _owners;
    }

    function getThreshold() external view returns (uint256) {
        return _threshold;
    }

    function isOwner(address account) public view returns (bool) {
        return _has(_owners, account);
    }

    function isModuleEnabled(address module) public view returns (bool) {
        return _has(_modules, module);
    }

    /// All modules at once, as the first and only page.
    function getModulesPaginated(address, uint256) external view returns (address[] memory, address) {
        return (_modules, SENTINEL);
    }

    function domainSeparator() public view returns (bytes32) {
        return keccak256(abi.encode(DOMAIN_TYPE, block.chainid, address(this)));
    }

    function getTransactionHash(
        address to,
        uint256 value,
        bytes calldata data,
        uint8 operation,
        uint256 safeTxGas,
        uint256 baseGas,
        uint256 gasPrice,
        address gasToken,
        address refundReceiver,
        uint256 nonce_
    ) public view returns (bytes32) {
        bytes memory head = abi.encode(TRANSACTION_TYPE, to, value, keccak256(data), operation, safeTxGas);
        bytes memory tail = abi.encode(baseGas, gasPrice, gasToken, refundReceiver, nonce_);
        bytes32 content = keccak256(bytes.concat(head, tail));
        return keccak256(abi.encodePacked(hex"1901", domainSeparator(), content));
    }

    /// Runs a call that owners have signed; signatures are of 65 bytes (r, s, v),
    /// in ascending order of their signers.
    function execTransaction(
        address to,
        uint256 value,
        bytes calldata data,
        uint8 operation,
        uint256 safeTxGas,
        uint256 baseGas,
        uint256 gasPrice,
        address gasToken,
        address payable refundReceiver,
        bytes calldata signatures
    ) external payable returns (bool) {
        require(operation == 0 && gasPrice == 0, "Account: plain calls only");
        bytes32 hash = getTransactionHash(
            to, value, data, operation, safeTxGas, baseGas, gasPrice, gasToken, refundReceiver, nonce++
        );
        _checkSignatures(hash, signatures);
        _call(to, value, data);
        emit ExecutionSuccess(hash, 0);
        return true;
    }

    function execTransactionFromModule(address to, uint256 value, bytes calldata data, uint8 operation)
        external
        returns (bool)
    {
        require(isModuleEnabled(msg.sender), "Account: not a module");
        require(operation == 0, "Account: plain calls only");
        _call(to, value, data);
        emit ExecutionFromModuleSuccess(msg.sender);
        return true;
    }

    function addOwnerWithThreshold(address owner, uint256 threshold) external authorized {
        require(!isOwner(owner), "Account: already an owner");
        _owners.push(owner);
        emit AddedOwner(owner);
        if (threshold != _threshold) changeThreshold(threshold);
    }

    function removeOwner(address, address owner, uint256 threshold) external authorized {
        _remove(_owners, owner);
        emit RemovedOwner(owner);
        if (threshold != _threshold) changeThreshold(threshold);
    }

    function changeThreshold(uint256 threshold) public authorized {
        require(threshold > 0 && threshold <= _owners.length, "Account: threshold");
        _threshold = threshold;
        emit ChangedThreshold(threshold);
    }

    function enableModule(address module) external authorized {
        require(!isModuleEnabled(module), "Account: already a module");
        _modules.push(module);
        emit EnabledModule(module);
    }

    function disableModule(address, address module) external authorized {
        _remove(_modules, module);
        emit DisabledModule(module);
    }

    function _checkSignatures(bytes32 hash, bytes calldata signatures) private view {
        require(signatures.length >= 65 * _threshold, "Account: too few signatures");
        address last = address(0);
        for (uint256 i = 0; i < _threshold; i++) {
            bytes calldata signature = signatures[65 * i:65 * (i + 1)];
            address signer =
                ecrecover(hash, uint8(signature[64]), bytes32(signature[:32]), bytes32(signature[32:64]));
            require(signer > last && isOwner(signer), "Account: signature");
            last = signer;
        }
    }

    /// A failed call fails the whole transaction, as in a Safe without safeTxGas.
    function _call(address to, uint256 value, bytes calldata data) private {
        (bool ok, bytes memory answer) = to.call{value: value}(data);
        if (!ok) {
            assembly {
                revert(add(answer, 32), mload(answer))
            }
        }
    }

    function _has(address[] storage list, address item) private view returns (bool) {
        for (uint256 i = 0; i < list.length; i++) {
            if (list[i] == item) return true;
        }
        return false;
    }

    function _remove(address[] storage list, address item) private {
        for (uint256 i = 0; i < list.length; i++) {
            if (list[i] == item) {
                list[i] = list[list.length - 1];
                list.pop();
                return;
            }
        }
        revert("Account: not there");
    }

    receive() external payable {}
}
