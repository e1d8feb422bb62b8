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
func check(ctx context.Context, db querier, fsys fs.FS, list []model.Model, progress func(step string)) error {
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
		if err := expectNone(ctx, db, countWrong(name, string(query))); err != nil {
			return err
		}
		progress("check " + name)
	}
	// last, because what a check finds says more than the grain it may break too
	if err := checkGrains(ctx, db, list); err != nil {
		return err
	}
	progress("check grains")
	return nil
}

// grainsAtOnce is how many grains one statement proves: alone, most take longer to
// plan than to run.
const grainsAtOnce = 40

// checkGrains proves the grain of every stored model; the others show a stored one's
// rows. It counts the rows that break one only where some do.
func checkGrains(ctx context.Context, db querier, list []model.Model) error {
	stored := slices.DeleteFunc(slices.Clone(list), func(m model.Model) bool { return !m.IsTable() })
	for some := range slices.Chunk(stored, grainsAtOnce) {
		var queries []string
		for i, m := range some {
			queries = append(queries, fmt.Sprintf("select %d as number from (\n%s)", i, grainQuery(m)))
		}
		var broken int
		err := db.QueryRowContext(ctx, strings.Join(queries, "\nunion all\n")+"\nlimit 1").Scan(&broken)
		if errors.Is(err, sql.ErrNoRows) {
			continue
		}
		if err != nil {
			return fmt.Errorf("check grains: %w", err)
		}
		m := some[broken]
		return expectNone(ctx, db, countWrong("grain of "+m.String(), grainQuery(m)))
	}
	return nil
}

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

// expectNone runs a count and reports the rows that it found.
func expectNone(ctx context.Context, db querier, count string) error {
	var found CheckError
	err := db.QueryRowContext(ctx, "select name, rows, first from ("+count+") where rows > 0").Scan(&found.Check, &found.Rows, &found.First)
	if errors.Is(err, sql.ErrNoRows) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("check: %w", err)
	}
	return &found
}
