//go:build !race

package realvaults

import (
	"database/sql"
	"encoding/json"
	"fmt"
	"maps"
	"math/big"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	_ "github.com/duckdb/duckdb-go/v2" // writes the Parquet files
	"github.com/ethereum/go-ethereum"
	"github.com/ethereum/go-ethereum/core/types"
	"github.com/ethereum/go-ethereum/crypto"
)

// told are the tables that logs alone fill.
var told = []string{
	"share_prices", "returns", "performance", "flows", "daily_flows", "period_flows", "fees", "holders", "concentration", "investor_returns", "permissions", "redemptions",
}

// TestArchives plays a vault, exports the chain's logs in the layouts of those who archive
// them, and runs the command on the files. What can go wrong: a layout is read otherwise
// than the node's answers; a file ends early, and what is after it counts as known; a log
// is missing.
func TestArchives(t *testing.T) {
	forSeeds(t, func(t *testing.T, seed uint64) {
		w := newWorld(t, seed, "archives")
		p := newPlainPlay(newDeployer(w, w.users[0], plainCode(t)), "filed", 6, 0, 11)
		const days = 12
		playDays(w, days, p)
		c := newComparison("erc4626, archived")
		w.judgeFiles(c, p.vault, days-1, "Deposit(address,address,uint256,uint256)", "Deposit(address,address,uint256,uint256)", 3)
		c.conclude(t)
	})
}

// TestArchivesOfLagoon does the same with a vault whose requests wait: where a file ends,
// nobody knows whether they were settled the next day.
func TestArchivesOfLagoon(t *testing.T) {
	forSeeds(t, func(t *testing.T, seed uint64) {
		w := newWorld(t, seed, "archives of lagoon")
		p := newLagoonPlay(w, sharedCode(t, "lagoon"), false)
		const days = 20
		p.lastDay = days - 1
		playDays(w, days, p)
		c := newComparison("lagoon, archived")
		w.judgeFiles(c, p.vault, days-1, "RedeemRequest(address,address,uint256,address,uint256)", "SettleRedeem(uint40,uint40,uint256,uint256,uint256,uint256)", 1)
		c.conclude(t)
	})
}

// judgeFiles compares what files of the chain's logs give with what the node does: whole
// ones in so many layouts, or all to prove all, one whose last log is one of an event,
// and one that misses a log of another by which shares moved.
func (w *world) judgeFiles(c *comparison, vault *contract, lastDay int, last, missing string, layouts int) {
	t := w.t
	t.Helper()
	first := fmt.Sprintf("as_of = %q\n", date(lastDay))
	node := newFigures(t)
	vaults := w.discover(node, vault)
	node.run(first + w.nodeBlock(`verify = "L0"`) + vaults)
	logs := w.allLogs()

	texts := w.layouts(logs)
	for name, columns := range columnar {
		texts[name] = w.parquet(texts["bigquery"], columns)
	}
	names := slices.Sorted(maps.Keys(texts))
	w.dice.rng.Shuffle(len(names), func(i, j int) { names[i], names[j] = names[j], names[i] })
	if isProving() {
		layouts = len(names)
	}
	for _, name := range names[:layouts] {
		f := newFigures(t)
		f.run(first + f.archive(w, texts[name]) + vaults)
		for _, table := range told {
			c.exact("whole files", name+", "+table, f.table(table, ""), node.table(table, ""))
		}
	}

	places := w.placesOf(logs, vault, last)
	cut := logs[places[len(places)/2]].BlockNumber
	until := slices.IndexFunc(logs, func(l types.Log) bool { return l.BlockNumber > cut })
	early := newFigures(t)
	early.run(asOf(first, lastDay+40) + early.archive(w, w.layouts(logs[:until])["rpc answers"]) + vaults)
	c.exact("flows of files that end early", "flows", early.table("flows", ""), node.table("flows", fmt.Sprintf("where block_number <= %d", cut)))
	verdicts := map[string]string{}
	for _, r := range node.of("claims", vault) {
		verdicts[r.text("claim")] = r.text("verdict")
	}
	for _, r := range early.of("claims", vault) {
		to, _ := r.number("to_block")
		claim, verdict := r.text("claim"), r.text("verdict")
		c.note("claims of files that end early", verdict != "held" || uint64(to) <= cut, "%s: held up to block %v, though nothing is known after %d", claim, to, cut)
		c.note("claims of files that end early", verdict != "broken" || verdicts[claim] == "broken", "%s: broken, by the node %s: %s", claim, verdicts[claim], r.text("evidence"))
	}

	places = slices.DeleteFunc(w.placesOf(logs, vault, missing), func(i int) bool {
		return new(big.Int).SetBytes(logs[i].Data[len(logs[i].Data)-32:]).Sign() == 0 // dust that was worth no share
	})
	lost := places[len(places)/2]
	text := w.layouts(slices.Delete(slices.Clone(logs), lost, lost+1))["rpc answers"]
	mended := newFigures(t)
	mended.run(first + mended.archive(w, text) + w.nodeBlock(`verify = "L0"`) + vaults)
	for _, table := range told {
		c.exact("a file without a log, and the node", table, mended.table(table, ""), node.table(table, ""))
	}
	warned := mended.of("warnings", vault)
	c.note("a file without a log, and the node", slices.ContainsFunc(warned, func(r row) bool {
		return r.text("warning") == "archive_not_complete" && strings.Contains(r.text("message"), fmt.Sprintf("in block %d:", logs[lost].BlockNumber))
	}), "no warning speaks of block %d: %v", logs[lost].BlockNumber, warned)
	alone := newFigures(t)
	alone.run(first + alone.archive(w, text) + vaults)
	c.note("a missing log is told", alone.speaksOf(vault, "missing"), "no warning and no claim speaks of what is missing in block %d", logs[lost].BlockNumber)
}

// placesOf are the numbers of a contract's logs of an event.
func (w *world) placesOf(logs []types.Log, of *contract, event string) []int {
	w.t.Helper()
	var places []int
	for i, l := range logs {
		if l.Address == of.address && l.Topics[0] == crypto.Keccak256Hash([]byte(event)) {
			places = append(places, i)
		}
	}
	if len(places) == 0 {
		w.t.Fatalf("the story has no %s", event)
	}
	return places
}

// TestReorganisation runs the command, lets the chain forget its last blocks behind the
// final one, and runs it again: all is as if it had been the first run.
func TestReorganisation(t *testing.T) {
	forSeeds(t, func(t *testing.T, seed uint64) {
		w := newWorld(t, seed, "reorganisation")
		p := newPlainPlay(newDeployer(w, w.users[0], plainCode(t)), "forked", 6, 0, 11)
		const days = 12
		playDays(w, days, p)
		config := func(f *figures) string {
			return fmt.Sprintf("as_of = %q\n", date(days-1)) + w.nodeBlock("archive = true", `verify = "L3"`) + w.discover(f, p.vault)
		}
		again, fresh := newFigures(t), newFigures(t)
		again.run(config(again))
		before := again.table("flows", "")
		w.node.must(t, nil, "anvil_reorg", 20, []any{})
		again.run(config(again))
		fresh.run(config(fresh))
		c := newComparison("erc4626, reorganised")
		c.note("what is gone is forgotten", again.table("flows", "") != before, "all flows are still there")
		for _, table := range append(slices.Clone(told), "completeness", "warnings", "claims") {
			c.exact("a run after it", table, again.table(table, ""), fresh.table(table, ""))
		}
		c.conclude(t)
	})
}

// table is a mart as text.
func (f *figures) table(mart, where string) string {
	f.t.Helper()
	return f.call("sql", "--db", f.database, "--format", "csv", fmt.Sprintf("select * from marts.%s %s order by all", mart, where))
}

// archive writes a file of logs, and one of the blocks' times, and is the part of a config
// that names them.
func (f *figures) archive(w *world, text string) string {
	f.t.Helper()
	var times strings.Builder
	times.WriteString("number,timestamp\n")
	for block := range w.head + 1 {
		fmt.Fprintf(&times, "%d,%d\n", block, w.timeOf(block).Unix())
	}
	for name, content := range map[string]string{"logs": text, "times": times.String()} {
		if err := os.WriteFile(filepath.Join(f.dir, name), []byte(content), 0o600); err != nil {
			f.t.Fatal(err)
		}
	}
	return fmt.Sprintf("[[archive]]\npath = \"logs\"\nchain_id = %d\nblocks = \"times\"\ncomplete = true\n", chainID)
}

// columnar are what is selected of BigQuery's rows for a Parquet file of a layout.
var columnar = map[string]string{
	"cryo, parquet": `block_number::uinteger as block_number, transaction_index::uinteger as transaction_index, log_index::uinteger as log_index,
		unhex(transaction_hash[3:]) as transaction_hash, unhex(address[3:]) as address,
		unhex(topics[1][3:]) as topic0, unhex(topics[2][3:]) as topic1, unhex(topics[3][3:]) as topic2, unhex(topics[4][3:]) as topic3,
		unhex(data[3:]) as data, ((strlen(data) - 2) // 2)::uinteger as n_data_bytes, 31337::ubigint as chain_id`,
	"hypersync, parquet": `false as removed, log_index::ubigint as log_index, transaction_index::ubigint as transaction_index, transaction_hash, block_hash,
		block_number::ubigint as block_number, address, data, topics[1] as topic0, topics[2] as topic1, topics[3] as topic2, topics[4] as topic3`,
	"aws, parquet": `log_index, transaction_hash, transaction_index, address, data, topics, replace(block_timestamp, ' UTC', '')::timestamp as block_timestamp,
		block_number, block_hash, block_timestamp[:10] as date`,
}

// parquet is a file of what is selected of BigQuery's rows.
func (w *world) parquet(rows, columns string) string {
	w.t.Helper()
	dir := w.t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "rows"), []byte(rows), 0o600); err != nil {
		w.t.Fatal(err)
	}
	db, err := sql.Open("duckdb", "")
	if err != nil {
		w.t.Fatal(err)
	}
	defer func() { _ = db.Close() }()
	if _, err := db.ExecContext(w.t.Context(), fmt.Sprintf(`
		copy (select %s from read_json('%s', format = 'newline_delimited', columns = {
			log_index: 'bigint', transaction_hash: 'varchar', transaction_index: 'bigint', block_hash: 'varchar', block_number: 'bigint',
			address: 'varchar', data: 'varchar', topics: 'varchar[]', block_timestamp: 'varchar'
		})) to '%s' (format parquet)`, columns, filepath.Join(dir, "rows"), filepath.Join(dir, "file"))); err != nil {
		w.t.Fatal(err)
	}
	file, err := os.ReadFile(filepath.Join(dir, "file"))
	if err != nil {
		w.t.Fatal(err)
	}
	return string(file)
}

// allLogs are those of the whole chain.
func (w *world) allLogs() []types.Log {
	w.t.Helper()
	logs, err := w.node.eth.FilterLogs(w.t.Context(), ethereum.FilterQuery{FromBlock: num(0)})
	if err != nil {
		w.t.Fatal(err)
	}
	return logs
}

// layouts are texts of the same logs, as different programs write them.
func (w *world) layouts(logs []types.Log) map[string]string {
	w.t.Helper()
	write := func(v any) string {
		text, err := json.Marshal(v)
		if err != nil {
			w.t.Fatal(err)
		}
		return string(text)
	}
	lines := func(object func(types.Log) map[string]any) string {
		var all strings.Builder
		for _, l := range logs {
			all.WriteString(write(object(l)) + "\n")
		}
		return all.String()
	}
	rows := func(header string, row func(types.Log) []string) string {
		all := header + "\n"
		for _, l := range logs {
			all += strings.Join(row(l), ",") + "\n"
		}
		return all
	}
	topics := func(l types.Log) []string {
		four := make([]string, 4)
		for i, topic := range l.Topics {
			four[i] = topic.Hex()
		}
		return four
	}
	data := func(l types.Log) string { return fmt.Sprintf("0x%x", l.Data) }
	at := func(l types.Log) time.Time { return w.timeOf(l.BlockNumber) }
	var answers []map[string]any
	for part := range slices.Chunk(logs, 40) {
		answers = append(answers, map[string]any{"jsonrpc": "2.0", "id": len(answers), "result": part})
	}
	receipts := map[uint64]*map[string]any{}
	for _, l := range logs { // one of each block will do
		if receipts[l.BlockNumber] == nil {
			receipts[l.BlockNumber] = &map[string]any{"status": "0x1", "transactionHash": l.TxHash, "logs": []types.Log{}}
		}
		(*receipts[l.BlockNumber])["logs"] = append((*receipts[l.BlockNumber])["logs"].([]types.Log), l)
	}
	byBlock := make([]any, 0, len(receipts))
	for _, block := range slices.Sorted(maps.Keys(receipts)) {
		byBlock = append(byBlock, receipts[block])
	}
	snake := func(l types.Log) map[string]any {
		return map[string]any{
			"log_index": l.Index, "transaction_hash": l.TxHash, "transaction_index": l.TxIndex, "block_hash": l.BlockHash, "block_number": l.BlockNumber,
			"address": strings.ToLower(l.Address.Hex()), "data": data(l), "topics": l.Topics,
		}
	}
	key := func(l types.Log) []string {
		return []string{fmt.Sprint(l.Index), l.TxHash.Hex(), fmt.Sprint(l.TxIndex), l.BlockHash.Hex(), fmt.Sprint(l.BlockNumber), strings.ToLower(l.Address.Hex()), data(l)}
	}
	return map[string]string{
		"rpc answers":         write(answers),
		"rpc receipts":        write(byBlock),
		"ethereum-etl ndjson": lines(snake),
		"ethereum-etl csv": rows("log_index,transaction_hash,transaction_index,block_hash,block_number,address,data,topics", func(l types.Log) []string {
			return append(key(l), `"`+strings.TrimRight(strings.Join(topics(l), ","), ",")+`"`)
		}),
		"bigquery": lines(func(l types.Log) map[string]any {
			o := snake(l)
			o["block_timestamp"], o["removed"] = at(l).Format("2006-01-02 15:04:05")+" UTC", false
			return o
		}),
		"cryo": rows("block_number,transaction_index,log_index,transaction_hash,address,topic0,topic1,topic2,topic3,data,n_data_bytes,chain_id", func(l types.Log) []string {
			row := []string{fmt.Sprint(l.BlockNumber), fmt.Sprint(l.TxIndex), fmt.Sprint(l.Index), l.TxHash.Hex(), strings.ToLower(l.Address.Hex())}
			return append(append(row, topics(l)...), data(l), fmt.Sprint(len(l.Data)), fmt.Sprint(chainID))
		}),
		"dune": rows("block_time,block_number,block_hash,contract_address,topic0,topic1,topic2,topic3,data,tx_hash,index,tx_index", func(l types.Log) []string {
			row := []string{at(l).Format("2006-01-02 15:04:05.000") + " UTC", fmt.Sprint(l.BlockNumber), l.BlockHash.Hex(), strings.ToLower(l.Address.Hex())}
			return append(append(row, topics(l)...), data(l), l.TxHash.Hex(), fmt.Sprint(l.Index), fmt.Sprint(l.TxIndex))
		}),
		"etherscan": write(map[string]any{"status": "1", "message": "OK", "result": slices.Collect(func(yield func(map[string]any) bool) {
			for _, l := range logs {
				quantity := func(n uint64) string { return strings.Replace(fmt.Sprintf("0x%x", n), "0x0", "0x", 1) }
				if !yield(map[string]any{
					"address": strings.ToLower(l.Address.Hex()), "topics": l.Topics, "data": data(l), "blockNumber": quantity(l.BlockNumber), "blockHash": l.BlockHash,
					"timeStamp": fmt.Sprintf("0x%x", at(l).Unix()), "gasPrice": "0x", "gasUsed": "0x2f228", "logIndex": quantity(uint64(l.Index)),
					"transactionHash": l.TxHash, "transactionIndex": quantity(uint64(l.TxIndex)),
				}) {
					return
				}
			}
		})}),
	}
}
