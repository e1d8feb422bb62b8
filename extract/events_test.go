package extract

import (
	"encoding/json"
	"maps"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/ethereum/go-ethereum/common"
)

// TestEventTopics checks names, indexed flags and topic0 of every event against
// a list that was made from the contracts' sources.
func TestEventTopics(t *testing.T) {
	text, err := os.ReadFile("../../shared/reference/events.json")
	if err != nil {
		t.Skip("needs ../shared/reference/events.json beside the repository")
	}
	var list []struct {
		Family, Signature, Topic0 string
		Params                    []struct {
			Name, Type string
			Indexed    bool
		}
	}
	if err := json.Unmarshal(text, &list); err != nil {
		t.Fatal(err)
	}
	groups := map[string][][]string{
		"erc20": {erc20Events}, "erc4626": {erc4626Events}, "erc7540": {erc7540Events},
		"lagoon-v0.1..v0.5": {lagoonEvents}, "lagoon-v0.5": {lagoonV5Events}, "lagoon-v0.6": {lagoonV6Events},
		"oz-ownable": {lagoonInheritedEvents}, "oz-ownable2step": {lagoonInheritedEvents}, "oz-pausable": {lagoonInheritedEvents},
		"oz-initializable": {lagoonInheritedEvents}, "oz-ierc1967": {lagoonInheritedEvents}, "erc7575": {lagoonInheritedEvents},
	}
	seen := map[string]int{}
	for _, want := range list {
		tables, ours := groups[want.Family]
		if !ours {
			continue
		}
		set, err := newEventSet(tables...)
		if err != nil {
			t.Fatal(err)
		}
		found := set[common.HexToHash(want.Topic0)]
		if len(found) != 1 {
			t.Errorf("%s %s: %d events have its topic0", want.Family, want.Signature, len(found))
			continue
		}
		seen[want.Family]++
		var arguments []argument
		for _, p := range want.Params {
			arguments = append(arguments, argument{p.Name, p.Indexed, `"` + p.Name + `":`})
		}
		if got := found[0]; !slices.Equal(got.arguments, arguments) || got.signature != strings.ReplaceAll(want.Signature, " ", "") {
			t.Errorf("%s: got %s %v, want %v", want.Signature, got.signature, got.arguments, arguments)
		}
	}
	for family, tables := range groups {
		if len(tables[0]) != seen[family] && family != "oz-ownable" && !strings.HasPrefix(family, "oz-") && family != "erc7575" {
			t.Errorf("%s: %d events of ours, %d in the list", family, len(tables[0]), seen[family])
		}
	}
}

// TestFamilies: the official ABIs have 28 events in v0.5 and 49 in v0.6, of
// which RatesUpdated replaced one; the proxy and ERC-7575 add 4.
func TestFamilies(t *testing.T) {
	sets, err := eventSets()
	if err != nil {
		t.Fatal(err)
	}
	if !slices.Equal(slices.Sorted(maps.Keys(sets)), slices.Sorted(slices.Values(Families))) {
		t.Errorf("families %v, event sets %v", Families, slices.Sorted(maps.Keys(sets)))
	}
	for family, want := range map[string]int{"observed": 0, "erc4626": 4, "erc7540": 7, "lagoon": 49 + 1 + 4} {
		if len(sets[family]) != want {
			t.Errorf("%s: %d events, want %d", family, len(sets[family]), want)
		}
	}
}

func TestParseEvent(t *testing.T) {
	e, err := parseEvent("E((uint16,(bool,bytes32)[]) indexed a, uint40[2] b, string indexed c)")
	if err != nil {
		t.Fatal(err)
	}
	if e.signature != "E((uint16,(bool,bytes32)[]),uint40[2],string)" || len(e.topics) != 2 || e.topics[0].Type.String() != "bytes32" {
		t.Errorf("got %s, topics %v", e.signature, e.topics)
	}
	for _, text := range []string{
		"", "E", "E(", "(uint256 a)", "E(uint256)", "E(uint256 a b)", "E(word a)", "E(uint256 a,)", "E((uint256 a)", "E((uint256) indexed)",
		"E(uint256 indexed a, uint256 indexed b, uint256 indexed c, uint256 indexed d)", "E(uint256 a))",
	} {
		if e, err := parseEvent(text); err == nil {
			t.Errorf("%q: got %s, want an error", text, e.signature)
		}
	}
}

// TestEventVariants: indexed flags are no part of topic0.
func TestEventVariants(t *testing.T) {
	const v130, v141 = "AddedOwner(address owner)", "AddedOwner(address indexed owner)"
	set, err := newEventSet([]string{v130, v141})
	if err != nil {
		t.Fatal(err)
	}
	owner := common.LeftPadBytes(common.FromHex(alusd), 32)
	topic0 := common.FromHex("0x9465fa0c962cc76958e6373a993326400c1c94f8be2fe3a952adfa7f60b2ea26")
	want := `{"owner":"` + alusd + `"}`
	for name, log := range map[string]struct {
		topics [][]byte
		data   []byte
	}{"in data": {[][]byte{topic0}, owner}, "in topics": {[][]byte{topic0, owner}, nil}} {
		if _, got, err := decodeLog(set, log.topics, log.data, nil); err != nil || string(got) != want {
			t.Errorf("%s: got %s, %v, want %s", name, got, err, want)
		}
	}
	if _, _, err := decodeLog(set, [][]byte{topic0, owner, owner}, nil, nil); err == nil || err.Error() != "undecodable: AddedOwner(address) has 3 topics, want 1 or 2" {
		t.Errorf("got %v", err)
	}
	if _, err := newEventSet([]string{v130}, []string{"AddedOwner(address who)"}); err == nil {
		t.Error("two events that no log tells apart: want an error")
	}
}
