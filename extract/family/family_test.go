package family

import (
	"bytes"
	"encoding/csv"
	"flag"
	"fmt"
	"io/fs"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	models "github.com/vaultperf/vaultperf/sql"
)

var update = flag.Bool("update", false, "rewrite expected outputs")

// golden is what tests of models, and readers, take for the contents of raw.families.
const golden = "../../sql/generated/families.csv"

var columnForm = regexp.MustCompile(`(?m)^    ([a-z_]+) `)

// TestRowsAreWritten: the file has the rows of raw.families under its columns.
func TestRowsAreWritten(t *testing.T) {
	table, err := fs.ReadFile(models.Files, "raw/families.sql")
	if err != nil {
		t.Fatal(err)
	}
	var lines [][]string
	var header []string
	for _, m := range columnForm.FindAllSubmatch(table, -1) {
		header = append(header, string(m[1]))
	}
	lines = append(lines, header)
	for _, row := range Rows() {
		line := make([]string, len(row))
		for i, value := range row {
			if value != nil {
				line[i] = fmt.Sprint(value)
			}
		}
		lines = append(lines, line)
	}
	var got bytes.Buffer
	if err := csv.NewWriter(&got).WriteAll(lines); err != nil {
		t.Fatal(err)
	}
	if *update {
		if err := os.WriteFile(golden, got.Bytes(), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(golden)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(got.Bytes(), want) {
		t.Errorf("%s is not what the registry gives: run `make golden`", golden)
	}
}

// TestFamiliesAreWhole: names differ, every family has a label, a vault that can be
// recognised has reads, and each has one source of flows.
func TestFamiliesAreWhole(t *testing.T) {
	names := map[string]bool{}
	for _, f := range All() {
		if names[f.Name] || f.Name == "" || f.Label == "" {
			t.Errorf("%q: its name is there twice, or it has no label", f.Name)
		}
		names[f.Name] = true
		if f.IsVault != slices.Contains([]string{"settlements", "events", "transfers"}, f.Flows) {
			t.Errorf("%s: flows from %q", f.Name, f.Flows)
		}
		if f.IsVault && (len(f.Answers) > 0) != (len(f.Price) > 0) {
			t.Errorf("%s: recognised by %v, read by %v", f.Name, f.Answers, f.Price)
		}
		if f.Accountant != nil && !names[f.Accountant.Family] && all[f.Accountant.Family].Name == "" || f.ProxyAdmin != "" && all[f.ProxyAdmin].Name == "" {
			t.Errorf("%s: a contract around it is of no family", f.Name)
		}
	}
}

// TestGivingEventsAreKnown: each is an event of some family.
func TestGivingEventsAreKnown(t *testing.T) {
	known := map[string]bool{}
	for _, f := range All() {
		for _, group := range f.Events {
			for _, signature := range group {
				name, _, _ := strings.Cut(signature, "(")
				known[name] = true
			}
		}
	}
	for _, name := range GivingEvents {
		if !known[name] {
			t.Errorf("%s is an event of no family", name)
		}
	}
}
