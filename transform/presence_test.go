package transform

import (
	"database/sql"
	"encoding/csv"
	"os"
	"slices"
	"strings"
	"testing"

	models "github.com/vaultperf/vaultperf/sql"
	"github.com/vaultperf/vaultperf/transform/model"
)

// emptyIsEmpty: what a run left unbuilt has no rows where it is built, either.
func emptyIsEmpty(t testing.TB, db *sql.DB) {
	t.Helper()
	list, err := model.All()
	if err != nil {
		t.Fatal(err)
	}
	unbuilt := unbuilt(t, db)
	for _, m := range list {
		if !slices.Contains(unbuilt, m.String()) && (m.Schema != "marts" || len(m.Needs) == 0 || one[bool](t, db, "select exists (from "+m.String()+")")) {
			continue
		}
		if one[bool](t, db, "select exists ("+m.Query+")") {
			t.Errorf("%s was left unbuilt for what it needs, and has rows: %s", m, m.Needs)
		}
	}
}

// TestWhatIsAbsentIsNotBuilt: a family's own models are built where a vault is of it, and
// not where none is.
func TestWhatIsAbsentIsNotBuilt(t *testing.T) {
	t.Parallel()
	db, opt := loadCase(t, "testdata/cases/fees_of_lagoon_by_receiver")
	run(t, db, opt)
	left := unbuilt(t, db)
	if slices.Contains(left, "intermediate.lagoon_prices") {
		t.Error("there is a Lagoon vault, and its prices were left unbuilt")
	}
	if !slices.Contains(left, "intermediate.veda_rates") {
		t.Errorf("there is no Veda vault, and its rates were built; unbuilt are %v", left)
	}
}

// unbuilt are the views that stand for models that a run did not build.
func unbuilt(t testing.TB, db *sql.DB) []string {
	t.Helper()
	return lines(t, db, `
		select schema_name || '.' || view_name from duckdb_views()
		where sql like 'CREATE VIEW % AS SELECT CAST(NULL AS % WHERE CAST(''f'' AS BOOLEAN);'
		order by all`)
}

// TestColumns: the columns of marts, and of models that may be left unbuilt, are those
// of the built ones; -update writes them anew.
func TestColumns(t *testing.T) {
	db := database(t)
	list, err := model.All()
	if err != nil {
		t.Fatal(err)
	}
	whole := slices.Clone(list)
	for i := range whole {
		whole[i].Needs = nil
	}
	conn, err := db.Conn(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	if err := loadSeeds(t.Context(), conn, models.Files); err != nil {
		t.Fatal(err)
	}
	tx, err := conn.BeginTx(t.Context(), nil)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := build(t.Context(), tx, whole, true, func(string) {}); err != nil {
		_ = tx.Rollback() // else the connection waits for it for ever
		t.Fatal(err)
	}
	if err := tx.Commit(); err != nil {
		t.Fatal(err)
	}
	columns := map[string][][]string{}
	scan(t, db, func(scan func(...any) error) error {
		var relation, column, kind string
		err := scan(&relation, &column, &kind)
		columns[relation] = append(columns[relation], []string{relation, column, kind})
		return err
	}, `select schema_name || '.' || table_name, column_name, data_type from duckdb_columns()
		where not internal order by schema_name, table_name, column_index`)
	rows := [][]string{{"relation", "column", "type"}}
	for _, m := range list {
		if len(m.Needs) > 0 || m.Schema == "marts" {
			rows = append(rows, columns[m.String()]...)
		}
	}
	var want strings.Builder
	if err := csv.NewWriter(&want).WriteAll(rows); err != nil {
		t.Fatal(err)
	}
	file := "../sql/" + model.ColumnsFile
	got, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if string(got) == want.String() {
		return
	}
	if !*update {
		t.Fatalf("sql/%s is not what the models' columns are: run `make golden`", model.ColumnsFile)
	}
	if err := os.WriteFile(file, []byte(want.String()), 0o644); err != nil {
		t.Fatal(err)
	}
}
