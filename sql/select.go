package sql

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"regexp"
)

// tableFunctions are those that only show something. DuckDB has others that write
// logs or profiles, take pointers, or run text as a query, and some of them end the
// process where the database is closed to the outside.
var tableFunctions = regexp.MustCompile(`^(?i:range|generate_series|unnest|repeat|repeat_row|json_each|json_tree|histogram|histogram_values|summary|` +
	`duckdb_[a-z_]+|pragma_(table_info|show|version|platform|database_size|storage_info|collations|user_agent)|` +
	`pg_timezone_names|icu_calendar_names|(read|parquet|sniff)_[a-z_]+|glob)$`)

var explained = regexp.MustCompile(`^(?i:\s*explain\s+(analyze\s+)?)`)

// CheckSelect refuses a query that does more than ask: any statement but one that
// selects, describes or explains such, any table function that acts, and more than one
// statement. Text that cannot be parsed is left to the query itself, which knows what is
// wrong.
func CheckSelect(ctx context.Context, db *sql.DB, query string) error {
	var text string
	err := db.QueryRowContext(ctx, "select json_serialize_sql(?::varchar)::varchar", explained.ReplaceAllString(query, "")).Scan(&text)
	if err != nil {
		return fmt.Errorf("parse: %w", err)
	}
	var tree struct {
		Error     bool   `json:"error"`
		ErrorType string `json:"error_type"`
		Statement []any  `json:"statements"`
	}
	if err := json.Unmarshal([]byte(text), &tree); err != nil {
		return fmt.Errorf("parse: %w", err)
	}
	switch {
	case tree.Error && tree.ErrorType == "parser":
		return nil
	case tree.Error:
		return errors.New("want a query that only asks: select, from, with, values, describe, show, summarize or explain (a pivot with its values named)")
	case len(tree.Statement) > 1: // only the last one's answer would be seen
		return fmt.Errorf("want one query, got %d", len(tree.Statement))
	}
	return checkFunctions(tree.Statement)
}

// isMacro says whether a function is one of macros/ for people.
func isMacro(schema, name string) bool {
	_, err := fs.Stat(Files, "macros/"+name+".sql")
	return schema == "marts" && err == nil
}

// checkFunctions looks for table functions anywhere in a parsed query.
func checkFunctions(node any) error {
	switch node := node.(type) {
	case []any:
		for _, child := range node {
			if err := checkFunctions(child); err != nil {
				return err
			}
		}
	case map[string]any:
		if node["type"] == "TABLE_FUNCTION" {
			function, _ := node["function"].(map[string]any)
			name, _ := function["function_name"].(string)
			schema, _ := function["schema"].(string)
			if !tableFunctions.MatchString(name) && !isMacro(schema, name) {
				return fmt.Errorf("want a query that only asks, got the function %q in place of a table", name)
			}
		}
		for _, child := range node {
			if err := checkFunctions(child); err != nil {
				return err
			}
		}
	}
	return nil
}
