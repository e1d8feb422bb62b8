package extract

import (
	"encoding/csv"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/vaultperf/vaultperf/sql/sqltest"
)

// TestRunWritesFamilies: raw.families holds the registry, also after a second run.
func TestRunWritesFamilies(t *testing.T) {
	file, err := os.Open("../sql/generated/families.csv")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = file.Close() }()
	lines, err := csv.NewReader(file).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	var want []string
	for _, line := range lines[1:] {
		for i, cell := range line {
			if cell == "" {
				line[i] = "NULL"
			}
		}
		want = append(want, strings.Join(line, "|"))
	}
	db := sqltest.Open(t)
	for range 2 {
		mustRun(t, db, Options{Now: time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)})
	}
	conn, err := db.Conn(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = conn.Close() }()
	if got := sqltest.Lines(t, conn, "select * from raw.families order by position"); !slices.Equal(got, want) {
		t.Errorf("got\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
}
