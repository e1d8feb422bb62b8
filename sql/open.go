package sql

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"fmt"
	"io/fs"
	"regexp"
	"strings"

	"github.com/duckdb/duckdb-go/v2"
)

// LockedError says that another process has the database open.
type LockedError struct {
	Path string
	PID  string // as DuckDB names it, empty if it does not
}

func (e *LockedError) Error() string {
	who := "another process"
	if e.PID != "" {
		who = "process " + e.PID
	}
	return fmt.Sprintf("%s is open in %s: close it there, or read the published copy instead", e.Path, who)
}

var lockHolder = regexp.MustCompile(`Could not set lock on file.*?(?:PID (\d+)|$)`)

// settings hold for every connection: times are UTC, and the database never
// fetches code. Inside a transaction DuckDB takes a table it has just built for
// nearly empty, and would join it by looping. The log is folded into the file
// once, when the figures are there, not after every stage. The compressions of text
// that are left out take longer to try on hundreds of small tables than all else
// that is done to store them, and gain a hundredth.
var settings = []string{
	"set checkpoint_threshold = '1GB'",
	"set disabled_compression_methods = 'fsst,dict_fsst,zstd'",
	"set asof_loop_join_threshold = 0",
	"set TimeZone = 'UTC'",
	"set autoinstall_known_extensions = false",
	"set autoload_known_extensions = false",
	"set allow_community_extensions = false",
}

// Open opens the working database at path, an empty path being one in memory,
// with all schemas and raw tables in place. The caller closes it. A database
// that another process holds is a *LockedError.
func Open(ctx context.Context, path string) (*sql.DB, error) {
	db, err := connect(path)
	if err != nil {
		return nil, err
	}
	if err := prepare(ctx, db); err != nil {
		return nil, errors.Join(fmt.Errorf("prepare %s: %w", path, err), db.Close())
	}
	return db, nil
}

// OpenReadOnly opens a published database for queries that may come from
// anybody: nothing can be written, no file or network be reached, and no
// setting be changed. The caller closes it.
func OpenReadOnly(ctx context.Context, path string) (*sql.DB, error) {
	db, err := connect(path + "?access_mode=read_only")
	if err != nil {
		return nil, err
	}
	db.SetMaxOpenConns(1) // a later connection could not make its settings any more
	for _, q := range []string{"set temp_directory = ''", "set enable_external_access = false", "set lock_configuration = true"} {
		if _, err := db.ExecContext(ctx, q); err != nil {
			return nil, errors.Join(fmt.Errorf("close %s to the outside: %w", path, err), db.Close())
		}
	}
	return db, nil
}

func connect(dsn string) (*sql.DB, error) {
	connector, err := duckdb.NewConnector(dsn, func(conn driver.ExecerContext) error {
		for _, q := range settings {
			if _, err := conn.ExecContext(context.Background(), q, nil); err != nil {
				return fmt.Errorf("%s: %w", q, err)
			}
		}
		return nil
	})
	if err != nil {
		if m := lockHolder.FindStringSubmatch(err.Error()); m != nil {
			return nil, &LockedError{Path: pathOf(dsn), PID: m[1]}
		}
		return nil, fmt.Errorf("open database: %w", err)
	}
	return sql.OpenDB(connector), nil
}

// pathOf is a data source name without its options.
func pathOf(dsn string) string {
	path, _, _ := strings.Cut(dsn, "?")
	return path
}

func prepare(ctx context.Context, db *sql.DB) error {
	for _, schema := range Schemas {
		if _, err := db.ExecContext(ctx, "create schema if not exists "+schema); err != nil {
			return err
		}
	}
	if err := dropOldFamilies(ctx, db); err != nil {
		return err
	}
	if err := createRaw(ctx, db); err != nil {
		return err
	}
	if err := renew(ctx, db); err != nil {
		return err
	}
	return openFigures(ctx, db)
}

// createRaw creates the raw tables that are missing. It is one transaction: raw.log_copies
// of an earlier version's database is filled once, when the table is created.
func createRaw(ctx context.Context, db *sql.DB) error {
	tx, err := db.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	defer func() { _ = tx.Rollback() }() // does nothing after a commit
	isOld, err := lacksCopies(ctx, tx)
	if err != nil {
		return err
	}
	tables, err := RawTables()
	if err != nil {
		return err
	}
	for _, table := range tables {
		file := "raw/" + table + ".sql"
		ddl, err := fs.ReadFile(Files, file)
		if err != nil {
			return err
		}
		if _, err := tx.ExecContext(ctx, string(ddl)); err != nil {
			return fmt.Errorf("%s: %w", file, err)
		}
	}
	if isOld {
		if err := fillCopies(ctx, tx); err != nil {
			return fmt.Errorf("note which logs nodes have too: %w", err)
		}
	}
	return tx.Commit()
}

// lacksCopies says whether an earlier version made the database, which did not note which
// logs of files a node has too.
func lacksCopies(ctx context.Context, tx *sql.Tx) (bool, error) {
	var isOld bool
	err := tx.QueryRowContext(ctx, `
select bool_or(table_name = 'logs') and not bool_or(table_name = 'log_copies')
from duckdb_tables()
where schema_name = 'raw'
having count(*) > 0`).Scan(&isOld)
	if errors.Is(err, sql.ErrNoRows) {
		return false, nil
	}
	return isOld, err
}

// fillCopies notes it where a node had shown all logs of a contract between two blocks, so
// that its answers had been compared with those of files. After a run that failed nothing is
// left that says so: such a chain's node is asked for all logs again.
func fillCopies(ctx context.Context, tx *sql.Tx) error {
	for _, q := range []string{
		`
insert into raw.log_copies
select logs.chain_id, logs.block_number, logs.log_index, min(nodes.file_id)
from raw.logs as logs
inner join raw.files as files on logs.file_id = files.file_id and files.format <> 'eth_getLogs'
inner join raw.spans as spans
    on logs.chain_id = spans.chain_id
    and logs.address = unhex(substr(spans.address, 3))
    and logs.block_number between spans.from_block and spans.to_block
    and spans.file_id = 0
inner join raw.files as nodes
    on nodes.format = 'eth_getLogs'
    and suffix(nodes.path, ' (chain ' || logs.chain_id || ')')
group by all`,
		"delete from raw.coverage where chain_id not in (select chain_id from raw.spans where file_id = 0)",
	} {
		if _, err := tx.ExecContext(ctx, q); err != nil {
			return err
		}
	}
	return nil
}

// dropOldFamilies drops the table of families if an earlier version made it, with fewer
// columns: extract writes it anew in every run.
func dropOldFamilies(ctx context.Context, db *sql.DB) error {
	var isOld bool
	err := db.QueryRowContext(ctx, `
select count(*) > 0 and not bool_or(column_name = 'is_supply_in_logs')
from duckdb_columns()
where schema_name = 'raw' and table_name = 'families'`).Scan(&isOld)
	if err != nil || !isOld {
		return err
	}
	_, err = db.ExecContext(ctx, "drop table raw.families")
	return err
}

// renew changes what an earlier version made otherwise: the arguments of events were
// of DuckDB's JSON type, which an appender writes in another way.
func renew(ctx context.Context, db *sql.DB) error {
	var isJSON bool
	err := db.QueryRowContext(ctx, `
select count(*) > 0
from duckdb_columns()
where schema_name = 'raw' and table_name = 'events' and column_name = 'arguments' and data_type = 'JSON'`).Scan(&isJSON)
	if err != nil || !isJSON {
		return err
	}
	_, err = db.ExecContext(ctx, "alter table raw.events alter arguments type varchar")
	return err
}
