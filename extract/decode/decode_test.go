package decode

import (
	"bufio"
	"context"
	"database/sql"
	"encoding/csv"
	"encoding/json"
	"fmt"
	"os"
	"strconv"
	"strings"
	"testing"

	"github.com/ethereum/go-ethereum/common"
	"github.com/ethereum/go-ethereum/crypto"

	"github.com/vaultperf/vaultperf/extract/store"
	"github.com/vaultperf/vaultperf/extract/vault"
	models "github.com/vaultperf/vaultperf/sql"
	"github.com/vaultperf/vaultperf/sql/sqltest"
)

// A testLog is a log as typed into a test.
type testLog struct {
	chain, block, index int64
	address             string
	topics              []string // hex, padded on the left
	data                string   // words of hex, padded on the left; or raw and hex
}

// words joins hex words, each padded on the left to 32 bytes.
func words(text string) []byte {
	var b []byte
	for _, word := range strings.Fields(text) {
		b = append(b, common.LeftPadBytes(common.FromHex(word), 32)...)
	}
	return b
}

func topic(signature string) string { return crypto.Keccak256Hash([]byte(signature)).Hex() }

func addLogs(t testing.TB, conn *sql.Conn, logs ...testLog) {
	t.Helper()
	err := models.Append(context.Background(), conn, "raw", "logs", func(add func(values ...any) error) error {
		for _, l := range logs {
			var topics [4]any
			for i, hex := range l.topics {
				if hex != "" {
					topics[i] = words(hex)
				}
			}
			data := words(l.data)
			if raw, isRaw := strings.CutPrefix(l.data, "raw "); isRaw {
				data = common.FromHex(raw)
			}
			if data == nil {
				data = []byte{}
			}
			err := add(l.chain, l.block, l.index, nil, nil, common.FromHex("0xabcd"), nil, common.FromHex(l.address), topics[0], topics[1], topics[2], topics[3], data, int32(1))
			if err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

// addVaults writes raw.vaults and raw.contracts anew, as extract.Run does.
func addVaults(t testing.TB, conn *sql.Conn, vaults ...vault.Vault) {
	t.Helper()
	if err := vault.Write(t.Context(), conn, vaults); err != nil {
		t.Fatal(err)
	}
}

// decodeInto decodes within a transaction.
func decodeInto(t testing.TB, conn *sql.Conn, vaults ...vault.Vault) {
	t.Helper()
	addVaults(t, conn, vaults...)
	sqltest.Exec(t, conn, "begin")
	if err := Logs(context.Background(), conn, vaults); err != nil {
		t.Fatal(err)
	}
	sqltest.Exec(t, conn, "commit")
}

const (
	eventsQuery    = "select chain_id, block_number, log_index, transaction_hash, address, event, signature, arguments::varchar from raw.events order by all"
	undecodedQuery = "select chain_id, block_number, log_index, reason, detail from raw.undecoded order by all"
)

func TestDecodeArguments(t *testing.T) {
	const maximum = "0xffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff"
	transfer := topic("Transfer(address,address,uint256)")
	tests := []struct {
		name, family string
		topics       []string
		data         string
		want         string // the event and its arguments, or the reason and its detail
	}{
		{"largest integer", "erc4626", []string{transfer, "0x0", alusd}, maximum, `Transfer {"from":"0x0000000000000000000000000000000000000000","to":"` + alusd + `","value":"115792089237316195423570985008687907853269984665640564039457584007913129639935"}`},
		{"words beyond the last", "erc4626", []string{transfer, "0x1", "0x2"}, "0x3 0x4", `Transfer {"from":"0x0000000000000000000000000000000000000001","to":"0x0000000000000000000000000000000000000002","value":"3"}`},
		{"boolean", "erc7540", []string{topic("OperatorSet(address,address,bool)"), "0x1", "0x2"}, "0x1", `OperatorSet {"controller":"0x0000000000000000000000000000000000000001","operator":"0x0000000000000000000000000000000000000002","approved":true}`},
		{"no arguments", "lagoon", []string{topic("WhitelistDisabled()")}, "", "WhitelistDisabled {}"},
		{"narrow integers in topics", "lagoon", []string{topic("SettleDeposit(uint40,uint40,uint256,uint256,uint256,uint256)"), "0xffffffffff", "0x2"}, "0x3 0x4 0x5 0x6", `SettleDeposit {"epochId":"1099511627775","settledId":"2","totalAssets":"3","totalSupply":"4","assetsDeposited":"5","sharesMinted":"6"}`},
		{"tuples of v0.1", "lagoon", []string{topic("RatesUpdated((uint16,uint16),(uint16,uint16),uint256)")}, "0x1 0x2 0x3 0xffff 0x5", `RatesUpdated {"oldRates":["1","2"],"newRate":["3","65535"],"timestamp":"5"}`},
		{"tuples of v0.6", "lagoon", []string{topic("RatesUpdated((uint16,uint16,uint16,uint16,uint16),(uint16,uint16,uint16,uint16,uint16),uint256)")}, "1 2 3 4 5 6 7 8 9 a b", `RatesUpdated {"oldRates":["1","2","3","4","5"],"newRate":["6","7","8","9","10"],"timestamp":"11"}`},
		{"negative integer", "lagoon", []string{topic("GuardrailsUpdated((uint256,int256),(uint256,int256))")}, "0x1 " + maximum + " 0x2 0x7fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff", `GuardrailsUpdated {"oldGuardrails":["1","-1"],"newGuardrails":["2","57896044618658097711785492504343953926634992332820282019728792003956564819967"]}`},
		{
			"hostile text", "lagoon",
			[]string{topic("NameUpdated(string,string)")},
			"0x40 0x80 0x4 0xff3c0022" + strings.Repeat("0", 56) + " 0x1 0x41" + strings.Repeat("0", 62), `NameUpdated {"previousName":"` + "\ufffd" + `\u003c\u0000\"","newName":"A"}`,
		},
		{"another family's event", "erc4626", []string{topic("StateUpdated(uint8)")}, "0x1", "unknown_event topic0 " + topic("StateUpdated(uint8)")},
		{"observed vault", "observed", []string{transfer, "0x1", "0x2"}, "0x3", "unknown_event topic0 " + transfer},
		{"no topics", "lagoon", nil, "0x1", "unknown_event no topics"},
		{"erc-721 transfer", "erc4626", []string{transfer, "0x1", "0x2", "0x3"}, "", "undecodable Transfer(address,address,uint256) has 4 topics, want 3"},
		{"transfer without topics", "erc4626", []string{transfer}, "0x1 0x2 0x3", "undecodable Transfer(address,address,uint256) has 1 topics, want 3"},
		{"topic missing between", "erc4626", []string{transfer, "", "0x2"}, "0x3", "undecodable topic1 has 0 bytes, want 32"},
		{"data missing", "erc4626", []string{transfer, "0x1", "0x2"}, "", "undecodable Transfer(address,address,uint256): data: abi: attempting to unmarshal an empty string while arguments are expected"},
		{"data short", "lagoon", []string{topic("SettleDeposit(uint40,uint40,uint256,uint256,uint256,uint256)"), "0x1", "0x2"}, "0x3 0x4 0x5", "undecodable SettleDeposit(uint40,uint40,uint256,uint256,uint256,uint256): data: abi: cannot marshal in to go type: length insufficient 96 require 128"},
		{"part of a word", "erc4626", []string{transfer, "0x1", "0x2"}, "raw 0x0102", "undecodable Transfer(address,address,uint256): data has 2 bytes, want whole words of 32"},
		{"boolean of two", "erc7540", []string{topic("OperatorSet(address,address,bool)"), "0x1", "0x2"}, "0x2", "undecodable OperatorSet(address,address,bool): data: abi: improperly encoded boolean value"},
		{"uint8 of 256", "lagoon", []string{topic("StateUpdated(uint8)")}, "0x100", "undecodable StateUpdated(uint8): data: abi: improperly encoded uint8 value"},
		{"uint40 of 2^40", "lagoon", []string{topic("SettleRedeem(uint40,uint40,uint256,uint256,uint256,uint256)"), "0x1", "0x10000000000"}, "0x3 0x4 0x5 0x6", "undecodable SettleRedeem(uint40,uint40,uint256,uint256,uint256,uint256): topics: settledId does not fit uint40"},
		{"text beyond the data", "lagoon", []string{topic("NameUpdated(string,string)")}, "0x40 0x80 0xffffff 0x1", "undecodable NameUpdated(string,string): data: abi: cannot marshal in to go type: length insufficient 128 require 16777311"},
		{"text far beyond the data", "lagoon", []string{topic("NameUpdated(string,string)")}, maximum + " 0x80", "undecodable NameUpdated(string,string): data: abi: cannot marshal in to go slice: offset 115792089237316195423570985008687907853269984665640564039457584007913129639967 would go over slice boundary (len=64)"},
	}
	conn := sqltest.OpenConn(t)
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			sqltest.Exec(t, conn, "delete from raw.logs; delete from raw.events; delete from raw.undecoded")
			addLogs(t, conn, testLog{1, 2, 3, alusd, test.topics, test.data})
			decodeInto(t, conn, vault.Vault{ID: "v", ChainID: 1, Address: alusd, Family: test.family})
			got := sqltest.Lines(t, conn, "select event || ' ' || arguments::varchar from raw.events union all select reason || ' ' || detail from raw.undecoded")
			sqltest.EqualLines(t, got, test.want)
		})
	}
}

func TestDecodeRows(t *testing.T) {
	conn := sqltest.OpenConn(t)
	transfer := []string{topic("Transfer(address,address,uint256)"), "0x1", "0x2"}
	addLogs(
		t, conn,
		testLog{1, 2, 3, alusd, transfer, "0x4"},
		testLog{1, 2, 4, other, transfer, "0x4"}, // not configured on this chain
		testLog{8453, 2, 3, other, []string{transfer[0]}, "0x4"},
		testLog{8453, 2, 4, other, []string{topic("StateUpdated(uint8)")}, "0x1"},
	)
	vaults := []vault.Vault{{ID: "a", ChainID: 1, Address: alusd, Family: "erc4626"}, {ID: "b", ChainID: 8453, Address: other, Family: "erc4626"}}
	event := "1|2|3|0xabcd|" + alusd + `|Transfer|Transfer(address,address,uint256)|{"from":"0x0000000000000000000000000000000000000001","to":"0x0000000000000000000000000000000000000002","value":"4"}`
	badTransfer := "8453|2|3|undecodable|Transfer(address,address,uint256) has 1 topics, want 3"
	for range 2 { // a second time changes nothing
		decodeInto(t, conn, vaults...)
		sqltest.EqualLines(t, sqltest.Lines(t, conn, eventsQuery), event)
		sqltest.EqualLines(t, sqltest.Lines(t, conn, undecodedQuery), badTransfer, "8453|2|4|unknown_event|topic0 "+topic("StateUpdated(uint8)"))
	}

	vaults[0].Family, vaults[1].Family = "observed", "lagoon"
	decodeInto(t, conn, vaults...)
	sqltest.EqualLines(t, sqltest.Lines(t, conn, eventsQuery), "8453|2|4|0xabcd|"+other+`|StateUpdated|StateUpdated(uint8)|{"state":"1"}`)
	sqltest.EqualLines(t, sqltest.Lines(t, conn, undecodedQuery), "1|2|3|unknown_event|topic0 "+transfer[0], badTransfer)

	vaults[0].Family, vaults[1].Family = "erc4626", "erc4626"
	decodeInto(t, conn, vaults...)
	sqltest.EqualLines(t, sqltest.Lines(t, conn, eventsQuery), event)

	if err := Logs(t.Context(), conn, []vault.Vault{{ID: "x", Family: "yearn"}}); err == nil || err.Error() != `vault x: contract : no family "yearn"` {
		t.Errorf("got %v", err)
	}
}

// TestDecodeReceipts decodes real logs of 69 trades and compares their amounts
// with those that another decoder made of them.
func TestDecodeReceipts(t *testing.T) {
	const dir = "../../../shared/data/rotki-test-caching/"
	receipts, err := os.Open(dir + "receipts_with_vault_or_aave_logs.ndjson")
	if err != nil {
		t.Skip("needs ../shared/data/rotki-test-caching beside the repository")
	}
	defer func() { _ = receipts.Close() }()
	conn := sqltest.OpenConn(t)
	seen := map[string]bool{}
	lines := bufio.NewScanner(receipts)
	lines.Buffer(nil, 1<<24)
	for lines.Scan() {
		var line struct {
			ChainID int64 `json:"chain_id"`
			Receipt struct {
				Logs []struct {
					Address, Data, BlockNumber, LogIndex string
					Topics                               []string
				}
			}
		}
		if err := json.Unmarshal(lines.Bytes(), &line); err != nil {
			t.Fatal(err)
		}
		for _, l := range line.Receipt.Logs {
			block, _ := strconv.ParseInt(l.BlockNumber, 0, 64)
			index, _ := strconv.ParseInt(l.LogIndex, 0, 64)
			if key := fmt.Sprint(line.ChainID, block, index); !seen[key] {
				seen[key] = true
				addLogs(t, conn, testLog{line.ChainID, block, index, l.Address, l.Topics, "raw " + l.Data})
			}
		}
	}
	if err := lines.Err(); err != nil {
		t.Fatal(err)
	}
	vaults, want := decodedTrades(t, dir+"erc4626_events_decoded.csv")
	decodeInto(t, conn, vaults...)
	got := sqltest.Lines(t, conn, `
select distinct chain_id, address, event, block_number, log_index, arguments->>'assets', arguments->>'shares'
from raw.events where event in ('Deposit', 'Withdraw') order by all`)
	for _, line := range got {
		if !want[line] {
			t.Errorf("not in the list: %s", line)
		}
		delete(want, line)
	}
	for line := range want {
		t.Errorf("not decoded: %s", line)
	}
	t.Logf("%d trades, %s events, %s not decoded", len(got), sqltest.Lines(t, conn, "select count(*) from raw.events"), sqltest.Lines(t, conn, "select reason, count(*) from raw.undecoded group by all"))
}

// decodedTrades reads the list as lines of the query above, and its vaults.
func decodedTrades(t *testing.T, path string) ([]vault.Vault, map[string]bool) {
	t.Helper()
	file, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = file.Close() }()
	records, err := csv.NewReader(file).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	var vaults []vault.Vault
	want, known := map[string]bool{}, map[string]bool{}
	for _, r := range records[1:] {
		want[strings.Join(r[:7], "|")] = true
		if id := r[0] + r[1]; !known[id] {
			known[id] = true
			chain, _ := strconv.ParseInt(r[0], 10, 64)
			vaults = append(vaults, vault.Vault{ID: id, ChainID: uint64(chain), Address: r[1], Family: "erc4626"})
		}
	}
	return vaults, want
}

// TestDecodePages decodes more logs than one page holds.
func TestDecodePages(t *testing.T) {
	conn := sqltest.OpenConn(t)
	rows := 2*store.PageRows + 1
	vault := vault.Vault{ID: "v", ChainID: 1, Address: alusd, Family: "lagoon"}
	manyLogs(t, conn, rows)
	for range 2 {
		decodeInto(t, conn, vault)
		sqltest.EqualLines(t, sqltest.Lines(t, conn, "select count(*), count(distinct (block_number, log_index)), count(*) filter ((arguments->>'totalSupply')::bigint <> block_number) from raw.events"), fmt.Sprintf("%d|%d|0", rows, rows))
	}
}

// manyLogs adds settlements whose total supply is their block number.
func manyLogs(t testing.TB, conn *sql.Conn, rows int) {
	t.Helper()
	settle := topic("SettleDeposit(uint40,uint40,uint256,uint256,uint256,uint256)")
	sqltest.Exec(t, conn, `
insert into raw.logs
select 1, i, i % 7, null, null, unhex(printf('%064x', i)), 0, unhex(?), unhex(?),
    unhex(printf('%064x', 5)), unhex(printf('%064x', 6)), null,
    unhex(printf('%064x%064x%064x%064x', 34000000000000, i, 2000000000, 1980000000000000000)), 1
from range(?) as r (i)`, alusd[2:], settle[2:], rows)
}

func BenchmarkDecode(b *testing.B) {
	const rows = 300_000
	conn := sqltest.OpenConn(b)
	manyLogs(b, conn, rows)
	vault := vault.Vault{ID: "v", ChainID: 1, Address: alusd, Family: "lagoon"}
	for b.Loop() {
		b.StopTimer()
		sqltest.Exec(b, conn, "delete from raw.events")
		b.StartTimer()
		decodeInto(b, conn, vault)
	}
	b.ReportMetric(float64(rows*b.N)/b.Elapsed().Seconds(), "logs/s")
}

// FuzzDecode decodes any topics and data as every event of every family: what
// comes out is JSON with the event's arguments, or a reason.
func FuzzDecode(f *testing.F) {
	sets, err := Sets()
	if err != nil {
		f.Fatal(err)
	}
	var events []*Event
	for _, variants := range sets["lagoon"] {
		events = append(events, variants...)
	}
	f.Add(words("0x1 0x2"), words("0x40 0x80 0x1 0x41"))
	f.Add(words("0x1 0x2 0x3"), maxUint256.Bytes())
	f.Add([]byte{1}, []byte{})
	f.Fuzz(func(t *testing.T, topics, data []byte) {
		for _, e := range events {
			log := [][]byte{e.topic0[:]}
			for rest := topics; len(rest) > 0 && len(log) < 4; {
				n := min(len(rest), 32)
				log = append(log, rest[:n])
				rest = rest[n:]
			}
			found, text, err := decodeLog(sets["lagoon"], log, data, nil)
			if err != nil {
				continue
			}
			var arguments map[string]any
			if err := json.Unmarshal(text, &arguments); err != nil || len(arguments) != len(found.arguments) {
				t.Fatalf("%s: %s: %v", found.Signature, text, err)
			}
		}
	})
}
