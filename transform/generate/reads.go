package generate

import (
	"encoding/csv"
	"slices"
	"strings"

	models "github.com/vaultperf/vaultperf/sql"
	"github.com/vaultperf/vaultperf/transform/model"
)

// relationsOf are the relations with a schema of ours that a parsed query reads, by name.
func relationsOf(tree any) []string {
	found := tables(nil, tree)
	slices.Sort(found)
	return slices.Compact(found)
}

// tables appends the names of a parsed query's tables.
func tables(found []string, node any) []string {
	switch node := node.(type) {
	case []any:
		for _, child := range node {
			found = tables(found, child)
		}
	case map[string]any:
		if node["type"] == "BASE_TABLE" {
			schema, _ := node["schema_name"].(string)
			name, _ := node["table_name"].(string)
			if slices.Contains(models.Schemas, schema) { // otherwise a step of the query
				found = append(found, schema+"."+name)
			}
		}
		for _, child := range node {
			found = tables(found, child)
		}
	}
	return found
}

// readsFile lists relations in the order in which they are built, with those that each
// reads and what must have rows for it to have any.
func readsFile(order []string, reads map[string][]string, needs map[string]model.Needs) string {
	rows := [][]string{{"relation", "reads", "needs"}}
	for _, name := range order {
		rows = append(rows, []string{name, strings.Join(reads[name], " "), needs[name].String()})
	}
	return csvText(rows)
}

func csvText(rows [][]string) string {
	var out strings.Builder
	if err := csv.NewWriter(&out).WriteAll(rows); err != nil {
		panic(err) // a builder takes everything
	}
	return out.String()
}
