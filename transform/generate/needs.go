package generate

import (
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/vaultperf/vaultperf/transform/model"
)

// A needer finds out of parsed queries what must have rows for them to have any.
type needer struct {
	// aggregates are the functions that make a row of none, where nothing is grouped.
	aggregates map[string]bool
	// steps are what the query's named steps need, by name.
	steps map[string]model.Needs
}

// maxNeeds is how many clauses a query's needs have at most, and maxChoices how many
// relations one has: what is left out only makes a model be built that could be left.
const maxNeeds, maxChoices = 16, 24

// filtered are the columns of which a query may name the values it wants: few rows of
// each relation hold few values.
var filtered = map[string][]string{
	"staging.vaults":            {"family"},
	"staging.contracts":         {"family", "role"},
	"staging.states":            {"field"},
	"staging.events":            {"event"},
	"staging.contract_events":   {"event", "role", "family"},
	"intermediate.vault_events": {"event", "flow_source"},
}

// needsOf are what must have rows for a query to have any, as its text shows it: what it
// reads and joins, of relations that it filters by a column with a word the rows so
// chosen. What it does not understand it takes for always there.
func needsOf(tree any, aggregates map[string]bool) model.Needs {
	n := needer{aggregates: aggregates, steps: map[string]model.Needs{}}
	root, _ := tree.([]any)
	if len(root) != 1 {
		return nil
	}
	return n.query(member(root[0], "node"))
}

// query is of one select or of a union of some.
func (n needer) query(node any) model.Needs {
	n.steps = maps.Clone(n.steps)
	for _, step := range children(member(node, "cte_map", "map")) {
		name, _ := member(step, "key").(string)
		n.steps[name] = n.query(member(step, "value", "query", "node"))
	}
	switch member(node, "type") {
	case "SELECT_NODE":
		return n.selection(node)
	case "SET_OPERATION_NODE":
		left, right := n.query(member(node, "left")), n.query(member(node, "right"))
		switch member(node, "setop_type") {
		case "UNION":
			return either(left, right)
		case "INTERSECT":
			return both(left, right)
		case "EXCEPT":
			return left
		}
	case "RECURSIVE_CTE_NODE":
		name, _ := member(node, "cte_name").(string)
		start := n.query(member(node, "left"))
		n.steps[name] = start
		return either(start, n.query(member(node, "right")))
	}
	return nil
}

// selection is of a select: without groups an aggregate makes a row of none.
func (n needer) selection(node any) model.Needs {
	from := member(node, "from_table")
	if n.makesRow(node) {
		return nil
	}
	return both(n.table(from), wanted(from, member(node, "where_clause")))
}

// makesRow says whether a select may have a row of no rows: of an aggregate without
// groups, or of the group of all.
func (n needer) makesRow(node any) bool {
	items := children(member(node, "select_list"))
	if member(node, "aggregate_handling") == "FORCE_AGGREGATES" { // group by all
		return !slices.ContainsFunc(items, func(item any) bool { return !n.aggregate(item) })
	}
	if sets := children(member(node, "group_sets")); len(sets) > 0 {
		return slices.ContainsFunc(sets, func(set any) bool { return len(children(set)) == 0 })
	}
	return member(node, "having") != nil || n.aggregate(items) || n.aggregate(member(node, "modifiers")) || n.aggregate(member(node, "qualify"))
}

// aggregate says whether an expression calls an aggregate, outside windows and queries
// of its own.
func (n needer) aggregate(expression any) bool {
	switch e := expression.(type) {
	case []any:
		return slices.ContainsFunc(e, n.aggregate)
	case map[string]any:
		switch e["class"] {
		case "SUBQUERY":
			return n.aggregate(e["child"])
		case "FUNCTION":
			name, _ := e["function_name"].(string)
			if n.aggregates[name] {
				return true
			}
		}
		for _, child := range e {
			if n.aggregate(child) {
				return true
			}
		}
	}
	return false
}

// table is of what a select reads.
func (n needer) table(from any) model.Needs {
	switch member(from, "type") {
	case "BASE_TABLE":
		schema, _ := member(from, "schema_name").(string)
		name, _ := member(from, "table_name").(string)
		if schema == "" {
			return n.steps[name]
		}
		if schema == "seeds" {
			return nil
		}
		return model.Needs{{schema + "." + name}}
	case "SUBQUERY":
		return n.query(member(from, "subquery", "node"))
	case "JOIN":
		if member(from, "ref_type") == "POSITIONAL" {
			return nil
		}
		left, right := n.table(member(from, "left")), n.table(member(from, "right"))
		switch member(from, "join_type") {
		case "INNER", "SEMI":
			return both(left, right)
		case "LEFT", "ANTI":
			return left
		case "RIGHT":
			return right
		case "FULL":
			return either(left, right)
		}
	}
	return nil
}

// wanted are the rows that a select of one relation chooses by a word of a column.
func wanted(from, where any) model.Needs {
	if member(from, "type") != "BASE_TABLE" {
		return nil
	}
	schema, _ := member(from, "schema_name").(string)
	name, _ := member(from, "table_name").(string)
	relation := schema + "." + name
	terms := []any{where}
	if member(where, "type") == "CONJUNCTION_AND" {
		terms = children(member(where, "children"))
	}
	var needs model.Needs
	for _, term := range terms {
		var sides []any
		switch member(term, "type") {
		case "COMPARE_EQUAL":
			sides = []any{member(term, "left"), member(term, "right")}
		case "COMPARE_IN":
			sides = children(member(term, "children"))
		}
		if len(sides) < 2 || member(sides[0], "type") != "COLUMN_REF" {
			continue
		}
		names := children(member(sides[0], "column_names"))
		column, _ := names[len(names)-1].(string)
		if !slices.Contains(filtered[relation], column) {
			continue
		}
		var choices []string
		for _, side := range sides[1:] {
			word, ok := member(side, "value", "value").(string)
			if !ok || strings.ContainsAny(word, " |=") {
				choices = nil
				break
			}
			choices = append(choices, relation+"."+column+"="+word)
		}
		if len(choices) > 0 && len(choices) <= maxChoices {
			needs = append(needs, choices)
		}
	}
	return needs
}

// both are the needs of what needs each of two.
func both(a, b model.Needs) model.Needs { return shortened(append(slices.Clone(a), b...)) }

// either are the needs of what needs one of two.
func either(a, b model.Needs) model.Needs {
	var needs model.Needs
	for _, x := range a {
		for _, y := range b {
			choices := append(slices.Clone(x), y...)
			slices.Sort(choices)
			if choices = slices.Compact(choices); len(choices) <= maxChoices {
				needs = append(needs, choices)
			}
		}
	}
	return shortened(needs)
}

// shortened leaves out the clauses that others imply, and keeps the shortest.
func shortened(needs model.Needs) model.Needs {
	slices.SortFunc(needs, func(a, b []string) int {
		if len(a) != len(b) {
			return len(a) - len(b)
		}
		return slices.Compare(a, b)
	})
	var kept model.Needs
	for _, clause := range needs {
		isImplied := slices.ContainsFunc(kept, func(k []string) bool {
			return !slices.ContainsFunc(k, func(name string) bool { return !slices.Contains(clause, name) })
		})
		if !isImplied && len(kept) < maxNeeds {
			kept = append(kept, clause)
		}
	}
	return kept
}

// aggregatesOf are DuckDB's aggregates and the macros of ours that call one.
func aggregatesOf(ctx context.Context, db *sql.DB, macros []model.Macro) (map[string]bool, error) {
	var names string
	if err := db.QueryRowContext(ctx, "select string_agg(distinct function_name, ' ') from duckdb_functions() where function_type = 'aggregate'").Scan(&names); err != nil {
		return nil, fmt.Errorf("list aggregates: %w", err)
	}
	found := map[string]bool{}
	for _, name := range strings.Fields(names) {
		found[name] = true
	}
	n := needer{aggregates: found}
	for isMore := true; isMore; {
		isMore = false
		for _, m := range macros {
			if m.IsTable() || found[m.Name] {
				continue
			}
			tree, err := parsed(ctx, db, "select "+m.Body)
			if err != nil {
				return nil, fmt.Errorf("%s: %w", m.Name, err)
			}
			if n.aggregate(tree) {
				found[m.Name], isMore = true, true
			}
		}
	}
	return found, nil
}

// parsed are the statements of a query as DuckDB's own parser sees them.
func parsed(ctx context.Context, db *sql.DB, query string) (any, error) {
	var text string
	if err := db.QueryRowContext(ctx, "select json_serialize_sql(?::varchar, skip_null := true)::varchar", query).Scan(&text); err != nil {
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
	return tree.Statements, nil
}

// member is what lies at a path of names in a parsed query; nil: nothing does.
func member(node any, path ...string) any {
	for _, name := range path {
		m, _ := node.(map[string]any)
		node = m[name]
	}
	return node
}

func children(node any) []any {
	l, _ := node.([]any)
	return l
}
