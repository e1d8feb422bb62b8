package transform

import (
	"cmp"
	"context"
	"database/sql"
	"fmt"
	"io/fs"
	"path"
	"regexp"
	"slices"
	"strings"
	"sync"

	models "github.com/vaultperf/vaultperf/sql"
)

// A model is one SQL file: its folder is the schema, its name the relation.
type model struct {
	schema string
	name   string
	header header
	query  string   // one select
	reads  []string // the relations it reads, as schema.name
}

func (m model) String() string { return m.schema + "." + m.name }

// isTable says whether the model is stored. Marts are, but for those that only
// show another model's columns; of the others the few that many models read.
// Publish stores these too, but for those that read marts alone.
func (m model) isTable() bool {
	return m.header.stored || m.schema == "marts" && !m.header.view
}

// staysView says whether the published database has a view too: where it reads
// nothing but other marts.
func (m model) staysView() bool {
	for _, name := range m.reads {
		if !strings.HasPrefix(name, "marts.") {
			return false
		}
	}
	return m.header.view
}

var (
	notCode  = regexp.MustCompile(`(?m)--.*$|'[^']*'`)
	relation = regexp.MustCompile(`\b((?:raw|staging|intermediate|metrics|marts)\.[a-z_0-9]+)(\(?)`)
)

// everyModel is load of the project's own files, once.
var everyModel = sync.OnceValues(func() ([]model, error) { return load(models.Files) })

// load reads every model of fsys and returns them so that each comes after the
// models it reads.
func load(fsys fs.FS) ([]model, error) {
	var list []model
	for _, schema := range models.Schemas[1:] { // raw holds tables, not models
		files, err := fs.Glob(fsys, schema+"/*.sql")
		if err != nil {
			return nil, err
		}
		for _, file := range files {
			text, err := fs.ReadFile(fsys, file)
			if err != nil {
				return nil, err
			}
			header, err := parseHeader(string(text))
			if err != nil {
				return nil, fmt.Errorf("%s: %w", file, err)
			}
			list = append(list, model{
				schema: schema,
				name:   strings.TrimSuffix(path.Base(file), ".sql"),
				header: header,
				query:  string(text),
				reads:  relationsOf(string(text)),
			})
		}
	}
	figures, err := figuresModels(list)
	if err != nil {
		return nil, err
	}
	return sorted(append(list, figures...))
}

// relationsOf are the relations that a query names.
func relationsOf(query string) []string {
	var names []string
	for _, found := range relation.FindAllStringSubmatch(notCode.ReplaceAllString(query, ""), -1) {
		if found[2] == "" { // otherwise it is a macro
			names = append(names, found[1])
		}
	}
	slices.Sort(names)
	return slices.Compact(names)
}

// sorted orders models by what they read and reports a cycle.
func sorted(list []model) ([]model, error) {
	byName := make(map[string]model, len(list))
	for _, m := range list {
		byName[m.String()] = m
	}
	out := make([]model, 0, len(list))
	done := map[string]bool{}
	var visit func(m model, trail []string) error
	visit = func(m model, trail []string) error {
		if slices.Contains(trail, m.String()) {
			return fmt.Errorf("models read each other: %s", strings.Join(append(trail, m.String()), " -> "))
		}
		if done[m.String()] {
			return nil
		}
		for _, name := range m.reads {
			if next, ok := byName[name]; ok {
				if err := visit(next, append(slices.Clone(trail), m.String())); err != nil {
					return err
				}
			}
		}
		done[m.String()] = true
		out = append(out, m)
		return nil
	}
	for _, m := range list {
		if err := visit(m, nil); err != nil {
			return nil, err
		}
	}
	return out, nil
}

// build makes every model inside tx.
func build(ctx context.Context, tx *sql.Tx, list []model, progress func(step string)) error {
	if err := createMacros(ctx, tx, "", false); err != nil {
		return err
	}
	for _, m := range list {
		if err := create(ctx, tx, m); err != nil {
			return err
		}
		progress("build " + m.String())
	}
	return nil
}

// create makes one model.
func create(ctx context.Context, tx *sql.Tx, m model) error {
	kind := "view"
	if m.isTable() {
		kind = "table"
	}
	query := "create " + kind + " " + m.String() + " as\n" + m.query
	if m.header.inHalves {
		query = "create " + kind + " " + m.String() + " as\n" + inHalves(m)
	}
	if m.header.oneThread {
		query = "set threads = 1; " + query + "; reset threads"
	}
	if _, err := tx.ExecContext(ctx, query); err != nil {
		return fmt.Errorf("build %s: %w", m, err)
	}
	return nil
}

// readFrom is where a model reads another: from or join, what, and under which name.
var readFrom = regexp.MustCompile(`\b(from|join) ((?:intermediate|metrics)\.[a-z_0-9]+)\b( as [a-z_]+)?`)

// byVault are relations that are long and know vault_number.
var byVault = []string{"intermediate.periods", "intermediate.mark_returns", "intermediate.mark_sequences"}

// inHalves is a model's query for the vaults of even number and for those of odd.
func inHalves(m model) string {
	var halves [2]string
	for i := range halves {
		halves[i] = "from (\n" + readFrom.ReplaceAllStringFunc(m.query, func(found string) string {
			p := readFrom.FindStringSubmatch(found)
			if !slices.Contains(byVault, p[2]) {
				return found
			}
			_, name, _ := strings.Cut(p[2], ".")
			return fmt.Sprintf("%s (from %s where vault_number %% 2 = %d)%s", p[1], p[2], i, cmp.Or(p[3], " as "+name))
		}) + ")"
	}
	return halves[0] + "\nunion all\n" + halves[1] + "\norder by " + strings.Join(m.header.grain, ", ")
}

// clear drops every model of the last night, those without a file today too.
func clear(ctx context.Context, tx *sql.Tx) error {
	var script strings.Builder
	for _, schema := range models.Schemas[1:] { // raw holds tables, not models
		fmt.Fprintf(&script, "drop schema %s cascade; create schema %s;\n", schema, schema)
	}
	if _, err := tx.ExecContext(ctx, script.String()); err != nil {
		return fmt.Errorf("drop the last night's models: %w", err)
	}
	return nil
}
