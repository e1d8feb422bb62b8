package transform

import (
	"testing"
)

// TestManyRowsGiveTheSame: a run of few rows is built by one thread and with more
// tables; its marts are those of a run of many.
func TestManyRowsGiveTheSame(t *testing.T) {
	t.Parallel()
	db, opt := populated(t)
	run(t, db, opt)
	few := content(t, db)
	isTable := func() int {
		return one[int](t, db, "select count(*) from duckdb_tables() where schema_name = 'intermediate' and table_name = 'price_candidates'")
	}
	if isTable() != 1 {
		t.Fatal("a run of few rows does not store the candidates")
	}
	// of a file that is gone, so that they price nothing
	addFile(t, db, 99, "readings")
	exec(t, db, "update raw.files set state = 'absent' where file_id = 99")
	exec(t, db, `
		insert into raw.readings
		select 99, i, 'thin', timestamptz '2024-02-01' + to_hours(i::integer), null, 1, null, null, null, false
		from range(?) as rows(i)`, fewRows+1)
	run(t, db, opt)
	if isTable() != 0 {
		t.Fatal("a run of many rows stores the candidates")
	}
	many := content(t, db)
	delete(few, "imports") // it names the file
	delete(many, "imports")
	sameContent(t, many, few)
}
