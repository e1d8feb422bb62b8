package state

import (
	"context"
	"fmt"

	"github.com/ethereum/go-ethereum/common"
	"github.com/ethereum/go-ethereum/common/hexutil"

	"github.com/vaultperf/vaultperf/extract/family"
	"github.com/vaultperf/vaultperf/extract/rpc"
	"github.com/vaultperf/vaultperf/extract/vault"
)

// otherContracts finds the contracts other than the vault that its family's reads call, by
// role: its asset, its Safe, and the accountant if its family has one. The config takes
// precedence over what the vault says at the block.
func otherContracts(ctx context.Context, node rpc.Caller, v vault.Vault, f family.Family, block int64) (map[string]common.Address, error) {
	found := map[string]common.Address{}
	for _, c := range v.Contracts {
		if c.Role == family.OnAsset || c.Role == family.OnAccountant {
			found[c.Role] = common.HexToAddress(c.Address)
		}
	}
	if v.Safe != "" {
		found[family.OnSafe] = common.HexToAddress(v.Safe)
	}
	at := common.HexToAddress(v.Address)
	if _, known := found[family.OnAsset]; !known && f.Asset != "" {
		asset, ok, err := AskAddress(ctx, node, at, f.Asset, block)
		if err != nil {
			return nil, err
		}
		if ok {
			found[family.OnAsset] = asset
		}
	}
	if _, known := found[family.OnAccountant]; !known && f.Accountant != nil {
		accountant, ok, err := AccountantOf(ctx, node, *f.Accountant, at, block)
		if err != nil {
			return nil, err
		}
		if ok {
			found[family.OnAccountant] = accountant
		}
	}
	return found, nil
}

// AccountantOf finds the accountant that posts a vault's rate. One that names another vault
// does not count.
func AccountantOf(ctx context.Context, node rpc.Caller, a family.Accountant, vault common.Address, block int64) (common.Address, bool, error) {
	at := vault
	for _, name := range a.Path {
		next, ok, err := AskAddress(ctx, node, at, name, block)
		if err != nil || !ok {
			return common.Address{}, false, err
		}
		at = next
	}
	of, ok, err := AskAddress(ctx, node, at, a.Vault, block)
	return at, ok && of == vault, err
}

// AskAddress calls a function that returns an address. It is not ok if the contract does
// not answer or returns the zero address.
func AskAddress(ctx context.Context, node rpc.Caller, at common.Address, name string, block int64) (common.Address, bool, error) {
	data, ok, err := AskOne(ctx, node, at, Selector(name+"()"), block)
	if err != nil || !ok {
		return common.Address{}, false, err
	}
	text, ok := AddressText(data)
	if !ok || IsZero(data[:32]) {
		return common.Address{}, false, nil
	}
	return common.HexToAddress(text), true, nil
}

// AskOne makes one call. It is not ok if the contract reverts or its answer is empty.
func AskOne(ctx context.Context, node rpc.Caller, at common.Address, data []byte, block int64) ([]byte, bool, error) {
	results, err := node.Batch(ctx, []rpc.Call{EthCall(at, data, block)})
	if err != nil {
		return nil, false, err
	}
	return AnswerOf(results[0])
}

// AnswerOf is the data that a call returned. It is not ok if the contract reverted or the
// answer is empty; an error is the node's.
func AnswerOf(r rpc.Result) ([]byte, bool, error) {
	if r.Err != nil {
		if isContracts(r.Err) {
			return nil, false, nil
		}
		return nil, false, fmt.Errorf("call a contract: %w", r.Err)
	}
	data, err := rpc.HexData(r.Value)
	return data, len(data) > 0, err
}

// EthCall calls a contract at a block.
func EthCall(at common.Address, data []byte, block int64) rpc.Call {
	return rpc.Call{Method: "eth_call", Params: []any{
		map[string]any{"to": at, "data": hexutil.Encode(data)}, rpc.HexNumber(block),
	}}
}
