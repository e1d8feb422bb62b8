// Package generate writes sql/generated: the models that are made from the text of
// others, what the headers of metrics and marts say, and which relations each model reads.
//
// A run reads these files and never this package: `make golden` writes them, and a test
// holds them against what they would be today. So what runs can be read in a file, and
// no run spends time on finding it out.
package generate

import (
	"context"
	"database/sql"
	"fmt"
	"io/fs"
	"slices"
	"strings"

	"github.com/vaultperf/vaultperf/transform/model"
)

// Files are the files to be generated from the models of fsys: text by path. db is any
// database, whose parser is asked which relations a query reads.
func Files(ctx context.Context, db *sql.DB, fsys fs.FS) (map[string]string, error) {
	sources, err := model.Sources(fsys)
	if err != nil {
		return nil, err
	}
	metrics, err := model.Metrics(sources)
	if err != nil {
		return nil, err
	}
	macros, err := model.Macros(fsys)
	if err != nil {
		return nil, err
	}
	aggregates, err := aggregatesOf(ctx, db, macros)
	if err != nil {
		return nil, err
	}
	g := &generator{sources: map[string]model.Model{}, reads: map[string][]string{}}
	needs := map[string]model.Needs{}
	for _, m := range sources {
		g.sources[m.String()] = m
		tree, err := parsed(ctx, db, m.Query)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", m, err)
		}
		g.reads[m.String()] = relationsOf(tree)
		needs[m.String()] = needsOf(tree, aggregates)
	}
	made := g.models(sources, metrics)
	files := map[string]string{}
	for _, m := range made {
		files[model.Generated+"/"+m.Schema+"/"+m.Name+".sql"] = m.Query
		tree, err := parsed(ctx, db, m.Query)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", m, err)
		}
		reads := relationsOf(tree)
		if want, ok := g.replaced[m.String()]; ok && !slices.Equal(reads, want) {
			return nil, fmt.Errorf("%s reads %v, want %v: a relation in it was not replaced", m, reads, want)
		}
		g.reads[m.String()] = reads
		needs[m.String()] = needsOf(tree, aggregates)
	}
	order, err := sorted(append(names(sources), names(made)...), g.reads)
	if err != nil {
		return nil, err
	}
	files[model.ReadsFile] = readsFile(order, g.reads, needs)
	files[model.Generated+"/seeds/metric_headers.csv"] = metricHeaders(metrics)
	files[model.Generated+"/seeds/column_headers.csv"] = columnHeaders(sources, metrics)
	return files, nil
}

// A generator makes models from others.
type generator struct {
	sources map[string]model.Model // by schema and name
	reads   map[string][]string    // of each model
	// replaced has what a model must read whose text is another's with some relations
	// replaced, so that a spelling that was not seen is.
	replaced map[string][]string
}

// models are all generated ones.
func (g *generator) models(sources, metrics []model.Model) []model.Model {
	g.replaced = map[string][]string{}
	var made []model.Model
	for _, m := range sources {
		if m.Header.InHalves {
			made = append(made, g.halves(m))
		}
	}
	if len(metrics) == 0 {
		return made
	}
	all := newFigures(metrics)
	clean, renamed := g.withoutSpikes(all.relations)
	made = append(made, clean...)
	return append(made, all.models(renamed)...)
}

// sorted orders relations so that each comes after those it reads, and else leaves
// them as they are. It reports a cycle.
func sorted(names []string, reads map[string][]string) ([]string, error) {
	var out []string
	done := map[string]bool{}
	var visit func(name string, trail []string) error
	visit = func(name string, trail []string) error {
		if slices.Contains(trail, name) {
			return fmt.Errorf("models read each other: %s", strings.Join(append(trail, name), " -> "))
		}
		if done[name] {
			return nil
		}
		for _, next := range reads[name] {
			if _, ok := reads[next]; !ok { // a table of raw or a seed
				continue
			}
			if err := visit(next, append(slices.Clone(trail), name)); err != nil {
				return err
			}
		}
		done[name] = true
		out = append(out, name)
		return nil
	}
	for _, name := range names {
		if err := visit(name, nil); err != nil {
			return nil, err
		}
	}
	return out, nil
}

func names(list []model.Model) []string {
	var out []string
	for _, m := range list {
		out = append(out, m.String())
	}
	return out
}
