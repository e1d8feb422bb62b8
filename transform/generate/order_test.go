package generate

import (
	"database/sql"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/vaultperf/vaultperf/transform/model"
)

func file(text string) *fstest.MapFile {
	return &fstest.MapFile{Data: []byte("-- One row.\n-- grain: v\n" + text)}
}

// load adds what is generated from the models of files, and reads them as a run does.
func load(t *testing.T, db *sql.DB, files fstest.MapFS) ([]model.Model, error) {
	t.Helper()
	made, err := Files(t.Context(), db, files)
	if err != nil {
		return nil, err
	}
	for name, text := range made {
		files[name] = &fstest.MapFile{Data: []byte(text)}
	}
	files[model.ColumnsFile] = &fstest.MapFile{}
	return model.Load(files)
}

// TestOrder: what is read comes before what reads it, and faults are named.
func TestOrder(t *testing.T) {
	db := database(t)
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
		{
			"two files of one name in one layer",
			fstest.MapFS{"intermediate/x/a.sql": file("select 1 as v"), "intermediate/y/a.sql": file("select 1 as v")},
			"", "intermediate/y/a.sql: another file has this name too",
		},
		{"not SQL", fstest.MapFS{"marts/a.sql": file("selekt 1 as v")}, "", "marts.a: parse: "},
		{"no grain", fstest.MapFS{"marts/a.sql": {Data: []byte("-- One row.\nselect 1 as v")}}, "", "marts/a.sql: want a \"-- grain"},
	} {
		t.Run(c.name, func(t *testing.T) {
			list, err := load(t, db, c.files)
			if c.fails != "" {
				if err == nil || !strings.Contains(err.Error(), c.fails) {
					t.Fatalf("got %v, want an error with %q", err, c.fails)
				}
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			if got := strings.Join(names(list), " "); got != c.want {
				t.Errorf("got %q, want %q", got, c.want)
			}
		})
	}
}
