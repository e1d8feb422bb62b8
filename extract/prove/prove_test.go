package prove

import (
	"bytes"
	"database/sql"
	"fmt"
	"strings"
	"testing"

	"github.com/ethereum/go-ethereum/common"

	"github.com/vaultperf/vaultperf/extract/extracttest"
	"github.com/vaultperf/vaultperf/extract/rpc"
	"github.com/vaultperf/vaultperf/extract/state"
	"github.com/vaultperf/vaultperf/extract/vault"
	"github.com/vaultperf/vaultperf/sql/sqltest"
)

func verify(t testing.TB, db *sql.DB, node rpc.Caller, c *extracttest.Chain, level int, vaults ...vault.Vault) []Verification {
	t.Helper()
	all, err := Verify(t.Context(), db, node, Options{ChainID: extracttest.TestConfig.ChainID.Uint64(), Vaults: vaults, To: int64(c.Tip), Level: level})
	if err != nil {
		t.Fatal(err)
	}
	return all
}

// verdicts are levels with their verdicts, and the block of a fault.
func verdicts(all []Verification) string {
	var out []string
	for _, v := range all {
		text := v.Level + " " + v.Verdict
		if v.FaultBlock > 0 {
			text += fmt.Sprint(" at ", v.FaultBlock)
		}
		out = append(out, text)
	}
	return strings.Join(out, ", ")
}

// verifiable is a chain, its vault, and a database that holds all of its logs and
// states.
func verifiable(t testing.TB) (*extracttest.Chain, *extracttest.Vault, *sql.DB) {
	c, v := extracttest.NewVaultChain(t, nil)
	db := sqltest.Open(t)
	extracttest.HoldLogs(t, db, c, v.At)
	extracttest.HoldWhole(t, db, v.At, c.Tip)
	readAll(t, db, &extracttest.Node{Url: c.Url}, c, v.Vault("sim"))
	return c, v, db
}

func readAll(t testing.TB, db *sql.DB, node rpc.Caller, c *extracttest.Chain, vaults ...vault.Vault) {
	t.Helper()
	if _, err := state.Read(t.Context(), db, node, state.Options{ChainID: extracttest.TestConfig.ChainID.Uint64(), Vaults: vaults, To: int64(c.Tip)}); err != nil {
		t.Fatal(err)
	}
}

const allProved = "L0 proved, L1 proved, L2 proved, L3 proved"

func TestVerifyProvesAHistory(t *testing.T) {
	c, v, db := verifiable(t)
	node := &extracttest.Node{Url: c.Url}
	got := verify(t, db, node, c, 3, v.Vault("sim"))
	if verdicts(got) != allProved {
		t.Fatalf("got %+v", got)
	}
	if got[1].Blocks != 18 || got[2].Blocks != 18 {
		t.Errorf("%d and %d blocks verified, want 18: 16 with mints and 2 with transfers", got[1].Blocks, got[2].Blocks)
	}
	kept := sqltest.Query(t, db, "select concat_ws('|', vault_id, level, verdict, blocks, fault_block, detail) from raw.verifications order by level")
	want := ""
	for _, g := range got {
		want += fmt.Sprintf("sim|%s|%s|%d|%s\n", g.Level, g.Verdict, g.Blocks, g.Detail)
	}
	if kept != want {
		t.Errorf("raw.verifications is\n%swant\n%s", kept, want)
	}
	node.Requests = 0
	if again := verify(t, db, node, c, 3, v.Vault("sim")); verdicts(again) != allProved || node.Requests > 0 {
		t.Errorf("again: %s in %d requests", verdicts(again), node.Requests)
	}
	// of a short chain every other block is looked at
	if got := sqltest.Query(t, db, "select count(*)::varchar from raw.verified_blocks where logs = 0"); got != "40\n" {
		t.Errorf("%s blocks without logs were looked at, want 40", got)
	}
}

func TestVerifyNamesTheFault(t *testing.T) {
	zero := strings.Repeat("00", 32)
	for _, c := range []struct{ name, spoil, want, detail string }{
		{
			"a block's only log is missing", "delete from raw.logs where block_number = 20",
			"L0 proved, L1 proved, L2 unproved at 20, L3 unproved at 20", "is missing",
		},
		{
			"a mint and a transfer are missing", "delete from raw.logs where block_number in (9, 40)",
			"L0 proved, L1 proved, L2 unproved at 9, L3 unproved at 40", "is missing",
		},
		{
			"another amount", "update raw.logs set data = unhex('" + zero + "') where block_number = 24",
			"L0 proved, L1 proved, L2 unproved at 24, L3 unproved at 24", "not what the block holds",
		},
		{
			"a log that is none", "insert into raw.logs select * replace (7 as log_index) from raw.logs where block_number = 12",
			"L0 proved, L1 proved, L2 unproved at 12, L3 unproved at 12", "log 7 is not in the block",
		},
		{
			"a topic that the filter does not know", "update raw.logs set topic2 = unhex(repeat('ab', 32)) where block_number = 28",
			"L0 proved, L1 unproved at 28, L2 unproved at 28, L3 proved", "not in the block's bloom filter",
		},
		{
			"another block's hash", "update raw.logs set block_hash = unhex('" + zero + "') where block_number = 32",
			"L0 proved, L1 unproved at 32, L2 proved, L3 proved", "carries the block hash",
		},
		{
			"one log twice", "insert into raw.logs select * from raw.logs where block_number = 36",
			"L0 unproved at 36, L1 proved, L2 unproved at 36, L3 unproved at 36", "one number twice",
		},
		{
			"two hashes of one block", "insert into raw.logs select * replace (7 as log_index, unhex('" + zero + "') as block_hash) from raw.logs where block_number = 20",
			"L0 unproved at 20, L1 unproved at 20, L2 unproved at 20, L3 unproved at 20", "two block hashes",
		},
		{
			"a source that does not say it is whole", "delete from raw.spans",
			"L0 checked, L1 proved, L2 proved, L3 proved", "no source says",
		},
	} {
		t.Run(c.name, func(t *testing.T) {
			chain, v, db := verifiable(t)
			if _, err := db.ExecContext(t.Context(), c.spoil); err != nil {
				t.Fatal(err)
			}
			node := &extracttest.Node{Url: chain.Url}
			all := verify(t, db, node, chain, 3, v.Vault("sim"))
			if got := verdicts(all); got != c.want {
				t.Errorf("got %s, want %s\n%+v", got, c.want, all)
			}
			if !strings.Contains(fmt.Sprint(all), c.detail) {
				t.Errorf("got %+v, want %q", all, c.detail)
			}
			// mended, two blocks at most are verified again, and eight balances read
			if _, err := db.ExecContext(t.Context(), "delete from raw.logs; delete from raw.spans"); err != nil {
				t.Fatal(err)
			}
			extracttest.HoldLogs(t, db, chain, v.At)
			extracttest.HoldWhole(t, db, v.At, chain.Tip)
			node.Calls = 0
			if got := verdicts(verify(t, db, node, chain, 3, v.Vault("sim"))); got != allProved || node.Calls > 12 {
				t.Errorf("mended: %s with %d calls", got, node.Calls)
			}
		})
	}
}

func TestVerifyTrustsNoNode(t *testing.T) {
	for _, c := range []struct {
		name  string
		spoil func(call rpc.Call, r *rpc.Result)
		want  string
	}{
		{
			"receipts without a log", func(call rpc.Call, r *rpc.Result) {
				if call.Method == "eth_getBlockReceipts" && call.Params[0] == rpc.HexNumber(20) {
					r.Value = bytes.Replace(r.Value, []byte(`"data":"0x0`), []byte(`"data":"0x1`), 1)
				}
			}, "L0 proved, L1 proved, L2 unproved at 20, L3 proved",
		},
		{
			"a header with another time", func(call rpc.Call, r *rpc.Result) {
				if call.Method == "eth_getBlockByNumber" && call.Params[0] == rpc.HexNumber(20) {
					at := bytes.Index(r.Value, []byte(`"timestamp":"0x`)) + len(`"timestamp":"0x`)
					r.Value = bytes.Clone(r.Value)
					r.Value[at+7] ^= 1
				}
			}, "L0 proved, L1 unproved at 20, L2 checked, L3 proved",
		},
		{
			"no receipts by block", func(call rpc.Call, r *rpc.Result) {
				if call.Method == "eth_getBlockReceipts" {
					*r = rpc.Result{Err: &rpc.Error{Class: rpc.Refused, Code: -32601, Message: "the method does not exist"}}
				}
			}, allProved,
		},
		{
			"no receipts at all", func(call rpc.Call, r *rpc.Result) {
				if strings.Contains(call.Method, "Receipt") {
					*r = rpc.Result{Err: &rpc.Error{Class: rpc.Refused, Code: -32601, Message: "the method does not exist"}}
				}
			}, "L0 proved, L1 proved, L2 unproved, L3 proved",
		},
		{
			"pruned receipts", func(call rpc.Call, r *rpc.Result) {
				if call.Method == "eth_getBlockReceipts" && (call.Params[0] == rpc.HexNumber(3) || call.Params[0] == rpc.HexNumber(5)) {
					*r = rpc.Result{Err: &rpc.Error{Class: rpc.StateMissing, Code: 4444, Message: "pruned history unavailable"}}
				}
			}, "L0 proved, L1 proved, L2 checked, L3 proved",
		},
		{
			"null for receipts", func(call rpc.Call, r *rpc.Result) {
				if call.Method == "eth_getBlockReceipts" && call.Params[0] == rpc.HexNumber(3) {
					r.Value = []byte("null")
				}
			}, "L0 proved, L1 proved, L2 checked, L3 proved",
		},
		{
			"receipts of a rollup's type", func(call rpc.Call, r *rpc.Result) {
				if call.Method == "eth_getBlockReceipts" && call.Params[0] == rpc.HexNumber(5) {
					r.Value = bytes.Replace(r.Value, []byte(`"type":"0x2"`), []byte(`"type":"0x7e"`), 1)
					r.Value = bytes.Replace(r.Value, []byte(`"type":"0x0"`), []byte(`"type":"0x7e"`), 1)
				}
			}, "L0 proved, L1 proved, L2 checked, L3 proved",
		},
		{
			"a balance that is not the sum", func(call rpc.Call, r *rpc.Result) {
				if call.Method == "eth_call" && strings.Contains(fmt.Sprint(call.Params[0]), "data:0x70a08231") {
					r.Value = []byte(`"0x` + strings.Repeat("00", 31) + `07"`)
				}
			}, "L0 proved, L1 proved, L2 proved, L3 unproved at 60",
		},
	} {
		t.Run(c.name, func(t *testing.T) {
			chain, v, db := verifiable(t)
			all := verify(t, db, &extracttest.Node{Url: chain.Url, Spoil: c.spoil}, chain, 3, v.Vault("sim"))
			if got := verdicts(all); got != c.want {
				t.Errorf("got %s, want %s\n%+v", got, c.want, all)
			}
			t.Log(all[2].Detail)
			// from an honest node all is asked for again that was not proved
			if got := verdicts(verify(t, db, &extracttest.Node{Url: chain.Url}, chain, 2, v.Vault("sim"))); !strings.Contains(got, "L1 proved, L2 proved") {
				t.Errorf("from an honest node: %s", got)
			}
		})
	}
}

func TestVerifyLevels(t *testing.T) {
	chain, v, db := verifiable(t)
	node := &extracttest.Node{Url: chain.Url}
	for level, want := range []string{
		"L0 proved, L1 unproved, L2 unproved, L3 unproved",
		"L0 proved, L1 proved, L2 unproved, L3 unproved",
		"L0 proved, L1 proved, L2 proved, L3 unproved",
		allProved,
	} {
		if got := verdicts(verify(t, db, node, chain, level, v.Vault("sim"))); got != want {
			t.Errorf("level %d: %s, want %s", level, got, want)
		}
	}
}

// TestVerifyBlamesTheVaultsOfABlock has two vaults and receipts that are wrong in a
// block with a log of the first only.
func TestVerifyBlamesTheVaultsOfABlock(t *testing.T) {
	var one, other *extracttest.Vault
	c := extracttest.StartChain(t, 30, 7*3600, false, nil, func(i int, b *extracttest.Block) {
		switch {
		case i == 3:
			one, other = extracttest.NewVault(b), extracttest.NewVault(b)
			one.Mint(b, common.Address{1}, 100)
			other.Mint(b, common.Address{1}, 100)
		case i%10 == 0:
			one.Mint(b, common.Address{1}, 7)
		case i%10 == 5:
			other.Mint(b, common.Address{1}, 7)
		}
	})
	db := sqltest.Open(t)
	extracttest.HoldLogs(t, db, c, one.At, other.At)
	for _, v := range []*extracttest.Vault{one, other} {
		extracttest.HoldWhole(t, db, v.At, c.Tip)
	}
	readAll(t, db, &extracttest.Node{Url: c.Url}, c, one.Vault("one"), other.Vault("other"))
	node := &extracttest.Node{Url: c.Url, Spoil: func(call rpc.Call, r *rpc.Result) {
		if call.Method == "eth_getBlockReceipts" && call.Params[0] == rpc.HexNumber(20) {
			r.Value = bytes.Replace(r.Value, []byte(`"data":"0x0`), []byte(`"data":"0x1`), 1)
		}
	}}
	all := verify(t, db, node, c, 3, one.Vault("one"), other.Vault("other"))
	if got, want := verdicts(all[:4]), "L0 proved, L1 proved, L2 unproved at 20, L3 proved"; got != want {
		t.Errorf("the vault with a log there: %s, want %s", got, want)
	}
	if got := verdicts(all[4:]); got != allProved {
		t.Errorf("the vault without: %s\n%+v", got, all[4:])
	}
}

// TestVerifyMissesNothingFromBeforeAVault: the contracts around a vault may be older than
// it; their logs are asked for from its first block on, or from their own where that is
// known, though another vault of the chain begins earlier.
func TestVerifyMissesNothingFromBeforeAVault(t *testing.T) {
	var early, late, beacon *extracttest.Vault
	c := extracttest.StartChain(t, 30, 7*3600, false, nil, func(i int, b *extracttest.Block) {
		switch i {
		case 3:
			early = extracttest.NewVault(b)
			early.Mint(b, common.Address{1}, 100)
		case 10:
			beacon = extracttest.NewVault(b)
			beacon.Mint(b, common.Address{1}, 1) // any log
		case 20:
			late = extracttest.NewVault(b)
			late.Mint(b, common.Address{1}, 100)
		case 25:
			beacon.Mint(b, common.Address{1}, 1)
		}
	})
	db := sqltest.Open(t)
	extracttest.HoldLogs(t, db, c, early.At, late.At, beacon.At)
	for _, v := range []*extracttest.Vault{early, late} {
		extracttest.HoldWhole(t, db, v.At, c.Tip)
	}
	if _, err := db.ExecContext(t.Context(), "delete from raw.logs where block_number = 10"); err != nil {
		t.Fatal(err)
	}
	second := late.Vault("late")
	second.StartBlock = 20
	second.Contracts = []vault.Contract{{Address: strings.ToLower(beacon.At.Hex()), Role: vault.RoleBeacon, Family: "access"}}
	node := &extracttest.Node{Url: c.Url}
	readAll(t, db, node, c, early.Vault("early"), second)
	all := verify(t, db, node, c, 3, early.Vault("early"), second)
	if got := verdicts(all[:4]) + "; " + verdicts(all[4:]); got != allProved+"; "+allProved {
		t.Errorf("got %s\n%+v", got, all)
	}
	if _, err := db.ExecContext(t.Context(), "delete from raw.logs where block_number = 25"); err != nil {
		t.Fatal(err)
	}
	all = verify(t, db, node, c, 3, early.Vault("early"), second)
	if got, want := verdicts(all[:4])+"; "+verdicts(all[4:]), allProved+"; L0 proved, L1 proved, L2 unproved at 25, L3 proved"; got != want {
		t.Errorf("with a later log missing: got %s, want %s\n%+v", got, want, all)
	}
	second.Contracts[0].StartBlock = 10
	all = verify(t, db, node, c, 3, early.Vault("early"), second)
	if got, want := verdicts(all[:4])+"; "+verdicts(all[4:]), allProved+"; L0 proved, L1 proved, L2 unproved at 10, L3 proved"; got != want {
		t.Errorf("with the beacon followed from its first block: got %s, want %s\n%+v", got, want, all)
	}
}
