package transform

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"runtime"
	"slices"
	"strings"

	"golang.org/x/sync/errgroup"

	"github.com/vaultperf/vaultperf/crash"
	models "github.com/vaultperf/vaultperf/sql"
	"github.com/vaultperf/vaultperf/transform/model"
)

// fewRows is up to how many archived rows a run is quicker on one thread a statement:
// most of its time is planning, and to hand tiny pieces to other threads takes longer
// than to do them. Its models are built on several connections instead.
const fewRows = 50_000

// mostConnections is how many models of a run of few rows are built at the same time
// at most; more would wait for each other.
const mostConnections = 4

// A builder builds models in a database of figures. Where rows are few, connections work
// side by side, each model being a transaction of its own. Where they are many it is one
// connection and one transaction: DuckDB then scans what was built with one thread, in
// the stored order, so that sums come out the same in every run.
type builder struct {
	figures  *models.Figures
	conns    []*sql.Conn
	isFew    bool
	progress func(step string)
}

// newBuilder connects a builder. It must be closed.
func newBuilder(ctx context.Context, db *sql.DB, figures *models.Figures, progress func(step string)) (*builder, error) {
	b := &builder{figures: figures, progress: progress}
	var rows int64
	err := db.QueryRowContext(ctx, `
		select (select count(*) from raw.readings) + (select count(*) from raw.events) + (select count(*) from raw.states)
			+ (select count(*) from raw.reading_facts) + (select count(*) from raw.markets)
			+ (select count(*) from raw.allocations) + (select count(*) from raw.token_prices)`).Scan(&rows)
	if err != nil {
		return nil, fmt.Errorf("count rows: %w", err)
	}
	b.isFew = rows <= fewRows
	connections := 1
	if b.isFew {
		connections = min(runtime.GOMAXPROCS(0), mostConnections)
	}
	for range connections {
		conn, err := figures.Conn(ctx)
		if err != nil {
			return nil, errors.Join(err, b.close(ctx))
		}
		b.conns = append(b.conns, conn)
	}
	if b.isFew {
		if _, err := b.conns[0].ExecContext(ctx, asWritten); err != nil {
			return nil, errors.Join(fmt.Errorf("set up for few rows: %w", err), b.close(ctx))
		}
	}
	return b, nil
}

// asWritten are the settings of a run of few rows. Each statement has one thread, and
// tables are joined as they are written: the rows of the left one come in their stored
// order, which sums and lists rely on, where DuckDB would go by how many rows each has.
const asWritten = "set threads = 1; set disabled_optimizers = 'join_order,build_side_probe_side'"

// close gives the connections back.
func (b *builder) close(ctx context.Context) error {
	var errs []error
	for i, conn := range b.conns {
		if i == 0 { // also what a model of one thread that failed has left
			_, err := conn.ExecContext(context.WithoutCancel(ctx), "reset threads; reset disabled_optimizers")
			errs = append(errs, err)
		}
		errs = append(errs, b.figures.Release(ctx, conn))
	}
	return errors.Join(errs...)
}

// prepare writes what all models read: the parameters of the run and the seeds.
func (b *builder) prepare(ctx context.Context, opt Options) error {
	err := b.inTransaction(ctx, func() error {
		if err := writeRun(ctx, b.conns[0], opt); err != nil {
			return err
		}
		return loadSeeds(ctx, b.conns[0], models.Files)
	})
	b.progress("load seeds")
	return err
}

// inTransaction does something on the first connection in one transaction.
func (b *builder) inTransaction(ctx context.Context, do func() error) error {
	tx, err := b.conns[0].BeginTx(ctx, nil)
	if err != nil {
		return fmt.Errorf("begin: %w", err)
	}
	if err := do(); err != nil {
		return errors.Join(err, ignoreDone(tx.Rollback()))
	}
	if err := tx.Commit(); err != nil {
		return fmt.Errorf("commit: %w", err)
	}
	return nil
}

// suited are the models as they are to be built in this run.
func (b *builder) suited(list []model.Model) []model.Model {
	if !b.isFew {
		return list
	}
	list = slices.Clone(list)
	for i := range list {
		list[i].Header.OneThread = false
		list[i].Header.Stored = list[i].Header.Stored || list[i].Header.StoredIfFew
	}
	return list
}

// build makes every model, each after those that it reads, but for those that have no
// rows because of what there is none of in this run: they stand there empty.
// It returns the models as it built them.
func (b *builder) build(ctx context.Context, list []model.Model) (built []model.Model, err error) {
	if b.isFew {
		return b.buildAll(ctx, list)
	}
	err = b.inTransaction(ctx, func() error {
		built, err = b.buildAll(ctx, list)
		return err
	})
	b.progress("commit the figures")
	return built, err
}

func (b *builder) buildAll(ctx context.Context, list []model.Model) ([]model.Model, error) {
	if err := createMacros(ctx, b.conns[0], "", false); err != nil {
		return nil, err
	}
	present, err := look(ctx, b.conns[0], b.isFew)
	if err != nil {
		return nil, err
	}
	group, ctx := errgroup.WithContext(ctx)
	p := newPlan(ctx, list)
	isEnd := ending(list)
	for _, conn := range b.conns {
		group.Go(func() error {
			defer crash.Watch()
			for {
				i, ok := p.next(ctx)
				if !ok {
					return ctx.Err()
				}
				m, err := buildOne(ctx, conn, p.list[i], isEnd(p.list[i]), present)
				if err != nil {
					return err
				}
				p.done(i, m)
				b.progress("build " + m.String())
			}
		})
	}
	if err := group.Wait(); err != nil {
		return nil, err
	}
	return p.list, nil
}

// buildOne makes one model, unless it is at the end, and returns it as it was, or is to
// be, made.
func buildOne(ctx context.Context, conn *sql.Conn, m model.Model, isEnd bool, present *presence) (model.Model, error) {
	mayHave, err := present.allows(ctx, conn, m.Needs)
	if err != nil {
		return m, err
	}
	if !mayHave && len(m.Columns) > 0 {
		m = without(m)
	}
	if isEnd {
		return m, nil
	}
	rows, err := create(ctx, conn, m)
	if err != nil {
		return m, err
	}
	if !mayHave || rows == 0 {
		present.lacks(m.String())
	}
	return m, nil
}

// create makes one model, and returns how many rows it stored, or -1 where it does not
// know.
func create(ctx context.Context, db querier, m model.Model) (rows int64, err error) {
	rows = -1
	switch query := m.String() + " as\n" + m.Query; {
	case !m.IsTable():
		_, err = db.ExecContext(ctx, "create view "+query)
	case m.Header.OneThread:
		_, err = db.ExecContext(ctx, "set threads = 1; create table "+query+"; reset threads")
	default:
		err = db.QueryRowContext(ctx, "create table "+query).Scan(&rows)
	}
	if err != nil {
		return 0, fmt.Errorf("build %s: %w", m, err)
	}
	return rows, nil
}

// createMacros makes the macros for people, or those for models, which come
// before what calls them; the marts come before the macros for people. catalog
// is empty or ends in a point.
func createMacros(ctx context.Context, db models.Execer, catalog string, forPeople bool) error {
	list, err := model.Macros(models.Files)
	if err != nil {
		return err
	}
	var script strings.Builder
	for _, m := range list {
		if forPeople != m.IsTable() {
			continue
		}
		name := catalog + m.Schema() + "." + m.Name
		kind, body := "macro", "("+m.Body+")"
		if m.IsTable() {
			kind, body = "macro table", "table\n"+m.Body
		}
		arguments := m.Header.Fields["arguments"]
		if arguments == "none" {
			arguments = ""
		}
		fmt.Fprintf(&script, "create macro %s(%s) as %s;\n", name, arguments, body)
		if forPeople {
			fmt.Fprintf(&script, "comment on %s %s is %s;\n", kind, name, quoted(m.Header.Sentence))
		}
	}
	if _, err := db.ExecContext(ctx, script.String()); err != nil {
		return fmt.Errorf("create macros: %w", err)
	}
	return nil
}

// quoted is a text as SQL writes it.
func quoted(text string) string { return "'" + strings.ReplaceAll(text, "'", "''") + "'" }
