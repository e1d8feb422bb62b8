package model

import (
	"io/fs"
	"path"
	"strings"
)

// A Macro is one file of macros/: an expression, which models call as
// intermediate.<name>, or a select, which people call as marts.<name>.
type Macro struct {
	Name   string
	Header Header
	Body   string // what it is replaced by
}

// IsTable says whether the macro is a select.
func (m Macro) IsTable() bool {
	return strings.HasPrefix(m.Body, "select") || strings.HasPrefix(m.Body, "with")
}

// Schema is where the macro is called from: marts or intermediate.
func (m Macro) Schema() string {
	if m.IsTable() {
		return "marts"
	}
	return "intermediate"
}

// Macros are the macros of fsys by name.
func Macros(fsys fs.FS) ([]Macro, error) {
	files, err := fs.Glob(fsys, "macros/*.sql")
	if err != nil {
		return nil, err
	}
	var list []Macro
	for _, file := range files {
		text, err := fs.ReadFile(fsys, file)
		if err != nil {
			return nil, err
		}
		list = append(list, Macro{
			Name:   strings.TrimSuffix(path.Base(file), ".sql"),
			Header: headerFields(string(text)),
			Body:   leadingComments.ReplaceAllString(string(text), ""),
		})
	}
	return list, nil
}
