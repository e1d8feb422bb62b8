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
)

func file(text string) *fstest.MapFile {
	return &fstest.MapFile{Data: []byte("-- One row.\n-- grain: v\n" + text)}
}

func names(list []model) string {
	var out []string
	for _, m := range list {
		out = append(out, m.String())
	}
	return strings.Join(out, " ")
}

func TestLoad(t *testing.T) {
	for _, c := range []struct {
		name  string
		files fstest.MapFS
		want  string
		fails string
	}{
		{"nothing", fstest.MapFS{}, "", ""},
		{
			"read before reader, against the alphabet",
			fstest.MapFS{
				"marts/a.sql": file("select v from marts.b"), "marts/b.sql": file("select v from metrics.c inner join marts.d using (v)"),
				"metrics/c.sql": file("-- group: shape, 1\nselect v from raw.x"), "marts/d.sql": file("select v from metrics.c"),
			},
			"metrics.c marts.d marts.b marts.a metrics.all_figures metrics.figures metrics.clean_figures", "",
		},
		{
			"names in comments and strings are not read",
			fstest.MapFS{
				"marts/a.sql": file("-- as marts.b does\nselect 'marts.b' as v"), "marts/b.sql": file("select v from marts.a"),
			},
			"marts.a marts.b", "",
		},
		{
			"a layer that is none is no model",
			fstest.MapFS{"marts/a.sql": file("select 1 as v"), "drafts/b.sql": file("select 1 as v"), "checks/c.sql": file("select 1 as v")},
			"marts.a", "",
		},
		{"cycle of one", fstest.MapFS{"marts/a.sql": file("select v from marts.a")}, "", "marts.a -> marts.a"},
		{
			"cycle of three",
			fstest.MapFS{
				"marts/a.sql": file("select v from marts.b"), "marts/b.sql": file("select v from marts.c"), "marts/c.sql": file("select v from marts.a"),
			},
			"", "marts.a -> marts.b -> marts.c -> marts.a",
		},
		{"metric without a place", fstest.MapFS{"metrics/a.sql": file("select 1 as v")}, "", `metrics.a: want a "-- group: name, position"`},
		{
			"two metrics in one place",
			fstest.MapFS{"metrics/a.sql": file("-- group: tails, 1\nselect 1 as v"), "metrics/b.sql": file("-- group: tails, 1\nselect 1 as v")},
			"", "metrics.b and metrics.a have the same place: tails, 1",
		},
		{"no grain", fstest.MapFS{"marts/a.sql": {Data: []byte("-- One row.\nselect 1 as v")}}, "", "marts/a.sql: want a \"-- grain"},
	} {
		t.Run(c.name, func(t *testing.T) {
			list, err := load(c.files)
			if c.fails != "" {
				if err == nil || !strings.Contains(err.Error(), c.fails) {
					t.Fatalf("got %v, want an error with %q", err, c.fails)
				}
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			if got := names(list); got != c.want {
				t.Errorf("got %q, want %q", got, c.want)
			}
		})
	}
}

// TestOrder: every model of the project comes after all it reads, and reads
// nothing that is not there.
func TestOrder(t *testing.T) {
	list, err := load(models.Files)
	if err != nil {
		t.Fatal(err)
	}
	built := []string{"intermediate.metric_headers"} // made from the files' headers
	for _, m := range list {
		for _, name := range m.reads {
			if !strings.HasPrefix(name, "raw.") && !slices.Contains(built, name) {
				t.Errorf("%s reads %s, which is not built before it", m, name)
			}
		}
		built = append(built, m.String())
	}
}

// TestMissingRelation: a model that reads what is not there is named.
func TestMissingRelation(t *testing.T) {
	db := database(t)
	list, err := load(fstest.MapFS{"marts/a.sql": file("select v from marts.nowhere")})
	if err != nil {
		t.Fatal(err)
	}
	tx, err := db.BeginTx(t.Context(), nil)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = tx.Rollback() }()
	err = build(t.Context(), tx, list, func(string) {})
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
			files := fstest.MapFS{"marts/a.sql": file(c.query)}
			list, err := load(files)
			if err != nil {
				t.Fatal(err)
			}
			tx, err := db.BeginTx(t.Context(), nil)
			if err != nil {
				t.Fatal(err)
			}
			defer func() { _ = tx.Rollback() }()
			if err := build(t.Context(), tx, list, func(string) {}); err != nil {
				t.Fatal(err)
			}
			err = check(t.Context(), tx, files, list, func(string) {})
			var broken *CheckError
			ok := errors.As(err, &broken)
			if !ok || broken.Check != "grain of marts.a" || broken.Rows != c.rows || broken.First == "" {
				t.Errorf("got %v, want a CheckError of the grain of marts.a with %d rows", err, c.rows)
			}
		})
	}
}

// TestUnsoundFiguresAreFound: a metric that has a value and a reason, or neither,
// stops the night by name.
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
			"plain":  "select\n    vault_id,\n    period,\n    %s as reason,\n    %s as value\nfrom intermediate.periods\n",
			"joined": "select vault_id, period, %s as reason, %s as value\nfrom intermediate.periods\n",
		} {
			files := fstest.MapFS{}
			for _, name := range []string{"metrics/apr.sql", "metrics/apy.sql", "marts/performance_reasons.sql"} {
				text, err := fs.ReadFile(models.Files, name)
				if err != nil {
					t.Fatal(err)
				}
				if name == "metrics/apr.sql" {
					text = []byte(leadingComments.FindString(string(text)) + fmt.Sprintf(query, broken.reason, broken.value))
				}
				files[name] = &fstest.MapFile{Data: text}
			}
			list, err := load(files)
			if err != nil {
				t.Fatal(err)
			}
			for _, m := range list {
				exec(t, db, fmt.Sprintf("drop %s if exists %s; create %[1]s %[2]s as %[3]s", map[bool]string{true: "table", false: "view"}[m.isTable()], m, m.query))
			}
			if len(list) != 6 || strings.Contains(list[2].query, "metrics.apr") == (shape == "plain") {
				t.Fatalf("%s: got %v, want all_figures third, of one metric %[1]s", shape, list)
			}
			got := lines(t, db, string(check))
			if len(got) != 10 || !strings.Contains(got[0], "apr") {
				t.Errorf("%s: got %d rows, %q, want 10 that name apr", fmt.Sprintf(query, broken.reason, broken.value), len(got), got)
			}
		}
	}
}
