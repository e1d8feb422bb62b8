package prove

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"

	"github.com/ethereum/go-ethereum/common"
	"github.com/ethereum/go-ethereum/common/hexutil"
	"github.com/ethereum/go-ethereum/core/types"
	"github.com/ethereum/go-ethereum/trie"

	"github.com/vaultperf/vaultperf/extract/rpc"
)

// A blockLog is a log as a block's receipts have it. Its index is counted, not
// taken from the node.
type blockLog struct {
	index   int64
	address common.Address
	topics  []common.Hash
	data    []byte
}

// A receipt has the fields that the receipts root is computed from.
type receipt struct {
	Type      rpc.Quantity  `json:"type"`
	Root      hexutil.Bytes `json:"root"` // before Byzantium, instead of a status
	Status    *rpc.Quantity `json:"status"`
	GasUsed   rpc.Quantity  `json:"cumulativeGasUsed"`
	Bloom     types.Bloom   `json:"logsBloom"`
	Logs      []receiptLog  `json:"logs"`
	Index     rpc.Quantity  `json:"transactionIndex"`
	BlockHash common.Hash   `json:"blockHash"`
}

type receiptLog struct {
	Address common.Address `json:"address"`
	Topics  []common.Hash  `json:"topics"`
	Data    hexutil.Bytes  `json:"data"`
}

// An unknownTypeError says that receipts are of a type specific to their chain, such as a
// rollup's deposits: the root cannot be computed, but the logs can be read.
type unknownTypeError struct {
	index int
	kind  uint64
}

func (e *unknownTypeError) Error() string {
	return fmt.Sprintf("the receipts' root cannot be recomputed, because receipt %d is of type %#x, which is not Ethereum's", e.index, e.kind)
}

// parseReceipts parses a block's receipts as eth_getBlockReceipts returns them, into their
// root and their logs. With an *unknownTypeError the logs are still valid.
func parseReceipts(text json.RawMessage) (root common.Hash, logs []blockLog, err error) {
	var list []receipt
	if err := json.Unmarshal(text, &list); err != nil {
		return root, nil, err
	}
	receipts := make(types.Receipts, len(list))
	var unknown *unknownTypeError
	for i, r := range list {
		if int(r.Index) != i {
			return root, nil, fmt.Errorf("receipt %d is of transaction %d", i, r.Index)
		}
		if r.Type > types.SetCodeTxType && unknown == nil {
			unknown = &unknownTypeError{i, uint64(r.Type)}
		}
		consensus := &types.Receipt{
			Type: uint8(r.Type), PostState: r.Root, CumulativeGasUsed: uint64(r.GasUsed), Bloom: r.Bloom,
			Logs: make([]*types.Log, len(r.Logs)),
		}
		if r.Status != nil {
			consensus.Status, consensus.PostState = uint64(*r.Status), nil
		}
		for k, l := range r.Logs {
			consensus.Logs[k] = &types.Log{Address: l.Address, Topics: l.Topics, Data: l.Data}
			logs = append(logs, blockLog{int64(len(logs)), l.Address, l.Topics, l.Data})
		}
		receipts[i] = consensus
	}
	if unknown != nil {
		return root, logs, unknown
	}
	return types.DeriveSha(receipts, trie.NewStackTrie(nil)), logs, nil
}

func (l blockLog) equal(other blockLog) bool {
	if l.index != other.index || l.address != other.address || len(l.topics) != len(other.topics) || !bytes.Equal(l.data, other.data) {
		return false
	}
	for i, t := range l.topics {
		if t != other.topics[i] {
			return false
		}
	}
	return true
}

// fetchReceipts asks for the receipts of blocks, transaction by transaction if the node
// does not serve them by block.
func (v *verifier) fetchReceipts(ctx context.Context, numbers []int64, headers []rpc.Result) ([]rpc.Result, error) {
	if !v.oneByOne {
		calls := make([]rpc.Call, len(numbers))
		for i, n := range numbers {
			calls[i] = rpc.Call{Method: "eth_getBlockReceipts", Params: []any{rpc.HexNumber(n)}}
		}
		results, err := v.node.Batch(ctx, calls)
		if err != nil {
			return nil, fmt.Errorf("read receipts: %w", err)
		}
		for i := range results {
			refuseNull(&results[i])
		}
		if len(results) == 0 || results[0].Err == nil || !isNotServed(results[0].Err) {
			return results, nil
		}
		v.oneByOne = true
	}
	return v.receiptsOneByOne(ctx, headers)
}

// refuseNull makes an error of null, with which some nodes answer for what they have
// pruned.
func refuseNull(r *rpc.Result) {
	if r.Err == nil && string(bytes.TrimSpace(r.Value)) == "null" {
		r.Err = &rpc.Error{Class: rpc.StateMissing, Endpoint: r.Endpoint, Message: "it answers null"}
	}
}

func isNotServed(e *rpc.Error) bool {
	return e.Class == rpc.Refused || e.Code == -32601 || e.Code == -32004
}

// receiptsOneByOne asks for the receipt of each transaction that the blocks name.
func (v *verifier) receiptsOneByOne(ctx context.Context, headers []rpc.Result) ([]rpc.Result, error) {
	var calls []rpc.Call
	counts := make([]int, len(headers))
	for i, h := range headers {
		if h.Err != nil {
			continue
		}
		var block struct {
			Transactions []common.Hash `json:"transactions"`
		}
		if err := json.Unmarshal(h.Value, &block); err != nil {
			return nil, fmt.Errorf("read a block's transactions: %w", err)
		}
		counts[i] = len(block.Transactions)
		for _, hash := range block.Transactions {
			calls = append(calls, rpc.Call{Method: "eth_getTransactionReceipt", Params: []any{hash}})
		}
	}
	results, err := v.node.Batch(ctx, calls)
	if err != nil {
		return nil, fmt.Errorf("read receipts: %w", err)
	}
	out := make([]rpc.Result, len(headers))
	for i, n := range counts {
		list := make([]json.RawMessage, n)
		for k, r := range results[:n] {
			refuseNull(&r)
			if r.Err != nil {
				out[i].Err = r.Err
			}
			list[k] = r.Value
		}
		results = results[n:]
		if out[i].Err == nil {
			if out[i].Value, err = json.Marshal(list); err != nil {
				return nil, err
			}
		}
	}
	return out, nil
}
