package rpc

import (
	"testing"
)

// refusals are what providers have answered, word for word, each with where it
// was met. Most are of eth_getLogs.
var refusals = []struct {
	who     string
	method  string // empty: eth_getLogs
	status  int    // 0: 200
	code    int
	message string
	data    string
	class   Class
	hint    Hint
}{
	// too many blocks or results
	{who: "infura, ethers issue 4703", code: -32005, message: "query returned more than 10000 results. Try with this block range [0xBDE5F8, 0x102DBCC].", data: `{"from":"0xBDE5F8","limit":10000,"to":"0x102DBCC"}`, class: SplitRange, hint: Hint{From: 0xBDE5F8, To: 0x102DBCC}},
	{who: "infura 2026", code: -32602, message: "range 1000000 exceeds limit of 10000", class: SplitRange, hint: Hint{Blocks: 10000}},
	{who: "infura", code: -32005, message: "query timeout exceeded", class: SplitRange},
	{who: "alchemy, ethers issue 4703", code: -32602, message: "Log response size exceeded. You can make eth_getLogs requests with up to a 2K block range and no limit on the response size, or you can request any block range with a cap of 10K logs in the response. Based on your parameters and the response size limit, this block range should work: [0x0, 0xd043b8]", class: SplitRange, hint: Hint{From: 0, To: 0xd043b8, Blocks: 2000}},
	{who: "alchemy free", code: -32600, message: "You can make eth_getLogs requests with up to a 500 block range. Based on your parameters, this block range should work: [0x1be4213, 0x1be4406]", class: SplitRange, hint: Hint{From: 0x1be4213, To: 0x1be4406, Blocks: 500}},
	{who: "alchemy, upside down", code: -32600, message: "You can make eth_getLogs requests with up to a 500 block range. Based on your parameters, this block range should work: [0x1be4406, 0x1be4213]", class: SplitRange, hint: Hint{From: 0x1be4406, To: 0x1be4213, Blocks: 500}},
	{who: "quicknode", status: 413, code: -32614, message: "eth_getLogs is limited to a 10,000 range", class: SplitRange, hint: Hint{Blocks: 10000}},
	{who: "geth 1.17", code: -32602, message: "exceed maximum block range 5", class: SplitRange, hint: Hint{Blocks: 5}},
	{who: "geth", code: -32602, message: "invalid block range params", class: SplitRange},
	{who: "geth, older", code: -32000, message: "invalid block range params", class: SplitRange},
	{who: "geth", code: -32002, message: "request timed out", class: SplitRange},
	{who: "geth", code: -32003, message: "response too large", class: SplitRange},
	{who: "reth", code: -32602, message: "query exceeds max block range 5000", class: SplitRange, hint: Hint{Blocks: 5000}},
	{who: "reth issue 23810", code: -32602, message: "query exceeds max results 20000, retry with the range 25766988-25775072", class: SplitRange, hint: Hint{From: 25766988, To: 25775072}},
	{who: "jsonrpsee", code: -32008, message: "Response is too big", data: `"Exceeded max limit of 167772160"`, class: SplitRange},
	{who: "erigon 3.4", message: "query block range exceeds server limit, narrow your filter: 1000", class: SplitRange, hint: Hint{Blocks: 1000}},
	{who: "erigon 3.4", message: "query returns too many logs, narrow your filter: 20000", class: SplitRange},
	{who: "besu", code: -32005, message: "Requested range exceeds maximum RPC range limit", class: SplitRange},
	{who: "tenderly", code: -32602, message: "invalid params", data: `{"payload":"range 9009594 is bigger than range limit 2000"}`, class: SplitRange, hint: Hint{Blocks: 2000}},
	{who: "base", message: "block range too large", class: SplitRange},
	{who: "optimism", message: "Block range is too large", class: SplitRange},
	{who: "monad", message: "backend response too large", class: SplitRange},
	{who: "base", message: "no backend is currently healthy to serve traffic", class: SplitRange},
	{who: "arbitrum", code: -32000, message: "logs matched by query exceeds limit of 10000", class: SplitRange},
	{who: "ankr", code: -32600, message: "block range is too wide", class: SplitRange},
	{who: "ankr tac", message: "maximum [from, to] blocks distance: 10000", class: SplitRange, hint: Hint{Blocks: 10000}},
	{who: "cloudflare", message: "Max range: 800", class: SplitRange, hint: Hint{Blocks: 800}},
	{who: "thirdweb", message: "Maximum allowed number of requested blocks is 1000", class: SplitRange, hint: Hint{Blocks: 1000}},
	{who: "blockpi", message: "eth_getLogs is limited to 1024 block range", class: SplitRange, hint: Hint{Blocks: 1024}},
	{who: "1rpc", code: -32000, message: "eth_getLogs is limited to a 1000 blocks range", class: SplitRange, hint: Hint{Blocks: 1000}},
	{who: "1rpc", message: "response size should not greater than 10000000 bytes", class: SplitRange},
	{who: "chainstack", message: "Block range limit exceeded.", class: SplitRange},
	{who: "coinbase", message: "please limit the query to at most 1000 blocks", class: SplitRange, hint: Hint{Blocks: 1000}},
	{who: "publicnode", message: "exceed maximum block range: 50000", class: SplitRange, hint: Hint{Blocks: 50000}},
	{who: "merkle", message: "eth_getLogs range is too large, max is 10k blocks", class: SplitRange, hint: Hint{Blocks: 10000}},
	{who: "llamarpc", message: "query exceeds max results", class: SplitRange},
	{who: "altitude", message: "exceeded max allowed", class: SplitRange},
	{who: "erpc", message: "range threshold exceeded", class: SplitRange},
	{who: "drpc", message: "ranges over 10000 blocks are not supported on freetier", class: SplitRange, hint: Hint{Blocks: 10000}},
	{who: "avalanche", message: "requested too many blocks from 1 to 5000, maximum is set to 2048", class: SplitRange, hint: Hint{Blocks: 2048}},
	{who: "harmony", message: "query must be smaller than size 1024", class: SplitRange, hint: Hint{Blocks: 1024}},
	{who: "moonriver", message: "block range is too wide (maximum 1024)", class: SplitRange, hint: Hint{Blocks: 1024}},
	{who: "aurora", message: "up to a 2000 block range", class: SplitRange, hint: Hint{Blocks: 2000}},
	{who: "tron", message: "exceed max block range: 5000", class: SplitRange, hint: Hint{Blocks: 5000}},
	{who: "hyperliquid", message: "query exceeds max block range 50", class: SplitRange, hint: Hint{Blocks: 50}},
	{who: "swell", message: "block range greater than 1000 max", class: SplitRange, hint: Hint{Blocks: 1000}},
	{who: "somnia", message: "block range exceeds 1000", class: SplitRange, hint: Hint{Blocks: 1000}},
	{who: "morph", code: -32000, message: "block range is larger than max block range, block range = 5120, max block range = 5000", class: SplitRange, hint: Hint{Blocks: 5000}},
	{who: "a proxy", status: 413, message: "Request Entity Too Large", class: SplitRange},

	// too many addresses
	{who: "a provider", message: "please specify less number of address in the getLogs query", class: SplitAddress},
	{who: "a provider", message: "This query contains 5006 filters. The current limit is 5000.", class: SplitAddress},
	{who: "geth", code: -32602, message: "exceed max addresses or topics per search position", class: SplitAddress},

	// too many calls in a batch
	{who: "geth", code: -32600, message: "batch too large", class: SplitBatch},
	{who: "erigon issue 17245", code: -32000, message: "batch limit 100 exceeded (can increase by --rpc.batch.limit). Requested batch of size: 401", class: SplitBatch, hint: Hint{Blocks: 100}},
	{who: "besu", code: -32005, message: "Number of requests exceeds max batch size", class: SplitBatch},
	{who: "a provider", code: -32600, message: `Too many ["eth_getLogs"] methods in the batch`, class: SplitBatch},

	// too fast
	{who: "any", status: 429, message: "Too Many Requests", class: Wait},
	{who: "alchemy, inside a batch", code: 429, message: "Your app has exceeded its compute units per second capacity. If you have retries enabled, you can safely ignore this message.", class: Wait},
	{who: "infura", code: -32005, message: "daily request count exceeded, request rate limited", class: Wait},
	{who: "quicknode", code: -32007, message: "300/second request limit reached - reduce calls per second or upgrade your account at quicknode.com", class: Wait},
	{who: "drpc", code: 42903, message: "There are not enough CUPs left to cover the CU required for current request.", class: Wait},
	{who: "EIP-1474", method: "eth_call", code: -32005, message: "limit exceeded", class: Wait},

	// used up
	{who: "any", status: 402, message: "Payment Required", class: Quota},
	{who: "alchemy", status: 429, code: 429, message: "Monthly capacity limit exceeded. Visit https://dashboard.alchemyapi.io/settings/billing to upgrade your scaling policy for continued service.", class: Quota},

	// pruned
	{who: "geth", method: "eth_call", code: -32000, message: "missing trie node e583a447fd17ebc7a9df4ecd4e4084589b8088a54cd9803d46e4d5193dab2a93 (path ) <nil>", class: StateMissing},
	{who: "geth", method: "eth_getBalance", code: -32000, message: "missing trie node 7a8d16362e6dbe9cd83ec5c1b865f687e66aaa704eb7e2fdc823518a650174af (path ) state 0x7a8d16362e6dbe9cd83ec5c1b865f687e66aaa704eb7e2fdc823518a650174af is not available, not found", class: StateMissing},
	{who: "geth 1.17", method: "eth_call", code: -32000, message: "historical state 7a8d16362e6dbe9cd83ec5c1b865f687e66aaa704eb7e2fdc823518a650174af is not available", class: StateMissing},
	{who: "drpc arbitrum", method: "eth_call", message: "metadata is not found, 123456", class: StateMissing},
	{who: "alchemy arbitrum", method: "eth_call", message: "layer stale", class: StateMissing},
	{who: "nethermind", method: "eth_getBalance", code: -32002, message: "No state available for block 36600 (0x985a2c91d049da6d8f54533284bbc905ba8927c42aa1ddace1984e804a1933ff)", class: StateMissing},
	{who: "geth", code: 4444, message: "pruned history unavailable", class: StateMissing},
	{who: "a provider", code: -32043, message: "Requested data is not available", class: StateMissing},
	{who: "nodereal optimism", method: "eth_getBalance", code: -32801, message: "no historical RPC is available for this historical (pre-bedrock) execution request", class: StateMissing},
	{who: "anvil 1.7", method: "eth_getCode", code: -32602, message: "BlockOutOfRangeError: block height is 168 but requested was 2", class: StateMissing},
	{who: "reth", method: "eth_call", code: -32000, message: "no state found for block number 36600", class: StateMissing},
	{who: "reth pull request 4092", method: "eth_getStorageAt", code: -32603, message: "State at block #3 is pruned", class: StateMissing},
	{who: "openethereum issue 11594", method: "eth_getBalance", code: -32000, message: "This request is not supported because your node is running with state pruning. Run with --pruning=archive.", class: StateMissing},
	{who: "besu", method: "eth_call", code: -32000, message: "World state unavailable", class: StateMissing},
	{who: "erigon", method: "eth_call", code: -32000, message: "old data not available due to pruning", class: StateMissing},
	{who: "bor issue 322", method: "debug_traceBlockByNumber", code: -32000, message: "required historical state unavailable (reexec=128)", class: StateMissing},

	// not there yet
	{who: "anvil 1.7", method: "eth_getCode", code: -32602, message: "BlockOutOfRangeError: block height is 168 but requested was 169", class: NotYet},
	{who: "geth", method: "eth_call", code: -32000, message: "header not found", class: NotYet},
	{who: "any", code: -32000, message: "unknown block", class: NotYet},
	{who: "erpc", message: "upstream does not have the requested block yet", class: NotYet},
	{who: "geth", code: -39001, message: "finalized block not found", class: NotYet},
	{who: "geth", code: -39001, message: "safe block not found", class: NotYet},
	{who: "geth 1.17", code: -32602, message: "block range extends beyond current head block", class: NotYet},

	// passing
	{who: "any", status: 500, message: "Internal Server Error", class: Rotate},
	{who: "any", status: 502, message: "Bad Gateway", class: Rotate},
	{who: "any", status: 503, message: "Service Unavailable", class: Rotate},
	{who: "any", status: 504, message: "Gateway Timeout", method: "eth_call", class: Rotate},
	{who: "cloudflare", status: 520, message: "", class: Rotate},
	{who: "cloudflare", status: 525, message: "", class: Rotate},
	{who: "a provider", message: "empty reader set", class: Rotate},
	{who: "any", code: -32603, message: "Internal JSON-RPC error", class: Rotate},
	{who: "geth", method: "eth_call", code: -32000, message: "execution aborted (timeout = 5s)", class: Rotate},
	{who: "base", method: "eth_call", message: "no backend is currently healthy to serve traffic", class: Rotate},

	// not served
	{who: "any", code: -32601, message: "the method eth_getLogs does not exist/is not available", class: Refused},
	{who: "allnodes", code: -32701, message: "Please specify address in your request or, to remove restrictions, order a dedicated full node here: https://www.allnodes.com/eth/host", class: Refused},
	{who: "bsc public", code: -32005, message: "limit exceeded", class: Refused},
	{who: "infura", status: 401, code: -32002, message: "invalid project id", class: Refused},
	{who: "alchemy", status: 401, code: -32600, message: "Must be authenticated!", class: Refused},

	// the contract's answer
	{who: "geth", method: "eth_call", code: 3, message: "execution reverted", data: `"0x08c379a0"`, class: Revert},
	{who: "blockscout", method: "eth_call", code: 3, message: "execution reverted: 0x77209fe8", data: `"0x77209fe8"`, class: Revert},
	{who: "nethermind", method: "eth_call", code: -32015, message: "VM execution error", data: `"Reverted 0x"`, class: Revert},
	{who: "geth", method: "eth_call", code: -32000, message: "out of gas", class: Revert},
	{who: "besu", method: "eth_call", code: -32000, message: "Out of gas", class: Revert},
	{who: "geth", method: "eth_call", code: -32000, message: "invalid opcode: INVALID", class: Revert},

	// our fault
	{who: "geth", code: -32602, message: "invalid argument 0: hex string has length 39, want 40 for common.Address", class: Fatal},
	{who: "geth", status: 400, code: -32700, message: "parse error", class: Fatal},

	// never seen
	{who: "nobody", code: -32099, message: "the moon is full", class: Unknown},
	{who: "nobody", message: "", class: Unknown},
}

func TestClassify(t *testing.T) {
	for _, r := range refusals {
		t.Run(r.who+"/"+r.message, func(t *testing.T) {
			if r.method == "" {
				r.method = methodLogs
			}
			if r.status == 0 {
				r.status = 200
			}
			class, hint := Classify(r.method, r.status, r.code, r.message, []byte(r.data))
			if class != r.class || hint != r.hint {
				t.Errorf("got %s %+v, want %s %+v", class, hint, r.class, r.hint)
			}
		})
	}
}
