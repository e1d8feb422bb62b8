package transform

import (
	"context"
	"database/sql"
	"fmt"
	"strings"
	"sync"

	models "github.com/vaultperf/vaultperf/sql"
	"github.com/vaultperf/vaultperf/transform/model"
)

// A presence knows which relations have no rows in this run. A model that needs one of
// them has none either, so it is not built but stands there empty, by its columns alone:
// what no vault of a run has costs the run nothing. What is not known to be empty counts
// as present.
type presence struct {
	isFew   bool                       // to look for words in columns of many rows takes longer than it saves
	isEmpty map[string]bool            // by relation, as schema.name
	words   map[string]map[string]bool // in a column, as schema.name.column
	mu      sync.Mutex                 // of both
}

// A querier is a transaction or a connection.
type querier interface {
	models.Execer
	QueryRowContext(ctx context.Context, query string, args ...any) *sql.Row
}

// look finds which raw tables are empty.
func look(ctx context.Context, db querier, isFew bool) (*presence, error) {
	tables, err := models.RawTables()
	if err != nil {
		return nil, err
	}
	var tests []string
	for _, table := range tables {
		name := "raw." + table
		tests = append(tests, fmt.Sprintf("select '%s' as name where not exists (from %s)", name, name))
	}
	p := &presence{isFew: isFew, isEmpty: map[string]bool{}, words: map[string]map[string]bool{}}
	empty, err := list(ctx, db, "select string_agg(name, chr(10)) from ("+strings.Join(tests, " union all ")+")")
	for name := range empty {
		p.isEmpty[name] = true
	}
	return p, err
}

// lacks says that a relation has no rows.
func (p *presence) lacks(relation string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.isEmpty[relation] = true
}

// list reads the words of the one value that a query answers, a line each.
func list(ctx context.Context, db querier, query string) (map[string]bool, error) {
	var text sql.NullString
	if err := db.QueryRowContext(ctx, query).Scan(&text); err != nil {
		return nil, fmt.Errorf("look for what is there: %w", err)
	}
	words := map[string]bool{}
	for line := range strings.SplitSeq(text.String, "\n") {
		words[line] = true
	}
	return words, nil
}

// allows says whether a model with these needs may have rows.
func (p *presence) allows(ctx context.Context, db querier, needs model.Needs) (bool, error) {
	for _, clause := range needs {
		if isThere, err := p.hasOne(ctx, db, clause); err != nil || !isThere {
			return false, err
		}
	}
	return true, nil
}

func (p *presence) hasOne(ctx context.Context, db querier, choices []string) (bool, error) {
	for _, need := range choices {
		if has, err := p.has(ctx, db, need); err != nil || has {
			return has, err
		}
	}
	return false, nil
}

// has says whether a relation may have rows, or rows with a word in a column.
func (p *presence) has(ctx context.Context, db querier, need string) (bool, error) {
	place, word, isWord := strings.Cut(need, "=")
	p.mu.Lock()
	defer p.mu.Unlock()
	if !isWord {
		return !p.isEmpty[need], nil
	}
	dot := strings.LastIndex(place, ".")
	relation, column := place[:dot], place[dot+1:]
	if p.isEmpty[relation] {
		return false, nil
	}
	if !p.isFew && relation != "staging.vaults" && relation != "staging.contracts" {
		return true, nil
	}
	if p.words[place] == nil {
		var err error
		if p.words[place], err = list(ctx, db, fmt.Sprintf("select string_agg(distinct %s, chr(10)) from %s", column, relation)); err != nil {
			return false, err
		}
	}
	return p.words[place][word], nil
}

// without is a model that stands there empty.
func without(m model.Model) model.Model {
	var columns []string
	for _, c := range m.Columns {
		columns = append(columns, fmt.Sprintf("cast(null as %s) as %s", c.Type, c.Name))
	}
	m.Query = "select " + strings.Join(columns, ", ") + " where false"
	m.Header.Stored, m.Header.OneThread = false, false
	return m
}
