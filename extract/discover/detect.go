package discover

import (
	"context"
	"fmt"
	"slices"

	"github.com/ethereum/go-ethereum/common"

	"github.com/vaultperf/vaultperf/extract/family"
	"github.com/vaultperf/vaultperf/extract/rpc"
	"github.com/vaultperf/vaultperf/extract/state"
)

// withArguments are the probed functions that take arguments. The values do not matter:
// the call only shows whether the function exists.
var withArguments = map[string][]byte{
	"convertToAssets":      append(state.Selector("convertToAssets(uint256)"), make([]byte, 32)...),
	"pendingRedeemRequest": append(state.Selector("pendingRedeemRequest(uint256,address)"), make([]byte, 64)...),
	"hasRole":              append(state.Selector("hasRole(bytes32,address)"), make([]byte, 64)...),
	"getModulesPaginated":  modulesCall(1),
	"defaultRoles":         append(state.Selector("defaultRoles(address)"), make([]byte, 32)...),
}

// nobodys is a function that no contract has. A contract that answers it answers
// anything, so that its other answers prove nothing.
const nobodys = "vaultperfProbe"

// probe asks a contract for many functions at once and returns what answered.
func probe(ctx context.Context, node rpc.Caller, at common.Address, names []string, block int64) (map[string][]byte, error) {
	calls := make([]rpc.Call, len(names))
	for i, name := range names {
		data, known := withArguments[name]
		if !known {
			data = state.Selector(name + "()")
		}
		calls[i] = state.EthCall(at, data, block)
	}
	results, err := node.Batch(ctx, calls)
	if err != nil {
		return nil, err
	}
	answered := map[string][]byte{}
	for i, r := range results {
		data, ok, err := state.AnswerOf(r)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", names[i], err)
		}
		if ok && len(data) >= 32 {
			answered[names[i]] = data
		}
	}
	return answered, nil
}

// governing finds the family of a contract with powers; the name is empty if it answers as
// none.
func governing(ctx context.Context, node rpc.Caller, at common.Address, block int64) (family.Family, error) {
	names := []string{nobodys}
	for _, f := range family.Governing() {
		names = append(names, f.Answers...)
	}
	slices.Sort(names)
	answered, err := probe(ctx, node, at, slices.Compact(names), block)
	if err != nil {
		return family.Family{}, fmt.Errorf("probe %s: %w", rpc.HexText(at[:]), err)
	}
	if _, any := answered[nobodys]; any {
		return family.Family{}, nil
	}
	for _, f := range family.Governing() {
		if f.Fits(answered) {
			return f, nil
		}
	}
	return family.Family{}, nil
}

// detect finds a contract's family by the functions that it answers at a block, and
// returns the answers. The name is empty if no family fits.
func detect(ctx context.Context, node rpc.Caller, at common.Address, block int64) (family.Family, map[string][]byte, error) {
	names := []string{nobodys, "name", "symbol", "decimals", "version", "apiVersion", "owner", "safe", "token", "lostAssets", "governance"}
	families := family.Detectable()
	for _, f := range families {
		names = append(append(names, f.Answers...), f.Silent...)
	}
	slices.Sort(names)
	answered, err := probe(ctx, node, at, slices.Compact(names), block)
	if err != nil {
		return family.Family{}, nil, fmt.Errorf("probe %s: %w", rpc.HexText(at[:]), err)
	}
	if _, any := answered[nobodys]; any {
		return family.Family{}, answered, nil
	}
	for _, f := range families {
		if f.Fits(answered) {
			return f, answered, nil
		}
	}
	return family.Family{}, answered, nil
}
