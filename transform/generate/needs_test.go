package generate

import (
	"os"
	"testing"

	"github.com/vaultperf/vaultperf/transform/model"
)

// TestNeeds: what a query needs is what it would answer no row without.
func TestNeeds(t *testing.T) {
	db := database(t)
	macros, err := model.Macros(os.DirFS(root))
	if err != nil {
		t.Fatal(err)
	}
	aggregates, err := aggregatesOf(t.Context(), db, macros)
	if err != nil {
		t.Fatal(err)
	}
	for query, want := range map[string]string{
		"select * from raw.a":                                                      "raw.a",
		"select 1 as v":                                                            "",
		"from raw.a inner join raw.b using (v)":                                    "raw.a raw.b",
		"from raw.a semi join raw.b using (v)":                                     "raw.a raw.b",
		"from raw.a, raw.b":                                                        "raw.a raw.b",
		"from raw.a left join raw.b using (v)":                                     "raw.a",
		"from raw.a anti join raw.b using (v)":                                     "raw.a",
		"from raw.a asof left join raw.b using (v)":                                "raw.a",
		"from raw.a right join raw.b using (v)":                                    "raw.b",
		"from raw.a full join raw.b using (v)":                                     "raw.a|raw.b",
		"from raw.a positional join raw.b":                                         "",
		"from raw.a union all from raw.b":                                          "raw.a|raw.b",
		"from raw.a except from raw.b":                                             "raw.a",
		"from raw.a intersect from raw.b":                                          "raw.a raw.b",
		"(from raw.a inner join raw.c using (v)) union from raw.a":                 "raw.a",
		"select count(*) from raw.a":                                               "",
		"select 1 + sum(v) from raw.a":                                             "",
		"select 1 from raw.a having count(*) = 0":                                  "",
		"select v, count(*) from raw.a group by v":                                 "raw.a",
		"select v, count(*) from raw.a group by all":                               "raw.a",
		"select count(*) from raw.a group by all":                                  "",
		"select v, count(*) from raw.a group by rollup (v)":                        "",
		"select 1 from raw.a order by count(*)":                                    "",
		"select sum(v) over () from raw.a":                                         "raw.a",
		"select sum(count(*)) over () from raw.a":                                  "",
		"select (select count(*) from raw.b) from raw.a":                           "raw.a",
		"select count(*) from (from raw.a) having count(*) > 0":                    "",
		"from (select v from raw.a where v > 1) as t inner join seeds.s using (v)": "raw.a",
		"with t as (from raw.a), u as (from t inner join raw.b using (v)) from u":  "raw.a raw.b",
		"with raw_a as (select max(v) as v from raw.a) from raw_a":                 "",
		"with recursive t as (select v from raw.a union all select t.v from t inner join raw.b using (v)) from t": "raw.a",
		"with recursive t as (select v from raw.a union all select b.v from raw.b left join t using (v)) from t":  "raw.a|raw.b",
		"from range(3)":                             "",
		"from (values (1)) t":                       "",
		"from staging.vaults where family = 'veda'": "staging.vaults staging.vaults.family=veda",
		"from staging.vaults as v where v.family in ('a', 'b') and v.x > 1":   "staging.vaults staging.vaults.family=a|staging.vaults.family=b",
		"from staging.vaults where family = 'a' or family is null":            "staging.vaults",
		"from staging.vaults where family != 'a'":                             "staging.vaults",
		"from staging.vaults where family in ('a', name)":                     "staging.vaults",
		"from staging.vaults left join raw.b using (v) where family = 'veda'": "staging.vaults",
	} {
		tree, err := parsed(t.Context(), db, query)
		if err != nil {
			t.Fatal(err)
		}
		if got := needsOf(tree, aggregates).String(); got != want {
			t.Errorf("%s: got %q, want %q", query, got, want)
		}
		if parsed := model.ParseNeeds(want).String(); parsed != want {
			t.Errorf("%q is read as %q", want, parsed)
		}
	}
}
