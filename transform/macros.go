package transform

import (
	"context"
	"fmt"
	"io/fs"
	"path"
	"regexp"
	"strings"

	models "github.com/vaultperf/vaultperf/sql"
)

// A macro is one file of macros/: an expression, which other models call as
// intermediate.<name>, or a select, which people call as marts.<name>.
type macro struct {
	name   string
	header header
	body   string
}

func (m macro) isTable() bool {
	return strings.HasPrefix(m.body, "select") || strings.HasPrefix(m.body, "with")
}

func (m macro) schema() string {
	if m.isTable() {
		return "marts"
	}
	return "intermediate"
}

// leadingComments are the header's lines.
var leadingComments = regexp.MustCompile(`\A(?:--[^\n]*\n)+`)

func loadMacros(fsys fs.FS) ([]macro, error) {
	files, err := fs.Glob(fsys, "macros/*.sql")
	if err != nil {
		return nil, err
	}
	var list []macro
	for _, file := range files {
		text, err := fs.ReadFile(fsys, file)
		if err != nil {
			return nil, err
		}
		list = append(list, macro{
			name:   strings.TrimSuffix(path.Base(file), ".sql"),
			header: headerFields(string(text)),
			body:   leadingComments.ReplaceAllString(string(text), ""),
		})
	}
	return list, nil
}

// createMacros makes the macros for people, or those for models, which come
// before what calls them; the marts come before the macros for people. catalog
// is empty or ends in a point.
func createMacros(ctx context.Context, db execer, catalog string, forPeople bool) error {
	list, err := loadMacros(models.Files)
	if err != nil {
		return err
	}
	var script strings.Builder
	for _, m := range list {
		if forPeople != m.isTable() {
			continue
		}
		name := catalog + m.schema() + "." + m.name
		kind, body := "macro", "("+m.body+")"
		if m.isTable() {
			kind, body = "macro table", "table\n"+m.body
		}
		fmt.Fprintf(&script, "create macro %s(%s) as %s;\n", name, m.header.fields["arguments"], body)
		fmt.Fprintf(&script, "comment on %s %s is '%s';\n", kind, name, strings.ReplaceAll(m.header.sentence, "'", "''"))
	}
	if _, err := db.ExecContext(ctx, script.String()); err != nil {
		return fmt.Errorf("create macros: %w", err)
	}
	return nil
}
