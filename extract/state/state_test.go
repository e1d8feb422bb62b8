package state

import (
	"database/sql"
	"errors"
	"fmt"
	"math/big"
	"strings"
	"testing"
	"time"

	"github.com/ethereum/go-ethereum"
	"github.com/ethereum/go-ethereum/common"
	"github.com/ethereum/go-ethereum/core/types"
	"github.com/ethereum/go-ethereum/crypto"

	"github.com/vaultperf/vaultperf/extract/extracttest"
	"github.com/vaultperf/vaultperf/extract/family"
	"github.com/vaultperf/vaultperf/extract/rpc"
	"github.com/vaultperf/vaultperf/extract/vault"
	"github.com/vaultperf/vaultperf/sql/sqltest"
)

func readStates(t testing.TB, db *sql.DB, node rpc.Caller, c *extracttest.Chain, vaults ...vault.Vault) Count {
	t.Helper()
	count, err := Read(t.Context(), db, node, Options{ChainID: extracttest.TestConfig.ChainID.Uint64(), Vaults: vaults, To: int64(c.Tip)})
	if err != nil {
		t.Fatal(err)
	}
	return count
}

// dueBlocks are those that a schedule must have, found by looking at every block.
func dueBlocks(c *extracttest.Chain, first uint64) (events, ends map[uint64]bool) {
	events, ends = map[uint64]bool{}, map[uint64]bool{}
	for i, b := range c.Blocks {
		if n := b.NumberU64(); n >= first && (n == 3 || n == 5 || n == 9 || n%4 == 0) { // transfers of shares in 5 and 9
			events[n] = true
		}
		if i+1 < len(c.Blocks) && b.NumberU64() >= first && b.Time()/86400 != c.Blocks[i+1].Time()/86400 {
			ends[b.NumberU64()] = true
		}
	}
	return events, ends
}

// compareStates holds every row of raw.states against a call of go-ethereum's
// own client, and the blocks against those due.
func compareStates(t testing.TB, db *sql.DB, c *extracttest.Chain, v *extracttest.Vault) {
	t.Helper()
	rows, err := db.QueryContext(t.Context(), `
select block_number, epoch(block_timestamp)::bigint, field, argument, status, coalesce(value::varchar, 'null')
from raw.states where address = ? and field not like 'asset.%' order by all`, strings.ToLower(v.At.Hex()))
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	got := map[string]map[uint64]bool{}
	for rows.Next() {
		var block, at uint64
		var field, argument, status, value string
		if err := rows.Scan(&block, &at, &field, &argument, &status, &value); err != nil {
			t.Fatal(err)
		}
		if got[field] == nil {
			got[field] = map[uint64]bool{}
		}
		if got[field][block] {
			t.Errorf("block %d: %s twice", block, field)
		}
		got[field][block] = true
		if want := c.Blocks[block-1].Time(); at != want {
			t.Errorf("block %d: time %d, want %d", block, at, want)
		}
		data := Selector(field + "()")
		if account, isHolder := strings.CutPrefix(argument, "0x"); isHolder {
			data = append(Selector(strings.TrimPrefix(field, "holder.")+"(address)"), common.LeftPadBytes(common.FromHex(account), 32)...)
		} else if argument != "" {
			n, _ := new(big.Int).SetString(argument, 10)
			data = append(Selector(field+"(uint256)"), common.LeftPadBytes(n.Bytes(), 32)...)
		}
		out, err := c.Client.CallContract(t.Context(), ethereum.CallMsg{To: &v.At, Data: data}, new(big.Int).SetUint64(block))
		want := "ok " + new(big.Int).SetBytes(out).String()
		if err != nil {
			want = "reverted null"
			if strings.Contains(err.Error(), "out of gas") {
				want = "out_of_gas null"
			}
		}
		if status+" "+value != want {
			t.Errorf("block %d: %s is %s %s, want %s", block, field, status, value, want)
		}
	}
	if err := rows.Err(); err != nil {
		t.Fatal(err)
	}
	events, ends := dueBlocks(c, 3)
	if len(ends) != 17 {
		t.Fatalf("the chain has %d ends of days, want 17", len(ends))
	}
	ends[c.Tip] = true // the last day is not over
	want := map[uint64]bool{}
	for n := range events {
		want[n] = true
	}
	for n := range ends {
		want[n] = true
	}
	for field, blocks := range map[string]map[uint64]bool{"totalAssets": want, "totalSupply": want, "convertToAssets": want, "owner": ends} {
		if fmt.Sprint(got[field]) != fmt.Sprint(blocks) {
			t.Errorf("%s was read at\n%v\nwant\n%v", field, got[field], blocks)
		}
	}
	if len(got["decimals"]) != 2 || !got["decimals"][3] {
		t.Errorf("decimals were read at %v, want the first block and the last", got["decimals"])
	}
}

func TestStatesAreWhatTheNodeSays(t *testing.T) {
	with := func(hash common.Hash) func() {
		old := multicall3Hash
		multicall3Hash = hash
		return func() { multicall3Hash = old }
	}
	own := types.GenesisAlloc{multicall3: {Code: ownCode, Balance: new(big.Int)}}
	for _, c := range []struct {
		name  string
		alloc types.GenesisAlloc
		hash  common.Hash
		spoil func(call rpc.Call, r *rpc.Result)
		most  int // calls, all in all
	}{
		{"multicall", own, crypto.Keccak256Hash(ownCode), nil, 300},
		{"multicall absent", nil, multicall3Hash, nil, 300},
		{"foreign code at its address", own, multicall3Hash, nil, 300},
		{"foreign code that reverts", types.GenesisAlloc{multicall3: {Code: extracttest.Fixture(0), Balance: new(big.Int)}}, multicall3Hash, nil, 300},
		{"override ignored", nil, multicall3Hash, func(call rpc.Call, r *rpc.Result) {
			if len(call.Params) == 3 {
				*r = rpc.Result{Value: []byte(`"0x"`)}
			}
		}, 1000},
		{"override refused", nil, multicall3Hash, func(call rpc.Call, r *rpc.Result) {
			if len(call.Params) == 3 {
				*r = rpc.Result{Err: &rpc.Error{Class: rpc.Unknown, Code: -32602, Message: "too many arguments, want at most 2"}}
			}
		}, 1000},
	} {
		t.Run(c.name, func(t *testing.T) {
			defer with(c.hash)()
			chain, v := extracttest.NewVaultChain(t, c.alloc)
			db := sqltest.Open(t)
			extracttest.HoldLogs(t, db, chain, v.At)
			node := &extracttest.Node{Url: chain.Url, Spoil: c.spoil}
			count := readStates(t, db, node, chain, v.Vault("sim"))
			compareStates(t, db, chain, v)
			if node.Calls > c.most {
				t.Errorf("%d calls, want at most %d", node.Calls, c.most)
			}
			if got := sqltest.Query(t, db, "select count(*)::varchar from raw.states"); got != fmt.Sprintln(count.Reads) {
				t.Errorf("%s rows, counted %d", got, count.Reads)
			}
			node.Requests = 0
			if again := readStates(t, db, node, chain, v.Vault("sim")); again != (Count{}) || node.Requests > 0 {
				t.Errorf("a second run did %+v in %d requests, want nothing", again, node.Requests)
			}
		})
	}
}

// TestHeadIsReadUntilItsDayIsOver: runs at any heads leave what a single one at the last
// leaves, and the head of each is read.
func TestHeadIsReadUntilItsDayIsOver(t *testing.T) {
	chain, v := extracttest.NewVaultChain(t, nil)
	const states = "select concat_ws(' ', block_number, block_timestamp, field, argument, status, value, text) from raw.states order by all"
	read := func(db *sql.DB, to int64) {
		t.Helper()
		_, err := Read(t.Context(), db, &extracttest.Node{Url: chain.Url}, Options{ChainID: 1337, Vaults: []vault.Vault{v.Vault("sim")}, To: to})
		if err != nil {
			t.Fatal(err)
		}
		if got := sqltest.Query(t, db, "select max(block_number)::varchar from raw.states where field = 'totalAssets' and status = 'ok'"); got != fmt.Sprintln(to) {
			t.Errorf("up to block %d total assets were last read at %s", to, got)
		}
	}
	once, daily := sqltest.Open(t), sqltest.Open(t)
	for _, db := range []*sql.DB{once, daily} {
		extracttest.HoldLogs(t, db, chain, v.At)
	}
	read(once, int64(chain.Tip))
	for to := int64(9); to < int64(chain.Tip); to += 5 {
		read(daily, to)
	}
	read(daily, int64(chain.Tip))
	if got, want := sqltest.Query(t, daily, states), sqltest.Query(t, once, states); got != want {
		t.Errorf("after many runs there is\n%s\nafter one\n%s", got, want)
	}
}

// TestTransfersOfTheAssetAreRead: a transfer of the asset to an account of the vault is no
// log of the vault, and may change its price all the same.
func TestTransfersOfTheAssetAreRead(t *testing.T) {
	var v, asset *extracttest.Vault
	chain := extracttest.StartChain(t, 30, 600, false, nil, func(i int, b *extracttest.Block) {
		switch i {
		case 2:
			v, asset = extracttest.NewVault(b), extracttest.NewVault(b) // both are tokens
			v.Mint(b, common.Address{1}, 100)
		case 10:
			asset.Mint(b, v.At, 5)
		case 12:
			asset.Mint(b, common.Address{9}, 5) // the vault's other account
		case 14:
			asset.Mint(b, common.Address{8}, 5) // a stranger
		}
	})
	db := sqltest.Open(t)
	extracttest.HoldLogs(t, db, chain, v.At, asset.At)
	one := v.Vault("sim")
	one.Contracts = []vault.Contract{
		{Address: strings.ToLower(asset.At.Hex()), Role: vault.RoleAsset, Family: "erc20", Shared: true},
		{Address: strings.ToLower(common.Address{9}.Hex()), Role: family.OnAccount, Family: "safe"},
	}
	readStates(t, db, &extracttest.Node{Url: chain.Url}, chain, one)
	got := sqltest.Query(t, db, "select string_agg(block_number, ' ' order by block_number) from raw.states where field = 'totalAssets'")
	if want := fmt.Sprintf("2 10 12 %d\n", chain.Tip); got != want {
		t.Errorf("total assets were read at %swant %s", got, want)
	}
}

// TestTransfersNeedNoPriceThatStands: where only a settlement changes the price, a block
// in which shares change hands is not read.
func TestTransfersNeedNoPriceThatStands(t *testing.T) {
	chain, v := extracttest.NewVaultChain(t, nil)
	for family, want := range map[string]string{"erc4626": "2\n", "lagoon": "0\n"} {
		db := sqltest.Open(t)
		extracttest.HoldLogs(t, db, chain, v.At)
		one := v.Vault("sim")
		one.Family = family
		readStates(t, db, &extracttest.Node{Url: chain.Url}, chain, one)
		if got := sqltest.Query(t, db, "select count(*)::varchar from raw.states where field = 'totalSupply' and block_number in (5, 9)"); got != want {
			t.Errorf("%s: read in %s of the two blocks with transfers alone", family, got)
		}
	}
}

// TestPostedRatesAreRead: a vault whose price another contract posts is read where that one
// logs.
func TestPostedRatesAreRead(t *testing.T) {
	var v, accountant *extracttest.Vault
	chain := extracttest.StartChain(t, 30, 600, false, nil, func(i int, b *extracttest.Block) {
		switch i {
		case 2:
			v, accountant = extracttest.NewVault(b), extracttest.NewVault(b)
			v.Mint(b, common.Address{1}, 100)
		case 10, 20:
			accountant.Mint(b, common.Address{1}, 5) // any log
		}
	})
	db := sqltest.Open(t)
	extracttest.HoldLogs(t, db, chain, v.At, accountant.At)
	one := v.Vault("sim")
	one.Family = "veda"
	one.Contracts = []vault.Contract{{Address: strings.ToLower(accountant.At.Hex()), Role: vault.RoleAccountant, Family: "veda_accountant"}}
	readStates(t, db, &extracttest.Node{Url: chain.Url}, chain, one)
	got := sqltest.Query(t, db, "select string_agg(block_number, ' ' order by block_number) from raw.states where field = 'accountant.getRate'")
	if want := fmt.Sprintf("2 10 20 %d\n", chain.Tip); got != want {
		t.Errorf("the rate was read at %swant %s", got, want)
	}
}

func TestStatesResume(t *testing.T) {
	chain, v := extracttest.NewVaultChain(t, nil)
	db := sqltest.Open(t)
	extracttest.HoldLogs(t, db, chain, v.At)
	// the node fails on what a block is asked for; nothing becomes zero
	node := &extracttest.Node{Url: chain.Url, Spoil: func(call rpc.Call, r *rpc.Result) {
		if call.Method == "eth_call" && call.Params[1] == rpc.HexNumber(20) {
			*r = rpc.Result{Err: &rpc.Error{Class: rpc.Unknown, Message: "internal error"}}
		}
	}}
	readStates(t, db, node, chain, v.Vault("sim"))
	if got := sqltest.Query(t, db, "select distinct concat_ws(' ', block_number, status, value is null) from raw.states where field not like 'asset.%' and (status not in ('ok', 'reverted') or block_number = 20)"); got != "20 failed true\n" {
		t.Errorf("failed reads are\n%s", got)
	}
	node.Spoil, node.Calls = nil, 0
	if _, err := db.ExecContext(t.Context(), "delete from raw.states where block_number = 40"); err != nil {
		t.Fatal(err)
	}
	readStates(t, db, node, chain, v.Vault("sim"))
	compareStates(t, db, chain, v)
	if node.Calls > 20 {
		t.Errorf("%d calls for two blocks", node.Calls)
	}
}

// TestGasBombIsIsolated has one vault whose totalAssets burns whatever gas it is
// given, between two sound ones.
func TestGasBombIsIsolated(t *testing.T) {
	var vaults [3]*extracttest.Vault
	chain := extracttest.StartChain(t, 12, 7*3600, false, nil, func(i int, b *extracttest.Block) {
		for k := range vaults {
			if i == 1 {
				vaults[k] = extracttest.NewVault(b)
			}
			if i < 10 {
				vaults[k].Mint(b, common.Address{1}, int64(10*k+i))
			}
			if k == 1 {
				b.Call(vaults[k].At, extracttest.SetAnswer(Selector("totalAssets()"), extracttest.ModeBurn, new(big.Int)))
			}
		}
	})
	db := sqltest.Open(t)
	extracttest.HoldLogs(t, db, chain, vaults[0].At, vaults[1].At, vaults[2].At)
	readStates(t, db, &extracttest.Node{Url: chain.Url}, chain, vaults[0].Vault("a"), vaults[1].Vault("bomb"), vaults[2].Vault("c"))
	got := sqltest.Query(t, db, fmt.Sprintf(`
select concat_ws(' ', address = '%s', field, status, count(*))
from raw.states where field in ('totalAssets', 'totalSupply', 'convertToAssets') group by address = '%s', field, status order by all`,
		strings.ToLower(vaults[1].At.Hex()), strings.ToLower(vaults[1].At.Hex())))
	want := `false convertToAssets ok 22
false totalAssets ok 22
false totalSupply ok 22
true convertToAssets ok 11
true totalAssets out_of_gas 11
true totalSupply ok 11
`
	if got != want {
		t.Errorf("got\n%swant\n%s", got, want)
	}
}

func TestStateBeforeDeployment(t *testing.T) {
	chain, v := extracttest.NewVaultChain(t, nil)
	a := multicaller{node: &extracttest.Node{Url: chain.Url}, chainID: 1337, targets: []callTarget{
		{read: family.Read{Name: "totalAssets"}, to: v.At, data: Selector("totalAssets()")},
		{read: family.Read{Name: "absent"}, to: v.At, data: Selector("absent()")},
	}}
	if err := a.chooseAggregator(t.Context(), 1, int64(chain.Tip)); err != nil {
		t.Fatal(err)
	}
	got, err := a.read(t.Context(), []dueRead{{2, 0}, {2, 1}, {3, 0}, {3, 1}})
	if err != nil {
		t.Fatal(err)
	}
	for i, want := range []string{"no_code", "no_code", "ok", "reverted"} {
		if got[i].Status != want {
			t.Errorf("read %d is %+v, want %s", i, got[i], want)
		}
	}
}

// TestUpgradeMidRange has a proxy whose second implementation answers one more
// than the first, and to a function that the first does not know.
func TestUpgradeMidRange(t *testing.T) {
	v := &extracttest.Vault{Assets: big.NewInt(1000), Supply: extracttest.E18(1)}
	chain := extracttest.StartChain(t, 20, 7*3600, false, nil, func(i int, b *extracttest.Block) {
		upgrade := func(to common.Address) {
			b.Call(v.At, append([]byte{0, 0, 0, 3}, common.LeftPadBytes(to[:], 32)...))
		}
		switch i {
		case 1:
			v.At = b.Deploy(extracttest.Proxy())
			upgrade(b.Deploy(extracttest.Fixture(0)))
			v.Tell(b)
		case 10:
			upgrade(b.Deploy(extracttest.Fixture(1)))
		}
	})
	db := sqltest.Open(t)
	extracttest.HoldLogs(t, db, chain, v.At)
	readStates(t, db, &extracttest.Node{Url: chain.Url}, chain, v.Vault("proxied"))
	got := sqltest.Query(t, db, "select distinct on (value) concat_ws(' ', min(block_number), value) from raw.states where field = 'totalAssets' group by value order by value")
	if want := "1 1000\n10 1001\n"; got != want {
		t.Errorf("total assets from block on are\n%swant\n%s", got, want)
	}
}

// TestPrunedStateIsNotRead: of a node that forgets old states the rest is read, and what is
// missing is counted.
func TestPrunedStateIsNotRead(t *testing.T) {
	var v *extracttest.Vault
	chain := extracttest.StartChain(t, 300, 600, true, nil, func(i int, b *extracttest.Block) {
		if i == 3 {
			v = extracttest.NewVault(b)
			v.Mint(b, common.Address{1}, 100)
		}
		b.Call(extracttest.TestSender, nil)
	})
	db := sqltest.Open(t)
	extracttest.HoldLogs(t, db, chain, v.At)
	node := &extracttest.Node{Url: chain.Url}
	err := CheckDepth(t.Context(), node, 1337, v.At, 3, int64(chain.Tip))
	var pruned *PrunedError
	if !errors.As(err, &pruned) || pruned.Block != 3 || pruned.Since < 100 || pruned.Since > 300 {
		t.Errorf("got %v, want a PrunedError of block 3", err)
	}
	count := readStates(t, db, node, chain, v.Vault("sim"))
	if count.Missing == 0 || count.Since < 100 || count.Since > 300 {
		t.Errorf("got %+v, want some reads missing", count)
	}
	if got := sqltest.Query(t, db, "select concat_ws(' ', min(block_number) >= "+fmt.Sprint(count.Since)+", max(block_number), count(*)) from raw.states"); got != fmt.Sprintf("true %d %d\n", chain.Tip, count.Reads) {
		t.Errorf("%s, want %d reads from block %d to %d", got, count.Reads, count.Since, chain.Tip)
	}
}

func TestDayEndsAgainstEveryBlock(t *testing.T) {
	var times []int64
	chain := extracttest.StartChain(t, 400, 60, false, nil, func(i int, b *extracttest.Block) {
		// from a block in ten minutes to one in three days, midnight itself among them
		step := []int64{600, 7200, 86400, 259200, 3600, 86400}[i%6]
		b.OffsetTime(step - 60)
		times = append(times, int64(b.Timestamp()))
	})
	var want []string
	known, err := rpc.FetchHeaders(t.Context(), &extracttest.Node{Url: chain.Url}, []int64{1, 400})
	if err != nil {
		t.Fatal(err)
	}
	for midnight := known[0].At.Truncate(Day).Add(Day); !midnight.After(known[1].At); midnight = midnight.Add(Day) {
		last := 0
		for i, at := range times {
			if at < midnight.Unix() {
				last = i + 1
			}
		}
		want = append(want, fmt.Sprint(midnight.Format(time.DateOnly), " ", last))
	}
	node := &extracttest.Node{Url: chain.Url}
	ends, fetched, err := findDayEnds(t.Context(), node, known)
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, e := range ends {
		got = append(got, fmt.Sprint(e.midnight.Format(time.DateOnly), " ", e.block))
	}
	if strings.Join(got, "\n") != strings.Join(want, "\n") {
		t.Errorf("got\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
	if len(fetched) > 400 {
		t.Errorf("%d headers for 400 blocks", len(fetched))
	}
	for _, h := range fetched {
		if !h.IsRecomputed || h.Hash != chain.Blocks[h.Number-1].Hash() {
			t.Errorf("header %d: %s, recomputed %v, want %s", h.Number, h.Hash, h.IsRecomputed, chain.Blocks[h.Number-1].Hash())
		}
	}
}
