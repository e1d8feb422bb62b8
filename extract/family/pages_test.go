package family

import (
	"fmt"
	"os"
	"strings"
	"testing"
)

// readsHead begins the table of a family's page that says what a node is asked.
const readsHead = "| when | what is asked |\n|---|---|\n"

// TestReadsAreDocumented: each family's page in docs/families lists what is read of its
// vaults, and when.
func TestReadsAreDocumented(t *testing.T) {
	for _, f := range vaults {
		page := "../../docs/families/" + f.Name + ".md"
		content, err := os.ReadFile(page)
		if err != nil {
			t.Fatal(err)
		}
		text := string(content)
		before, rest, hasTable := strings.Cut(text, readsHead)
		if hasTable != (len(f.Reads()) > 0) {
			t.Errorf("%s: has a table of reads: %v", page, hasTable)
		}
		if !hasTable {
			continue
		}
		for strings.HasPrefix(rest, "|") {
			_, rest, _ = strings.Cut(rest, "\n")
		}
		want := before + readsHead + readRows(f) + rest
		if *update && want != text {
			if err := os.WriteFile(page, []byte(want), 0o600); err != nil {
				t.Fatal(err)
			}
			text = want
		}
		if text != want {
			t.Errorf("%s does not list what is read: run `make golden`", page)
		}
	}
}

// readRows are the rows of the table of a family's reads.
func readRows(f Family) string {
	var rows strings.Builder
	ofHolder, ofVault := f.ExitReads()
	for _, group := range []struct {
		when  string
		reads []Read
	}{
		{"where the price can have changed", f.Price},
		{"each day's last block", f.Daily},
		{"the same, of the vault itself", ofVault},
		{"the same, of the largest holder", ofHolder},
		{"the first and the last block", f.Once},
	} {
		if len(group.reads) == 0 {
			continue
		}
		names := make([]string, len(group.reads))
		for i, r := range group.reads {
			names[i] = "`" + r.Field() + "`"
		}
		fmt.Fprintf(&rows, "| %s | %s |\n", group.when, strings.Join(names, ", "))
	}
	return rows.String()
}
