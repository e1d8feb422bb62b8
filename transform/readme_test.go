package transform

import (
	"os"
	"strings"
	"testing"

	"github.com/vaultperf/vaultperf/transform/model"
)

// TestMetricsReadme keeps the table of all metrics beside their files; -update
// writes it anew.
func TestMetricsReadme(t *testing.T) {
	list, err := model.All()
	if err != nil {
		t.Fatal(err)
	}
	metrics, err := model.Metrics(list)
	if err != nil {
		t.Fatal(err)
	}
	var out strings.Builder
	out.WriteString("# Metrics\n\n" +
		"Made from the headers of the files in this folder (`make golden`). Each is a column of `marts.performance`, for every\n" +
		"vault and period; returns r are between consecutive price points, n counts them, and years are elapsed seconds / 31536000.\n")
	group := ""
	for _, m := range metrics {
		f := m.Header.Fields
		if name, _, _ := strings.Cut(f["group"], ", "); name != group {
			group = name
			out.WriteString("\n## " + strings.ToUpper(group[:1]) + group[1:] + "\n\n| metric | what it is | formula | unit | source |\n|---|---|---|---|---|\n")
		}
		cells := []string{"[`" + m.Name + "`](" + m.Name + ".sql)", m.Header.Sentence, "`" + f["formula"] + "`", f["unit"], f["source"]}
		for i, cell := range cells {
			cells[i] = strings.ReplaceAll(cell, "|", `\|`)
		}
		out.WriteString("| " + strings.Join(cells, " | ") + " |\n")
	}
	const path = "../sql/metrics/README.md"
	if *update {
		if err := os.WriteFile(path, []byte(out.String()), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	got, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if string(got) != out.String() {
		t.Errorf("%s is not what the headers say: run `make golden`", path)
	}
	if len(metrics) != strings.Count(out.String(), "\n| [`") {
		t.Error("a metric is missing")
	}
}
