package transform

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"path"
	"slices"
	"strings"

	"github.com/vaultperf/vaultperf/transform/model"
)

// A CheckError says which promise a run's data broke. Nothing of the run
// is kept.
type CheckError struct {
	Check string // the check's file name, or "grain of schema.model"
	Rows  int64  // how many rows break it
	First string // one of them
}

func (e *CheckError) Error() string {
	return fmt.Sprintf("check %s: %d rows break it, one is %s", e.Check, e.Rows, e.First)
}

// check runs every query of checks/, which return the rows that are wrong, and
// proves the grain of every stored model.
func check(ctx context.Context, tx *sql.Tx, fsys fs.FS, list []model.Model, progress func(step string)) error {
	files, err := fs.Glob(fsys, "checks/*.sql")
	if err != nil {
		return err
	}
	for _, file := range files {
		query, err := fs.ReadFile(fsys, file)
		if err != nil {
			return err
		}
		name := strings.TrimSuffix(path.Base(file), ".sql")
		if err := expectNone(ctx, tx, countWrong(name, string(query))); err != nil {
			return err
		}
		progress("check " + name)
	}
	// last, because what a check finds says more than the grain it may break too
	var grains []string
	for _, m := range list {
		if m.IsTable() { // otherwise it shows a stored model's rows
			grains = append(grains, countWrong("grain of "+m.String(), grainQuery(m)))
		}
	}
	for some := range slices.Chunk(grains, grainsAtOnce) {
		if err := expectNone(ctx, tx, some...); err != nil {
			return err
		}
	}
	progress("check grains")
	return nil
}

// grainsAtOnce is how many grains one statement proves: alone, most take longer to
// plan than to run, and DuckDB scans a table of the open transaction with one thread.
const grainsAtOnce = 10

// grainQuery finds the keys that a model's rows share or leave null. Where rows
// are stored in the order of their keys, each must come after the one before,
// which is quicker to see and proves the order too.
func grainQuery(m model.Model) string {
	keys := strings.Join(m.Header.Grain, ", ")
	if m.Header.InOrder {
		first := m.Header.Grain[0]
		before := "lag(" + strings.Join(m.Header.Grain, ") over (), lag(") + ") over ()"
		return fmt.Sprintf(`
			select %s from (
				select *, lag(%s) over () is not null and row(%s) <= row(%s) as is_late from %s
			)
			where is_late or %s is null`,
			keys, first, keys, before, m, strings.Join(m.Header.Grain, " is null or "))
	}
	return fmt.Sprintf("select %s, count(*) as rows from %s group by all having rows > 1 or %s is null",
		keys, m, strings.Join(m.Header.Grain, " is null or "))
}

// countWrong counts the rows that a query finds, and shows one.
func countWrong(name, query string) string {
	return fmt.Sprintf("select '%s' as name, count(*) as rows, any_value(wrong::varchar) as first from (\n%s) as wrong", name, query)
}

// expectNone runs counts and reports one that found rows.
func expectNone(ctx context.Context, tx *sql.Tx, counts ...string) error {
	var found CheckError
	err := tx.QueryRowContext(ctx, "select name, rows, first from ("+strings.Join(counts, "\nunion all\n")+`)
		where rows > 0 limit 1`).Scan(&found.Check, &found.Rows, &found.First)
	if errors.Is(err, sql.ErrNoRows) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("check: %w", err)
	}
	return &found
}
