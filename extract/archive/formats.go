package archive

import (
	"slices"
	"strings"
)

// Formats are the names an archive's format may have. All but auto and
// readings are layouts of event logs.
var Formats = []string{
	"auto", "cryo", "ethereum-etl", "bigquery", "aws", "hypersync",
	"rpc", "etherscan", "dune", "readings",
}

// A layout is the column names that one source of logs uses.
type layout struct {
	name string
	// required names must all be there; a|b means either
	required []string
}

// topicColumns are both ways to lay out topics: one list, or four columns.
const topicColumns = "topics|topic0"

var layouts = []layout{
	{"cryo", []string{"block_number", "log_index", "address", "topic0", "topic1", "topic2", "topic3", "data"}},
	{"ethereum-etl", []string{"block_number", "log_index", "transaction_hash", "address", "data", topicColumns}},
	{"bigquery", []string{"block_number", "log_index", "transaction_hash", "address", "data", "block_timestamp", topicColumns}},
	{"aws", []string{"block_number", "log_index", "transaction_hash", "address", "data", "block_timestamp", topicColumns}},
	{"hypersync", []string{"block_number", "log_index", "address", "topic0", "topic1", "topic2", "topic3", "data"}},
	{"rpc", []string{"blockNumber", "logIndex", "address", "data", topicColumns}},
	{"etherscan", []string{"blockNumber", "logIndex", "address", "data", "timeStamp", topicColumns}},
	{"dune", []string{"block_number", "index", "tx_hash", "contract_address", "topic0", "topic1", "topic2", "topic3", "data"}},
}

// leastLayout is what any file of logs has in addition to a block number, a log index
// and an address.
var leastLayout = layout{required: []string{"data", topicColumns, "transaction_hash|transactionHash|tx_hash"}}

// logColumns are the names by which the import knows the fields of a log.
var logColumns = []string{
	"chain_id", "block_number", "log_index", "block_hash", "block_timestamp",
	"transaction_hash", "transaction_index", "address", "topics", "topic0", "topic1", "topic2", "topic3",
	"data", "removed", "n_data_bytes",
}

// aliases are the names that sources use for logColumns. If a log has several of them,
// the first counts.
var aliases = map[string][]string{
	"chain_id":          {"chain_id", "chainId"},
	"block_number":      {"block_number", "blockNumber", "number"},
	"log_index":         {"log_index", "logIndex", "index"},
	"block_hash":        {"block_hash", "blockHash"},
	"block_timestamp":   {"block_timestamp", "blockTimestamp", "timeStamp", "block_time", "timestamp"},
	"transaction_hash":  {"transaction_hash", "transactionHash", "tx_hash"},
	"transaction_index": {"transaction_index", "transactionIndex", "tx_index"},
	"address":           {"address", "contract_address"},
	"topics":            {"topics"},
	"topic0":            {"topic0"},
	"topic1":            {"topic1"},
	"topic2":            {"topic2"},
	"topic3":            {"topic3"},
	"data":              {"data"},
	"removed":           {"removed"},
	"n_data_bytes":      {"n_data_bytes"},
}

// missing names the first required column that is not in columns, or is empty.
func (l layout) missing(columns []column) string {
	for _, want := range l.required {
		found := false
		for name := range strings.SplitSeq(want, "|") {
			found = found || has(columns, name)
		}
		if !found {
			return strings.ReplaceAll(want, "|", " or ")
		}
	}
	if has(columns, "topics") {
		return ""
	}
	for _, topic := range []string{"topic0", "topic1", "topic2", "topic3"} {
		if !has(columns, topic) {
			return topic
		}
	}
	return ""
}

func layoutOf(name string) layout {
	i := slices.IndexFunc(layouts, func(l layout) bool { return l.name == name })
	return layouts[i]
}

// guess names the layout of a file of logs, or is empty. The name only tells users where
// a file came from: all layouts are imported alike.
func guess(s source) string {
	name := ""
	switch {
	case s.has("blockNumber"):
		name = "rpc"
		if s.has("timeStamp") {
			name = "etherscan"
		}
	case s.has("contract_address") && s.has("index"):
		name = "dune"
	case s.has("n_data_bytes"), s.typeOf("topic0") == "BLOB" && s.typeOf("block_number") == "UINTEGER":
		name = "cryo"
	case s.has("block_number") && s.container == inParquet:
		name = guessParquet(s)
	case s.has("block_number"):
		name = guessText(s)
	}
	if name == "" || layoutOf(name).missing(s.columns) != "" {
		return ""
	}
	return name
}

func guessParquet(s source) string {
	switch {
	case !s.has("block_timestamp") && s.has("topic0"):
		return "hypersync"
	case !s.has("block_timestamp"):
		return "ethereum-etl"
	case s.typeOf("block_timestamp") == "TIMESTAMP WITH TIME ZONE" || s.has("removed"):
		return "bigquery"
	default:
		return "aws"
	}
}

// guessText tells BigQuery's exports from ethereum-etl's: JSON integers are
// strings and times end in UTC.
func guessText(s source) string {
	if s.has("block_timestamp") && !s.has("item_id") &&
		(strings.HasSuffix(s.first["block_timestamp"], "UTC") || s.has("removed")) {
		return "bigquery"
	}
	return "ethereum-etl"
}

// refusal says why a file that is neither logs nor readings cannot be used.
func refusal(s source) (want, got string) {
	decoded := slices.ContainsFunc(s.columns, func(c column) bool { return strings.HasPrefix(c.name, "event__") })
	hasKey := s.column("block_number") != "" && s.column("log_index") != "" && s.column("address") != ""
	switch {
	case decoded:
		return "raw logs", "decoded cryo file: the raw topics and data are missing"
	case s.has("token_address") && s.has("value"), s.has("from_address") && s.has("to_address") && s.has("value"):
		return "raw logs", "token transfers: they are not logs, and some lakes keep their values as floats"
	case hasKey && !s.has("topics") && !s.has("topic0"):
		return "raw logs", "decoded events: the raw topics and data are missing"
	case s.container == inParquet && !s.has("block_number") && s.blobs() > 0:
		return "raw logs", "decoded hypersync logs: block number and log index are missing, use logs.parquet"
	}
	if missing := leastLayout.missing(s.columns); hasKey && missing != "" {
		return "raw logs with a column " + missing, "columns " + s.names()
	}
	return "logs in one of the known layouts, or readings", "columns " + s.names()
}
