package decode

import (
	"bytes"
	"encoding/csv"
	"io/fs"
	"slices"
	"strings"
	"testing"

	"github.com/ethereum/go-ethereum/crypto"

	"github.com/vaultperf/vaultperf/extract/family"
	models "github.com/vaultperf/vaultperf/sql"
)

// TestPermissionKinds: every event that the permissions name is one that a
// family emits, with the arguments it names, and the family tables hold no two
// meanings of it.
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
	for _, row := range seed(t, "permission_kinds", "event", "present", "subject_key", "object_key", "before_key", "after_key", "by_key", "before_word", "after_word") {
		var fits int
		for _, e := range byName[row[0]] {
			if !has(e, row[1]) {
				continue
			}
			if matched[e] != "" {
				t.Errorf("%s: both %q and %q of permission_kinds fit it", e.Signature, matched[e], row[1])
			}
			matched[e] = row[0] + " " + row[1]
			if has(e, row[2]) && has(e, row[3]) && has(e, row[4]) && has(e, row[5]) {
				fits++
			}
		}
		if fits == 0 {
			t.Errorf("no event %s has the arguments %q", row[0], row[1:7])
		}
		if row[5] == "" && row[8] == "" {
			t.Errorf("%s: nothing says what is so after it", row[0])
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
