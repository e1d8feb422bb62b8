package discover

import (
	"fmt"
	"math/big"
	"strings"
	"testing"

	"github.com/ethereum/go-ethereum/common"

	"github.com/vaultperf/vaultperf/extract/extracttest"
	"github.com/vaultperf/vaultperf/extract/state"
	"github.com/vaultperf/vaultperf/extract/vault"
	"github.com/vaultperf/vaultperf/sql/sqltest"
)

// TestVaultWithWhatIsAround has a vault whose hook is a teller, with an accountant behind
// it, that an authority and a timelock govern, and whose fees somebody is paid.
func TestVaultWithWhatIsAround(t *testing.T) {
	at := map[string]common.Address{"fees": {7}}
	c := extracttest.StartChain(t, 4, 3600, false, nil, func(i int, b *extracttest.Block) {
		if i != 2 {
			return
		}
		for _, name := range []string{"vault", "teller", "accountant", "authority", "timelock", "asset"} {
			at[name] = b.Deploy(extracttest.Fixture(0))
		}
		say := func(who, function string, value *big.Int) {
			b.Call(at[who], extracttest.SetAnswer(state.Selector(function+"()"), extracttest.ModeReturn, value))
		}
		lead := func(who, function, to string) { say(who, function, new(big.Int).SetBytes(at[to].Bytes())) }
		say("vault", "totalSupply", big.NewInt(1))
		say("vault", "decimals", big.NewInt(6))
		lead("vault", "hook", "teller")
		lead("vault", "authority", "authority")
		lead("vault", "owner", "timelock")
		lead("vault", "feeRecipient", "fees")
		lead("teller", "vault", "vault")
		lead("teller", "accountant", "accountant")
		lead("accountant", "vault", "vault")
		lead("accountant", "base", "asset")
		say("asset", "decimals", big.NewInt(6))
		say("timelock", "getMinDelay", big.NewInt(60))
	})
	d, err := Vault(t.Context(), &extracttest.Node{Url: c.Url}, 1337, at["vault"].Hex(), int64(c.Tip))
	if err != nil {
		t.Fatal(err)
	}
	got := d.Family + "\n"
	names := map[string]string{}
	for name, address := range at {
		names[strings.ToLower(address.Hex())] = name
	}
	for _, one := range d.Contracts {
		got += fmt.Sprintln(names[one.Address], one.Role, one.Family)
	}
	for _, r := range d.Roles {
		got += fmt.Sprintln(r.Name, names[r.Holder])
	}
	want := `veda
accountant accountant veda_accountant
asset asset erc20
teller governor veda_teller
authority governor veda_authority
timelock governor timelock
owner timelock
authority authority
feeRecipient fees
`
	if got != want {
		t.Errorf("got\n%swant\n%s", got, want)
	}
	if notes := strings.Join(d.Notes, "\n"); !strings.Contains(notes, "queue") {
		t.Errorf("nothing says that the queue was not found: %s", notes)
	}
}

// TestRecallMembers: what a vault has put on its list since it was discovered is found by
// its logs, and stays after it is taken off.
func TestRecallMembers(t *testing.T) {
	db := sqltest.Open(t)
	const one, other = "0x00000000000000000000000000000000000000d1", "0x00000000000000000000000000000000000000d2"
	for i, event := range []string{"AddAdapter", "AddAdapter", "RemoveAdapter", "AddAdapter"} {
		member := []string{one, other, one, one}[i]
		_, err := db.ExecContext(t.Context(), "insert into raw.events (chain_id, block_number, log_index, transaction_hash, address, event, signature, arguments) values (1, ?, 0, '0x00', ?, ?, '', ?)",
			i, extracttest.LagoonAddress, event, fmt.Sprintf(`{"account": "%s"}`, member))
		if err != nil {
			t.Fatal(err)
		}
	}
	found, err := recallMembers(t.Context(), db, vault.Vault{ChainID: 1, Address: extracttest.LagoonAddress, Family: "morpho_v2"})
	if err != nil {
		t.Fatal(err)
	}
	got := ""
	for _, c := range found {
		got += fmt.Sprintln(c.Address, c.Role, c.Family)
	}
	if want := one + " account morpho_adapter\n" + other + " account morpho_adapter\n"; got != want {
		t.Errorf("got\n%swant\n%s", got, want)
	}
}

// TestPowersWithoutEnd has contracts that own each other in a row longer than is followed,
// the last of which owns the first.
func TestPowersWithoutEnd(t *testing.T) {
	var vaultAt common.Address
	var owners []common.Address
	c := extracttest.StartChain(t, 4, 3600, false, nil, func(i int, b *extracttest.Block) {
		if i != 2 {
			return
		}
		say := func(who common.Address, function string, value *big.Int) {
			b.Call(who, extracttest.SetAnswer(state.Selector(function+"()"), extracttest.ModeReturn, value))
		}
		vaultAt = b.Deploy(extracttest.Fixture(0))
		for range mostSteps + 3 {
			owners = append(owners, b.Deploy(extracttest.Fixture(0)))
		}
		say(vaultAt, "totalAssets", big.NewInt(1))
		say(vaultAt, "asset", new(big.Int).SetBytes(b.Deploy(extracttest.Fixture(0)).Bytes()))
		b.Call(vaultAt, extracttest.SetAnswer(append(state.Selector("convertToAssets(uint256)"), make([]byte, 32)...), extracttest.ModeReturn, big.NewInt(1)))
		for k, at := range append([]common.Address{vaultAt}, owners...) {
			say(at, "owner", new(big.Int).SetBytes(owners[k%len(owners)].Bytes()))
		}
	})
	d, err := Vault(t.Context(), &extracttest.Node{Url: c.Url}, 1337, vaultAt.Hex(), int64(c.Tip))
	if err != nil {
		t.Fatal(err)
	}
	governors := 0
	for _, one := range d.Contracts {
		if one.Role == vault.RoleGovernor {
			governors++
		}
	}
	if governors != mostSteps {
		t.Errorf("%d governors, want those of %d steps", governors, mostSteps)
	}
	notes := strings.Join(d.Notes, "\n")
	if next := strings.ToLower(owners[mostSteps].Hex()); !strings.Contains(notes, "were not followed: "+next) {
		t.Errorf("nothing says that %s was not followed: %s", next, notes)
	}
}
