package generate

import (
	"maps"
	"os"
	"reflect"
	"slices"
	"testing"

	"github.com/vaultperf/vaultperf/transform/model"
)

// ofTheirOwn are the metrics that are not computed in one pass with others, and why.
var ofTheirOwn = map[string]string{
	"deflated_sharpe": "it is compared with the best of all vaults",
}

// TestPlainMetrics: a metric that is read as a relation of its own costs a join, so that
// it is listed above with the reason.
func TestPlainMetrics(t *testing.T) {
	sources, err := model.Sources(os.DirFS(root))
	if err != nil {
		t.Fatal(err)
	}
	metrics, err := model.Metrics(sources)
	if err != nil {
		t.Fatal(err)
	}
	left := maps.Clone(ofTheirOwn)
	for _, m := range metrics {
		_, isPlain := plain(m)
		if _, isListed := left[m.Name]; isPlain == isListed {
			t.Errorf("%s: computed in one pass with others is %t", m.Name, isPlain)
		}
		delete(left, m.Name)
	}
	if len(left) > 0 {
		t.Errorf("there is no metric %v", slices.Collect(maps.Keys(left)))
	}
}

// TestPlain: how a query is laid out does not matter, what it does does.
func TestPlain(t *testing.T) {
	const header = "-- A metric, select from.\n-- grain: vault_id, period\n"
	for name, c := range map[string]struct {
		query string
		want  plainMetric
		ok    bool
	}{
		"one relation": {
			"select\n    vault_id,\n    period,\n    coalesce(a, case\n        when b then 'x, y'\n    end) as reason,\n    case when reason is null then c end as value\nfrom intermediate.r\n",
			plainMetric{
				relation: "intermediate.r", reason: "coalesce(a, case\n    when b then 'x, y'\nend)", value: "case when reason is null then c end",
			},
			true,
		},
		"in one line":    {"select vault_id, period, reason, [a, b][1] as value from intermediate.r", plainMetric{relation: "intermediate.r", reason: "reason", value: "[a, b][1]"}, true},
		"with a comment": {"select vault_id, period, -- why, from where\n reason, a as value from intermediate.r", plainMetric{}, false},
		"distinct from":  {"select vault_id, period, reason, if(true, a, b) is distinct from c as value from intermediate.r", plainMetric{relation: "intermediate.r", reason: "reason", value: "if(true, a, b) is distinct from c"}, true},
		"of metrics":     {"select vault_id, period, if(a.value < 1, a.reason, b.reason) as reason, b.value as value\nfrom metrics.a\ninner join metrics.b using (vault_id, period)", plainMetric{metrics: []string{"a", "b"}, reason: "if(a < 1, a_reason, b_reason)", value: "b"}, true},
		"another join":   {"select vault_id, period, reason, b.value as value from metrics.a left join metrics.b using (vault_id, period)", plainMetric{}, false},
		"another key":    {"select vault_id, period, reason, b.value as value from metrics.a inner join metrics.b using (period)", plainMetric{}, false},
		"a condition":    {"select vault_id, period, reason, a as value from intermediate.r where b", plainMetric{}, false},
		"two relations":  {"select vault_id, period, reason, a as value from intermediate.r, intermediate.s", plainMetric{}, false},
		"steps": {
			"with\n\ns as (\n\n    select\n        *,\n        a as x\n    from intermediate.r\n\n),\n\nt as (select *, x as y, max(b, c) as z from s)\n\nselect vault_id, period, reason, y + z as value from t",
			plainMetric{relation: "intermediate.r", steps: [][]column{{{"a", "x"}}, {{"x", "y"}, {"max(b, c)", "z"}}}, reason: "reason", value: "y + z"},
			true,
		},
		"a step that leaves rows out": {"with s as (select *, a as x from intermediate.r where b) select vault_id, period, reason, x as value from s", plainMetric{}, false},
		"a step that adds nothing":    {"with s as (select * from intermediate.r) select vault_id, period, reason, a as value from s", plainMetric{}, false},
		"steps side by side":          {"with s as (select *, a as x from intermediate.r), t as (select *, b as y from intermediate.r) select vault_id, period, reason, y as value from t", plainMetric{}, false},
		"a step left out":             {"with s as (select *, a as x from intermediate.r), t as (select *, b as y from s) select vault_id, period, reason, x as value from s", plainMetric{}, false},
		"another column":              {"select vault_id, period, b, reason, a as value from intermediate.r", plainMetric{}, false},
		"no such relation":            {"select vault_id, period, reason, a as value from r", plainMetric{}, false},
	} {
		t.Run(name, func(t *testing.T) {
			m, err := model.Parse("metrics", "m.sql", header+c.query)
			if err != nil {
				t.Fatal(err)
			}
			got, ok := plain(m)
			if ok != c.ok {
				t.Fatalf("plain is %t", ok)
			}
			if ok && !reflect.DeepEqual(got, c.want) {
				t.Errorf("got %q, want %q", got, c.want)
			}
		})
	}
}
