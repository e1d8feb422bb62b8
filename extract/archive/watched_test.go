package archive

import (
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/ethereum/go-ethereum/common"
	"github.com/ethereum/go-ethereum/crypto"

	"github.com/vaultperf/vaultperf/extract/extracttest"
	"github.com/vaultperf/vaultperf/extract/vault"
	"github.com/vaultperf/vaultperf/sql/sqltest"
)

// An addressAt with a number is one that tests can read again.
func addressAt(n int) string { return fmt.Sprintf("0x%038x00", n) }

// topic is the first topic of an event's logs.
func topic(signature string) string { return crypto.Keccak256Hash([]byte(signature)).Hex() }

// asWord is an address as a topic.
func asWord(address string) string { return "0x" + strings.Repeat("0", 24) + address[2:] }

// wholeChain is what a chain's logs may hold of two vaults: v with a Safe and a
// token that everybody uses, a lending market, Euler's connector and one pool of
// Uniswap V4; w with the same token and a market that names borrowers in data.
func wholeChain(dir string) (Options, []archivedLog) {
	const (
		own, second, safe, account = 1, 2, 3, 4
		token, aave, evc, manager  = 10, 11, 12, 13
		compound, stranger         = 14, 99
		sibling                    = -1 // another sub-account of the Safe, as Euler counts them
	)
	poolID := "0x" + strings.Repeat("ab", 32)
	opt := testOptions(dir, "logs")
	shared := func(n int, role, family string) vault.Contract {
		return vault.Contract{Address: addressAt(n), Role: role, Family: family, Name: role, Shared: vault.SharedByDefault(role, family)}
	}
	pool := shared(manager, "pool", "uniswap_v4")
	pool.PoolID = poolID
	opt.Vaults = []vault.Vault{
		{
			ID: "v", ChainID: 1, Address: addressAt(own), Family: "erc4626", ShareDecimals: 18, Safe: addressAt(safe),
			Contracts: []vault.Contract{
				{Address: addressAt(account), Role: "account", Family: "safe"},
				shared(token, "asset", "erc20"), shared(aave, "lending", "aave_v3"), shared(evc, "lending", "evc"), pool,
			},
		},
		{
			ID: "w", ChainID: 1, Address: addressAt(second), Family: "erc4626", ShareDecimals: 18,
			Contracts: []vault.Contract{shared(token, "asset", "erc20"), shared(compound, "lending", "compound_v2")},
		},
	}
	transfer := topic("Transfer(address,address,uint256)")
	subAccount := asWord(strings.TrimSuffix(addressAt(safe), "00") + "07")
	move := func(contract, from, to int) archivedLog {
		receiver := subAccount
		if to != sibling {
			receiver = asWord(addressAt(to))
		}
		return archivedLog{address: addressAt(contract), topics: []string{transfer, asWord(addressAt(from)), receiver}, data: fmt.Sprintf("0x%064x", 5)}
	}
	aaveBorrow := func(who int) archivedLog {
		return archivedLog{
			address: addressAt(aave), topics: []string{topic("Borrow(address,address,address,uint256,uint8,uint256,uint16)"), asWord(addressAt(token)), asWord(addressAt(who)), "0x" + strings.Repeat("0", 64)},
			data: fmt.Sprintf("0x%s%064x%064x%064x", asWord(addressAt(who))[2:], 5, 2, 7),
		}
	}
	controller := archivedLog{address: addressAt(evc), topics: []string{topic("ControllerStatus(address,address,bool)"), subAccount, asWord(addressAt(stranger))}, data: fmt.Sprintf("0x%064x", 1)}
	registered := archivedLog{address: addressAt(evc), topics: []string{topic("OwnerRegistered(bytes19,address)"), "0x" + addressAt(safe)[2:40] + strings.Repeat("0", 26), asWord(addressAt(safe))}, data: "0x"}
	swap := func(id string) archivedLog {
		return archivedLog{
			address: addressAt(manager), topics: []string{topic("Swap(bytes32,address,int128,int128,uint160,uint128,int24,uint24)"), id, asWord(addressAt(stranger))},
			data: fmt.Sprintf("0x%064x%064x%064x%064x%064x%064x", 1, 2, 3, 4, 5, 6),
		}
	}
	compoundBorrow := archivedLog{address: addressAt(compound), topics: []string{topic("Borrow(address,uint256,uint256,uint256)")}, data: fmt.Sprintf("0x%s%064x%064x%064x", asWord(addressAt(stranger))[2:], 5, 6, 7)}
	logs := []archivedLog{
		move(own, 0, stranger),                // kept: the vault's own
		move(token, safe, stranger),           // kept: a topic is v's Safe
		move(token, stranger, account),        // kept: a topic is v's account
		move(token, second, stranger),         // kept: a topic is w
		move(token, stranger, stranger),       // filtered
		aaveBorrow(safe),                      // kept
		aaveBorrow(second),                    // filtered: w does not name this market
		aaveBorrow(stranger),                  // filtered
		controller,                            // kept: a sub-account
		registered,                            // kept: the prefix of its accounts
		swap(poolID),                          // kept
		swap("0x" + strings.Repeat("cd", 32)), // filtered
		compoundBorrow,                        // kept: no filter can tell
		move(stranger, safe, own),             // filtered: nobody's contract
		move(token, stranger, sibling),        // filtered: to a token no other account is the Safe's
	}
	for i := range logs {
		logs[i].block, logs[i].index = 1000+i, i
	}
	return opt, logs
}

func writeLogs(t *testing.T, path string, logs []archivedLog) {
	t.Helper()
	var all []any
	for _, l := range logs {
		all = append(all, l.object())
	}
	extracttest.WriteFile(t, path, []byte(extracttest.JSON(t, all)))
}

func TestRunKeepsLogsOfContracts(t *testing.T) {
	dir := t.TempDir()
	opt, logs := wholeChain(dir)
	writeLogs(t, filepath.Join(dir, "logs"), logs)
	db := sqltest.Open(t)

	alone := opt
	alone.Vaults = []vault.Vault{{ID: "v", ChainID: 1, Address: addressAt(1), Family: "erc4626", ShareDecimals: 18}}
	if f := mustImport(t, db, alone)[0]; f.Kept != 1 || f.Filtered != 14 {
		t.Errorf("without contracts: %+v, want 1 kept", f)
	}
	for range 2 { // new contracts have the file read again; a third run does not
		f := mustImport(t, db, opt)[0]
		if f.Kept != 9 || f.Filtered != 6 || f.SetAside != 0 {
			t.Errorf("with contracts: %+v, want 9 kept", f)
		}
	}
	const blocks = "select string_agg(block_number - 1000, ' ' order by block_number) from raw.logs"
	if got := sqltest.Query(t, db, blocks); got != "0 1 2 3 5 8 9 10 12\n" {
		t.Errorf("kept logs %s", got)
	}
	const events = "select string_agg(address[-4:-3] || ' ' || event, ', ' order by block_number) from raw.events"
	if got := sqltest.Query(t, db, events); got != "01 Transfer, 0a Transfer, 0a Transfer, 0a Transfer, 0b Borrow, 0c ControllerStatus, 0c OwnerRegistered, 0d Swap, 0e Borrow\n" {
		t.Errorf("events %s", got)
	}
	// a contract's span counts what others did with it too
	const spans = "select address[-4:-3] || ' ' || logs || ' ' || from_block - 1000 || ' ' || to_block - 1000 || ' ' || is_complete from raw.spans order by 1"
	equalText(t, sqltest.Query(t, db, spans), "01 1 0 0 false", "0a 5 1 14 false", "0b 3 5 7 false", "0c 2 8 9 false", "0d 2 10 11 false", "0e 1 12 12 false")

	opt.Archives[0].Complete = true
	if f := mustImport(t, db, opt)[0]; f.State != "reread" || f.New != 0 {
		t.Errorf("complete now: %+v", f)
	}
	equalText(
		t, sqltest.Query(t, db, spans), "01 1 0 14 true", "02 0 0 14 true", "03 0 0 14 true", "04 0 0 14 true",
		"0a 5 0 14 true", "0b 3 0 14 true", "0c 2 0 14 true", "0d 2 0 14 true", "0e 1 0 14 true",
	)
}

func equalText(t *testing.T, got string, want ...string) {
	t.Helper()
	if got != strings.Join(want, "\n")+"\n" {
		t.Errorf("got\n%swant\n%s\n", got, strings.Join(want, "\n"))
	}
}

func BenchmarkImportShared(b *testing.B) {
	dir := b.TempDir()
	benchLogs(b, dir)
	contracts := benchContracts(b)
	v := vault.Vault{ID: "v", ChainID: 1, Address: contracts[0], Family: "observed", Safe: addressAt(1)}
	for _, c := range contracts[1:5] {
		v.Contracts = append(v.Contracts, vault.Contract{Address: c, Role: "lending", Family: "aave_v3", Shared: true})
	}
	benchVaults(b, dir, "binary.parquet", []vault.Vault{v}, false)
}

// TestNodeAsksWhatImportKeeps: what a node is asked for gives the same logs as
// the import of a file, a pool's and those of sub-accounts too.
func TestNodeAsksWhatImportKeeps(t *testing.T) {
	opt, logs := wholeChain(t.TempDir())
	filters, err := vault.Filters(opt.Vaults)
	if err != nil {
		t.Fatal(err)
	}
	answers := func(f vault.Filter, l archivedLog) bool {
		if common.Address(f.Address) != common.HexToAddress(l.address) {
			return false
		}
		for i, words := range f.Topics {
			if words != nil && (i >= len(l.topics) || !slices.Contains(words, [32]byte(common.HexToHash(l.topics[i])))) {
				return false
			}
		}
		return true
	}
	var got []int
	for _, l := range logs {
		if slices.ContainsFunc(filters, func(f vault.Filter) bool { return answers(f, l) }) {
			got = append(got, l.block-1000)
		}
	}
	if want := []int{0, 1, 2, 3, 5, 8, 9, 10, 12}; !slices.Equal(got, want) {
		t.Errorf("filters give %v, want %v", got, want)
	}
}
