package transform

import (
	"errors"
	"fmt"
	"io/fs"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	models "github.com/vaultperf/vaultperf/sql"
	"github.com/vaultperf/vaultperf/transform/generate"
	"github.com/vaultperf/vaultperf/transform/model"
)

// parsed is a model of marts with this query.
func parsed(t *testing.T, name, query string) model.Model {
	t.Helper()
	m, err := model.Parse("marts", name+".sql", "-- One row.\n-- grain: v\n"+query)
	if err != nil {
		t.Fatal(err)
	}
	return m
}

// TestOrder: every model of the project comes after all it reads, and reads
// nothing that is not there.
func TestOrder(t *testing.T) {
	list, err := model.All()
	if err != nil {
		t.Fatal(err)
	}
	var built []string
	for _, m := range list {
		for _, name := range m.Reads {
			schema, _, _ := strings.Cut(name, ".")
			if schema != "raw" && schema != "seeds" && !slices.Contains(built, name) {
				t.Errorf("%s reads %s, which is not built before it", m, name)
			}
		}
		built = append(built, m.String())
	}
}

// TestMissingRelation: a model that reads what is not there is named.
func TestMissingRelation(t *testing.T) {
	db := database(t)
	list := []model.Model{parsed(t, "a", "select v from marts.nowhere")}
	_, err := newFigures(t, db).build(t.Context(), list)
	if err == nil || !strings.Contains(err.Error(), "build marts.a") || !strings.Contains(err.Error(), "nowhere") {
		t.Errorf("got %v, want an error that names marts.a and what it misses", err)
	}
}

// TestBrokenGrain: the error names the model, counts the keys and shows one.
func TestBrokenGrain(t *testing.T) {
	for name, c := range map[string]struct {
		query string
		rows  int64
	}{
		"repeated": {"select unnest([1, 2, 2, 3, 3]) as v", 2},
		"null":     {"select unnest([1, null]) as v", 1},
	} {
		t.Run(name, func(t *testing.T) {
			db := database(t)
			list := []model.Model{parsed(t, "a", c.query)}
			b := newFigures(t, db)
			if _, err := b.build(t.Context(), list); err != nil {
				t.Fatal(err)
			}
			err := check(t.Context(), b.conns[0], fstest.MapFS{}, list, func(string) {})
			var broken *CheckError
			ok := errors.As(err, &broken)
			if !ok || broken.Check != "grain of marts.a" || broken.Rows != c.rows || broken.First == "" {
				t.Errorf("got %v, want a CheckError of the grain of marts.a with %d rows", err, c.rows)
			}
		})
	}
}

// TestUnsoundFiguresAreFound: a metric that has a value and a reason, or neither,
// stops the run by name.
func TestUnsoundFiguresAreFound(t *testing.T) {
	db := database(t)
	addVault(t, db, "v", "observed")
	addReadings(t, db, 1, []reading{{vault: "v", at: date("2025-09-01"), price: ptr(1.0)}, {vault: "v", at: date("2025-09-02"), price: ptr(1.01)}})
	run(t, db, Options{AsOf: date("2025-09-04")})
	check, err := fs.ReadFile(models.Files, "checks/figures_are_sound.sql")
	if err != nil {
		t.Fatal(err)
	}
	equalLines(t, lines(t, db, string(check)))
	for _, broken := range []struct{ reason, value string }{
		{"'stale'", "1"},
		{"null::varchar", "null::double"},
		{"'made_up'", "null::double"},
	} {
		for shape, query := range map[string]string{
			"plain":      "select\n    vault_id,\n    period,\n    %s as reason,\n    %s as value\nfrom intermediate.periods\n",
			"of its own": "with p as (from intermediate.periods)\nselect vault_id, period, %s as reason, %s as value\nfrom p\n",
		} {
			files := fstest.MapFS{model.ColumnsFile: {}}
			for _, name := range []string{"metrics/apr.sql", "metrics/apy.sql", "marts/performance_reasons.sql"} {
				text, err := fs.ReadFile(models.Files, name)
				if err != nil {
					t.Fatal(err)
				}
				if name == "metrics/apr.sql" {
					head, _, _ := strings.Cut(string(text), "\nselect\n")
					text = []byte(head + "\n" + fmt.Sprintf(query, broken.reason, broken.value))
				}
				files[name] = &fstest.MapFile{Data: text}
			}
			made, err := generate.Files(t.Context(), db, files)
			if err != nil {
				t.Fatal(err)
			}
			for name, text := range made {
				files[name] = &fstest.MapFile{Data: []byte(text)}
			}
			list, err := model.Load(files)
			if err != nil {
				t.Fatal(err)
			}
			for _, m := range list {
				was := one[string](t, db, "select if(count(*) > 0, 'view', 'table') from duckdb_views() where database_name = current_database() and schema_name = ? and view_name = ?", m.Schema, m.Name)
				kind := map[bool]string{true: "table", false: "view"}[m.IsTable()]
				exec(t, db, fmt.Sprintf("drop %s if exists %s; create %s %[2]s as %[4]s", was, m, kind, m.Query))
			}
			all := slices.IndexFunc(list, func(m model.Model) bool { return m.Name == "all_figures" })
			if len(list) != 6 || strings.Contains(list[all].Query, "metrics.apr") == (shape == "plain") {
				t.Fatalf("%s: got %v, want all_figures among them, of one metric %[1]s", shape, list)
			}
			got := lines(t, db, string(check))
			if len(got) != 10 || !strings.Contains(got[0], "apr") {
				t.Errorf("%s: got %d rows, %q, want 10 that name apr", fmt.Sprintf(query, broken.reason, broken.value), len(got), got)
			}
		}
	}
}
