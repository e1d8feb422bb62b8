package decode

import (
	"bytes"
	"encoding/csv"
	"fmt"
	"io/fs"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/ethereum/go-ethereum/common/hexutil"
	"github.com/ethereum/go-ethereum/crypto"

	"github.com/vaultperf/vaultperf/extract/family"
	models "github.com/vaultperf/vaultperf/sql"
)

// TestPermissionKinds: every event that the permissions name is one that a
// family emits, with the arguments it names, and the family tables hold no two
// meanings of it. So is every event that leaves another term behind.
func TestPermissionKinds(t *testing.T) {
	byName := map[string][]*Event{}
	for _, f := range family.All() {
		for _, text := range slices.Concat(f.Events...) {
			e, err := parseEvent(text)
			if err != nil {
				t.Fatal(err)
			}
			byName[e.Name] = append(byName[e.Name], e)
		}
	}
	has := func(e *Event, name string) bool {
		return name == "" || slices.ContainsFunc(e.arguments, func(a argument) bool { return a.name == name })
	}
	matched := map[*Event]string{}
	for _, row := range seed(t, "permission_kinds", "event", "present", "when_is", "changed_by", "subject", "object", "before", "after", "effective", "term", "allows") {
		keys := slices.DeleteFunc(slices.Concat([]string{strings.Split(row[2], " is ")[0], row[3]}, namedIn(row[4:9])), func(key string) bool {
			return key == "" || slices.Contains(computedKeys, key)
		})
		var fits int
		for _, e := range byName[row[0]] {
			if !has(e, row[1]) {
				continue
			}
			if row[1] == "" && matched[e] != "" && matched[e] != row[0]+" " {
				continue // another row fits it first
			}
			if own := row[0] + " " + row[1]; matched[e] != "" && matched[e] != own {
				t.Errorf("%s: both %q and %q of permission_kinds fit it", e.Signature, matched[e], own)
			}
			matched[e] = row[0] + " " + row[1]
			if !slices.ContainsFunc(keys, func(key string) bool { return !has(e, key) }) {
				fits++
			}
		}
		if fits == 0 {
			t.Errorf("no event %s with %q has the arguments %q", row[0], row[1], keys)
		}
		for i, what := range []string{"is so after it", "it changes", "it allows"} {
			if row[[]int{7, 9, 10}[i]] == "" {
				t.Errorf("%s: nothing says what %s", row[0], what)
			}
		}
	}
	for _, row := range seed(t, "permission_effects", "event", "present", "when_is", "subject", "object", "after", "term") {
		keys := append(namedIn(row[3:6]), row[1], strings.Split(row[2], " is ")[0])
		if !slices.ContainsFunc(byName[row[0]], func(e *Event) bool {
			return !slices.ContainsFunc(keys, func(key string) bool { return !has(e, key) })
		}) {
			t.Errorf("no event %s has the arguments %q", row[0], keys)
		}
	}
}

// TestPowersOfNobody: where an event can give a power to the zero address, a row says so in
// words of its own.
func TestPowersOfNobody(t *testing.T) {
	addresses := map[string]bool{} // event and argument
	for _, f := range family.All() {
		for _, text := range slices.Concat(f.Events...) {
			name, _, _ := strings.Cut(text, "(")
			for _, m := range addressArguments.FindAllStringSubmatch(text, -1) {
				addresses[name+" "+m[1]] = true
			}
		}
	}
	value := regexp.MustCompile(`^\{([^}:]*)(:none)?\}`)
	isTold := map[string]bool{}
	seen := map[string]bool{}
	for _, row := range seed(t, "permission_kinds", "event", "when_is", "after", "allows", "allows_not") {
		if argument, is := strings.CutSuffix(row[1], " is nobody"); is {
			isTold[row[0]+" "+argument] = true
		}
		m := value.FindStringSubmatch(row[2])
		if m == nil || !addresses[row[0]+" "+m[1]] {
			continue
		}
		key := row[0] + " " + m[1]
		isTold[key] = isTold[key] || row[4] != ""
		if !isTold[key] && neverNobody[row[0]] == "" {
			t.Errorf("%s: after it nobody %q", key, row[3])
		}
		seen[row[0]] = seen[row[0]] || !isTold[key]
	}
	for event := range neverNobody {
		if !seen[event] {
			t.Errorf("%s names no address, or has words for nobody", event)
		}
	}
}

var addressArguments = regexp.MustCompile(`\baddress (?:indexed )?(\w+)`)

// neverNobody are the events whose contract refuses the zero address, and how.
var neverNobody = map[string]string{
	"Upgraded":                      "code must be there",
	"BeaconUpgraded":                "code must be there",
	"SetImplementation":             "code must be there",
	"UpdateGovernance":              "it must accept",
	"UpdateManagement":              "the strategy's must accept",
	"AdminTransferred":              "it must accept",
	"UpdatePerformanceFeeRecipient": "the strategy asks for an address",
}

// computedKeys stand for no argument of an event: what models make of several.
var computedKeys = []string{"call", "function", "members", "members_before", "api_version", "contract_role"}

var braces = regexp.MustCompile(`\{([^}:]*)[^}]*\}`)

// namedIn are the arguments in the braces of texts.
func namedIn(texts []string) []string {
	var keys []string
	for _, m := range braces.FindAllStringSubmatch(strings.Join(texts, " "), -1) {
		keys = append(keys, m[1])
	}
	return keys
}

// TestPermissionTerms: what an event leaves of another term is a term that some event
// tells, with a subject and an object of the same form, and what waits for a term's time
// names one that is told in seconds.
func TestPermissionTerms(t *testing.T) {
	told := map[string]bool{}
	for _, row := range seed(t, "permission_kinds", "term", "subject", "object", "after") {
		told[row[0]] = true
		told[fmt.Sprintf("%s %t %t", row[0], row[1] != "", row[2] != "")] = true
		if strings.HasSuffix(row[3], ":seconds}") && strings.HasPrefix(row[3], "{") {
			told[row[0]+" in seconds"] = true
		}
	}
	for _, row := range seed(t, "permission_effects", "term", "subject", "object") {
		if term := fmt.Sprintf("%s %t %t", row[0], row[1] != "", row[2] != ""); !told[term] {
			t.Errorf("no event tells %s", term)
		}
	}
	for _, row := range seed(t, "permission_kinds", "event", "effective") {
		if term, waits := strings.CutPrefix(row[1], "+"); waits && !strings.HasPrefix(term, "{") && !told[term+" in seconds"] {
			t.Errorf("%s waits for %q, which no event tells in seconds", row[0], term)
		}
	}
}

// TestFunctions: a function's selector is the start of its signature's hash.
func TestFunctions(t *testing.T) {
	for _, row := range seed(t, "functions", "selector", "signature") {
		if want := hexutil.Encode(crypto.Keccak256([]byte(row[1]))[:4]); row[0] != want {
			t.Errorf("%s is %s, want %s", row[1], row[0], want)
		}
	}
}

// TestRoleNames: a role's id is the hash of its name, but for the admin's.
func TestRoleNames(t *testing.T) {
	for _, row := range seed(t, "role_names", "role", "role_name") {
		want := crypto.Keccak256Hash([]byte(row[1])).Hex()
		if row[1] == "DEFAULT_ADMIN_ROLE" {
			want = "0x" + strings.Repeat("0", 64)
		}
		if row[0] != want {
			t.Errorf("%s is %s, want %s", row[1], row[0], want)
		}
	}
}

// seed reads columns of a CSV file of sql/seeds.
func seed(t *testing.T, name string, columns ...string) [][]string {
	t.Helper()
	text, err := fs.ReadFile(models.Files, "seeds/"+name+".csv")
	if err != nil {
		t.Fatal(err)
	}
	lines, err := csv.NewReader(bytes.NewReader(text)).ReadAll()
	if err != nil || len(lines) < 2 {
		t.Fatalf("%s: %d lines, %v", name, len(lines), err)
	}
	var rows [][]string
	for _, line := range lines[1:] {
		var row []string
		for _, column := range columns {
			row = append(row, line[slices.Index(lines[0], column)])
		}
		rows = append(rows, row)
	}
	return rows
}
