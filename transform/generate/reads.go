package generate

import (
	"context"
	"database/sql"
	"encoding/csv"
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	models "github.com/vaultperf/vaultperf/sql"
)

// relationsOf are the relations with a schema of ours that a query reads, as DuckDB's
// own parser sees them, by name.
func relationsOf(ctx context.Context, db *sql.DB, query string) ([]string, error) {
	var text string
	if err := db.QueryRowContext(ctx, "select json_serialize_sql(?::varchar)::varchar", query).Scan(&text); err != nil {
		return nil, fmt.Errorf("parse: %w", err)
	}
	var tree struct {
		Error        bool   `json:"error"`
		ErrorMessage string `json:"error_message"`
		Statements   any    `json:"statements"`
	}
	if err := json.Unmarshal([]byte(text), &tree); err != nil {
		return nil, fmt.Errorf("parse: %w", err)
	}
	if tree.Error {
		return nil, fmt.Errorf("parse: %s", tree.ErrorMessage)
	}
	found := tables(nil, tree.Statements)
	slices.Sort(found)
	return slices.Compact(found), nil
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
// reads.
func readsFile(order []string, reads map[string][]string) string {
	rows := [][]string{{"relation", "reads"}}
	for _, name := range order {
		rows = append(rows, []string{name, strings.Join(reads[name], " ")})
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
