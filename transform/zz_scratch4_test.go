package transform

import (
	"fmt"
	"os"
	"regexp"
	"strings"
	"testing"
	"time"

	models "github.com/vaultperf/vaultperf/sql"
	"github.com/vaultperf/vaultperf/transform/model"
)

func TestScratchFig(t *testing.T) {
	if os.Getenv("FIG") == "" {
		t.Skip()
	}
	data, _ := os.ReadFile(os.Getenv("FIG"))
	p := t.TempDir() + "/x.duckdb"
	os.WriteFile(p, data, 0o600)
	db, err := models.Open(t.Context(), p)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	db.SetMaxOpenConns(1)
	exec(t, db, "set threads = 1")
	b, _ := os.ReadFile("../sql/generated/metrics/all_figures.sql")
	q := string(b)
	unsound := regexp.MustCompile(`(?s),\n    nullif\(concat_ws\(.*?\) as unsound_reason`)
	noUnsound := unsound.ReplaceAllString(q, "")
	nofinite := regexp.MustCompile(`case when isfinite\((\w+)\) then \w+ end as \w+`).ReplaceAllString(noUnsound, "$1")
	nofinite = regexp.MustCompile(`if\(isfinite\((\w+)\) is false, 'out_of_range', \w+\) as (\w+)`).ReplaceAllString(nofinite, "$2")
	noclean := regexp.MustCompile(`\n\s+union all\n\s+select \*, true as is_clean from \S+`).ReplaceAllString(q, "")
	for _, c := range []struct{ name, q string }{
		{"explain", "explain " + q}, {"select", "select count(*) from (" + q + ")"}, {"create", "create or replace table metrics.x as " + q}, {"temp", "create or replace temp table x as " + q},
		{"no unsound", "create or replace table metrics.x as " + noUnsound}, {"no finite", "create or replace table metrics.x as " + nofinite}, {"explain no finite", "explain " + nofinite},
		{"no clean", "create or replace table metrics.x as " + noclean},
		{"copy", "create or replace table metrics.y as from metrics.all_figures"},
		{"empty copy", "create or replace table metrics.y as from metrics.all_figures where vault_id = 'x'"},
	} {
		best := time.Duration(1 << 60)
		for range 12 {
			s := cpuNow()
			if strings.HasPrefix(c.q, "explain") {
				rows, err := db.Query(c.q)
				if err != nil {
					t.Fatal(c.name, err)
				}
				rows.Close()
			} else {
				exec(t, db, c.q)
			}
			best = min(best, cpuNow()-s)
		}
		fmt.Printf("%8.2f ms %s\n", float64(best.Microseconds())/1000, c.name)
	}
}

func TestScratchEach(t *testing.T) {
	if os.Getenv("FIG") == "" {
		t.Skip()
	}
	data, _ := os.ReadFile(os.Getenv("FIG"))
	p := t.TempDir() + "/x.duckdb"
	os.WriteFile(p, data, 0o600)
	db, err := models.Open(t.Context(), p)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	db.SetMaxOpenConns(1)
	exec(t, db, "set threads = 1")
	for _, name := range lines(t, db, "select view_name from duckdb_views() where schema_name='metrics'") {
		best := time.Duration(1 << 60)
		for range 6 {
			s := cpuNow()
			rows, err := db.Query("explain from metrics." + name)
			if err != nil {
				t.Fatal(err)
			}
			rows.Close()
			best = min(best, cpuNow()-s)
		}
		fmt.Printf("%8.2f ms %s\n", float64(best.Microseconds())/1000, name)
	}
}

func TestScratchOpt(t *testing.T) {
	if os.Getenv("FIG") == "" {
		t.Skip()
	}
	data, _ := os.ReadFile(os.Getenv("FIG"))
	p := t.TempDir() + "/x.duckdb"
	os.WriteFile(p, data, 0o600)
	db, err := models.Open(t.Context(), p)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	db.SetMaxOpenConns(1)
	exec(t, db, "set threads = 1")
	exec(t, db, "pragma enable_profiling='json'")
	exec(t, db, "set profiling_mode='detailed'")
	b, _ := os.ReadFile("../sql/generated/" + os.Getenv("MODEL"))
	for i := range 3 {
		exec(t, db, fmt.Sprintf("set profiling_output='/tmp/sqlscratch/prof%d.json'", i))
		exec(t, db, "create or replace table metrics.x as "+string(b))
	}
	exec(t, db, "set profiling_output='/tmp/sqlscratch/profx.json'")
}

func TestScratchPlan(t *testing.T) {
	if os.Getenv("FIG") == "" {
		t.Skip()
	}
	data, _ := os.ReadFile(os.Getenv("FIG"))
	p := t.TempDir() + "/x.duckdb"
	os.WriteFile(p, data, 0o600)
	db, err := models.Open(t.Context(), p)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	db.SetMaxOpenConns(1)
	exec(t, db, "set threads = 1")
	list, _ := model.All()
	sumA, sumB := time.Duration(0), time.Duration(0)
	for _, m := range list {
		if !m.IsTable() {
			continue
		}
		best := time.Duration(1 << 60)
		best2 := best
		for range 4 {
			s := cpuNow()
			rows, err := db.Query("explain " + m.Query)
			if err != nil {
				t.Fatal(err)
			}
			rows.Close()
			best = min(best, cpuNow()-s)
			s = cpuNow()
			exec(t, db, "create table metrics.x as "+m.Query)
			best2 = min(best2, cpuNow()-s)
			exec(t, db, "drop table metrics.x")
		}
		sumA += best
		sumB += best2
		fmt.Printf("%8.2f ms %8.2f ms planning %s\n", float64(best2.Microseconds())/1000, float64(best.Microseconds())/1000, m)
	}
	fmt.Println(sumB, sumA)
}
