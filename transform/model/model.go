// Package model reads the SQL models as they are to be built: the text of each, what
// its header says of it, which relations it reads, and so in which order.
//
// It reads files and touches no database. What is made from the models' own text, and
// which relations each reads, lies in sql/generated, written by package generate.
package model

import (
	"encoding/csv"
	"fmt"
	"io/fs"
	"path"
	"strings"
	"sync"

	models "github.com/vaultperf/vaultperf/sql"
)

// A Model is one SQL file: its layer is the schema, its name the relation.
type Model struct {
	Schema string
	Name   string
	File   string // its path below the project's root
	Header Header
	Query  string   // one select, its header above it
	Reads  []string // the relations it reads, as schema.name; nil in Sources
	Needs  Needs    // nil in Sources
	// Columns are known of marts and of those that need something; nil in Sources, and of
	// a model that is new.
	Columns []Column

	IsGenerated bool
}

// String is the relation's name with its schema.
func (m Model) String() string { return m.Schema + "." + m.Name }

// IsTable says whether the model is stored. Marts are, but for those that only show
// another model's columns; of the others the few that many models read. The published
// database stores these too, but for those that read marts alone.
func (m Model) IsTable() bool {
	return m.Header.Stored || m.Schema == "marts" && !m.Header.View
}

// StaysView says whether the published database has a view too: where it reads
// nothing but other marts.
func (m Model) StaysView() bool {
	for _, name := range m.Reads {
		if !strings.HasPrefix(name, "marts.") {
			return false
		}
	}
	return m.Header.View
}

// Body is the query without its header.
func (m Model) Body() string { return leadingComments.ReplaceAllString(m.Query, "") }

// Generated is the folder of what package generate writes, and ReadsFile its list of
// the relations that each model reads and needs. ColumnsFile lists the columns of marts
// and of those that need something; a database has to build them first, so the tests of
// package transform write it.
const (
	Generated   = "generated"
	ReadsFile   = Generated + "/reads.csv"
	ColumnsFile = Generated + "/columns.csv"
)

// A Column is one of a relation's.
type Column struct{ Name, Type string }

// All is Load of the project's own files, once.
var All = sync.OnceValues(func() ([]Model, error) { return Load(models.Files) })

// Load returns the models of fsys as they run, each after those it reads: the sources
// and the generated ones, which stand in for sources of their name that are built in
// halves.
func Load(fsys fs.FS) ([]Model, error) {
	byName := map[string]Model{}
	sources, err := Sources(fsys)
	if err != nil {
		return nil, err
	}
	generated, err := read(fsys, Generated+"/")
	if err != nil {
		return nil, err
	}
	for _, m := range sources {
		byName[m.String()] = m
	}
	for _, m := range generated {
		m.IsGenerated = true
		if source, ok := byName[m.String()]; ok && !source.Header.InHalves {
			return nil, fmt.Errorf("%s is both a model and generated", m)
		}
		byName[m.String()] = m
	}
	lines, err := readCSV(fsys, ReadsFile)
	if err != nil {
		return nil, err
	}
	columns := map[string][]Column{}
	ofColumns, err := readCSV(fsys, ColumnsFile)
	if err != nil {
		return nil, err
	}
	for _, line := range ofColumns {
		columns[line[0]] = append(columns[line[0]], Column{Name: line[1], Type: line[2]})
	}
	var list []Model
	for _, line := range lines {
		m, ok := byName[line[0]]
		if !ok {
			return nil, fmt.Errorf("%s names %s, which has no file: run `make golden`", ReadsFile, line[0])
		}
		m.Reads, m.Needs, m.Columns = strings.Fields(line[1]), ParseNeeds(line[2]), columns[m.String()]
		list = append(list, m)
		delete(byName, line[0])
	}
	for name := range byName {
		return nil, fmt.Errorf("%s does not name %s: run `make golden`", ReadsFile, name)
	}
	return list, nil
}

// readCSV reads the rows below a file's header.
func readCSV(fsys fs.FS, name string) ([][]string, error) {
	text, err := fs.ReadFile(fsys, name)
	if err != nil {
		return nil, fmt.Errorf("read models: %w", err)
	}
	lines, err := csv.NewReader(strings.NewReader(string(text))).ReadAll()
	if err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	return lines[min(1, len(lines)):], nil
}

// Sources are the models of fsys as they are written, by schema and name.
func Sources(fsys fs.FS) ([]Model, error) { return read(fsys, "") }

// read reads the layers that lie in a folder of fsys, its name empty or ending in a slash.
func read(fsys fs.FS, folder string) ([]Model, error) {
	var list []Model
	for _, schema := range models.Schemas[2:] { // raw and seeds hold tables, not models
		files, err := models.FilesIn(fsys, folder+schema, ".sql")
		if err != nil {
			return nil, err
		}
		for _, file := range files {
			text, err := fs.ReadFile(fsys, file)
			if err != nil {
				return nil, err
			}
			m, err := Parse(schema, file, string(text))
			if err != nil {
				return nil, err
			}
			if last := len(list) - 1; last >= 0 && list[last].String() == m.String() {
				return nil, fmt.Errorf("%s: another file has this name too", file)
			}
			list = append(list, m)
		}
	}
	return list, nil
}

// Parse is the model that a file's text makes in a schema.
func Parse(schema, file, text string) (Model, error) {
	header, err := parseHeader(text)
	if err != nil {
		return Model{}, fmt.Errorf("%s: %w", file, err)
	}
	return Model{Schema: schema, Name: strings.TrimSuffix(path.Base(file), ".sql"), File: "sql/" + file, Header: header, Query: text}, nil
}
