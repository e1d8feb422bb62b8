package extract

import (
	"database/sql"
	"errors"
	"strings"
	"testing"
)

// refused wants an InputError that begins so, and a database as before.
func refused(t *testing.T, db *sql.DB, opt Options, want string) {
	t.Helper()
	const everything = `
select 'logs ' || count(*) from raw.logs union all select 'blocks ' || count(*) from raw.blocks
union all select 'readings ' || count(*) from raw.readings union all select 'files ' || count(*) from raw.files
union all select 'vaults ' || count(*) from raw.vaults union all select 'set aside ' || count(*) from raw.set_aside
union all select 'events ' || count(*) from raw.events union all select 'undecoded ' || count(*) from raw.undecoded`
	before := query(t, db, everything)
	files, err := Run(t.Context(), db, opt)
	var input *InputError
	if !errors.As(err, &input) || files != nil {
		t.Fatalf("got files %v and error %v, want an InputError %q", files, err, want)
	}
	if !strings.HasPrefix(err.Error(), want) {
		t.Errorf("error is\n%s\nwant\n%s", err, want)
	}
	if after := query(t, db, everything); after != before {
		t.Errorf("tables were\n%s\nand are\n%s", before, after)
	}
}
