package discover

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"

	"github.com/ethereum/go-ethereum/common"

	"github.com/vaultperf/vaultperf/extract/rpc"
)

// A foundLog is a log that a node gave.
type foundLog struct {
	Address common.Address `json:"address"`
	Topics  []common.Hash  `json:"topics"`
	Block   rpc.Quantity   `json:"blockNumber"`
	Removed bool           `json:"removed"`
}

func parseLogs(text json.RawMessage) ([]foundLog, error) {
	var logs []foundLog
	if err := json.Unmarshal(text, &logs); err != nil {
		return nil, fmt.Errorf("read logs: %w", err)
	}
	return slices.DeleteFunc(logs, func(l foundLog) bool { return l.Removed }), nil
}

// readUpgrades finds the upgrades of a proxy and of its beacon, which logs its own.
func readUpgrades(ctx context.Context, node rpc.Caller, at common.Address, p Proxy, from, to int64) ([]Upgrade, error) {
	addresses := []common.Address{at}
	if p.Beacon != "" {
		addresses = append(addresses, common.HexToAddress(p.Beacon))
	}
	logs, err := logsOf(ctx, node, addresses, []common.Hash{upgradedLog, beaconUpgradedLog}, from, to)
	if err != nil {
		return nil, err
	}
	var out []Upgrade
	for _, l := range logs {
		out = append(out, Upgrade{Block: int64(l.Block), Logs: rpc.HexText(l.Address[:]), To: rpc.HexText(l.Topics[1][12:])})
	}
	return out, nil
}

// logsOf asks for logs that have an indexed argument.
func logsOf(ctx context.Context, node rpc.Caller, addresses []common.Address, topics []common.Hash, from, to int64) ([]foundLog, error) {
	logs, err := askLogs(ctx, node, addresses, topics, from, to)
	return slices.DeleteFunc(logs, func(l foundLog) bool { return len(l.Topics) < 2 }), err
}

// askLogs asks for logs in a range of blocks, and for its halves if the node finds it too
// long.
func askLogs(ctx context.Context, node rpc.Caller, addresses []common.Address, topics []common.Hash, from, to int64) ([]foundLog, error) {
	results, err := node.Batch(ctx, []rpc.Call{{Method: "eth_getLogs", Params: []any{map[string]any{
		"fromBlock": rpc.HexNumber(from), "toBlock": rpc.HexNumber(to), "address": addresses,
		"topics": []any{topics},
	}}}})
	var failed *rpc.Error
	switch {
	case err == nil && results[0].Err != nil:
		failed = results[0].Err
	case err != nil && !errors.As(err, &failed):
		return nil, fmt.Errorf("read logs: %w", err)
	}
	if failed != nil {
		if from == to || failed.Class != rpc.SplitRange && failed.Class != rpc.Unknown {
			return nil, fmt.Errorf("read logs: %w", failed)
		}
		middle := from + (to-from)/2
		first, err := askLogs(ctx, node, addresses, topics, from, middle)
		if err != nil {
			return nil, err
		}
		second, err := askLogs(ctx, node, addresses, topics, middle+1, to)
		return append(first, second...), err
	}
	return parseLogs(results[0].Value)
}
