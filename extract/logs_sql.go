package extract

import (
	"fmt"
	"slices"
	"strings"
)

// What became of a row of a log file. Larger numbers are malformed rows: the
// row's first failed check, counted from firstBad.
const (
	keptRow     = 0
	filteredRow = 1
	removedRow  = 2
	firstBad    = 3
)

// A check finds malformed rows.
type check struct {
	bad  string // SQL condition over the file's columns
	want string
	got  string // SQL expression of what to show
}

// A statement reads one file of logs or blocks into rows of a temporary table
// incoming, and says what became of each.
type statement struct {
	source   source
	chainID  uint64
	now      string // SQL literal
	isText   bool   // hex as text, not bytes
	prefix   string // of hex text
	checks   []check
	values   []string // SQL of the values CTE
	match    string   // SQL that joins the vaults a row may belong to
	isLog    bool     // not a block
}

// reader is DuckDB's table function over the file, everything in a text file
// as text.
func (s source) reader() string {
	compression := "uncompressed"
	switch {
	case s.gzipped:
		compression = "gzip"
	case s.container == inCSV:
		compression = "none"
	}
	switch s.container {
	case inParquet:
		return "read_parquet(" + quoteFile(s.file) + ", hive_partitioning = false)"
	case inCSV:
		return fmt.Sprintf("read_csv(%s, auto_detect = false, header = true, delim = ',', quote = '\"', escape = '\"', compression = %s, columns = {%s})",
			quoteFile(s.file), quote(compression), s.columnList())
	default:
		format := "newline_delimited"
		if s.container == inJSON {
			format = "array"
		}
		return fmt.Sprintf("read_json(%s, format = '%s', compression = %s, maximum_object_size = 67108864, columns = {%s})",
			quoteFile(s.file), format, quote(compression), s.columnList())
	}
}

func (s source) columnList() string {
	parts := make([]string, len(s.columns))
	for i, c := range s.columns {
		parts[i] = quote(c.name) + ": 'VARCHAR'"
	}
	return strings.Join(parts, ", ")
}

// quoteFile keeps DuckDB from taking a file's name for a glob.
func quoteFile(file string) string {
	return quote(literalPath.Replace(file))
}

// column is the SQL of our column in the file's terms, or empty: JSON objects
// may use one name here and another there, so all that exist are asked.
func (s source) column(ours string) string {
	var found []string
	for _, theirs := range aliases[ours] {
		if s.has(theirs) {
			found = append(found, ident(theirs))
		}
	}
	switch {
	case len(found) == 0:
		return ""
	case len(found) == 1 || s.container == inParquet || s.container == inCSV:
		return found[0]
	default:
		return "coalesce(" + strings.Join(found, ", ") + ")"
	}
}

func (s source) dataType(ours string) string {
	for _, theirs := range aliases[ours] {
		if t := s.typeOf(theirs); t != "" {
			return t
		}
	}
	return ""
}

var integerTypes = []string{"TINYINT", "SMALLINT", "INTEGER", "BIGINT", "HUGEINT", "UTINYINT", "USMALLINT", "UINTEGER", "UBIGINT", "UHUGEINT"}

// integer is the SQL of a whole number that is not negative, null where the
// value is something else; a float is never one.
func integer(sql, dataType string) string {
	switch {
	case slices.Contains(integerTypes, dataType):
		return fmt.Sprintf("case when %[1]s >= 0 then try_cast(%[1]s as bigint) end", sql)
	case dataType == "BLOB":
		return fmt.Sprintf("try_cast(try_cast('0x' || hex(%s) as ubigint) as bigint)", sql)
	case dataType != "VARCHAR":
		sql = "cast(" + sql + " as varchar)"
	}
	// the cast alone would take 1.5 for 2 and 1e3 for 1000
	return fmt.Sprintf(`try_cast(case when regexp_full_match(%[1]s, '[0-9]+|0[xX][0-9a-fA-F]+') then try_cast(%[1]s as ubigint) end as bigint)`, sql)
}

// instant is the SQL of a time: Unix seconds or milliseconds, decimal or hex,
// or text; without a zone it is UTC. Zero is how some nodes write no time.
func instant(sql, dataType string) string {
	if strings.HasPrefix(dataType, "TIMESTAMP") {
		return fmt.Sprintf("case when isfinite(%[1]s) then cast(%[1]s as timestamptz) end", sql)
	}
	number := integer(sql, dataType)
	fromNumber := fmt.Sprintf(`cast(make_timestamp(case
        when %[1]s = 0 then null
        when %[1]s < 100000000000 then %[1]s * 1000000
        when %[1]s < 100000000000000 then %[1]s * 1000 end) as timestamptz)`, number)
	if dataType != "VARCHAR" {
		return fromNumber
	}
	// DuckDB reads a time that ends in UTC ten times slower than one without zone
	return fmt.Sprintf(`case
        when %[2]s is not null then %[3]s
        when suffix(%[1]s, ' UTC') then cast(try_cast(left(%[1]s, -4) as timestamp) as timestamptz)
        else try_cast(%[1]s as timestamptz) end`, sql, number, fromNumber)
}

// isHex is the SQL of whether text is hex of so many bytes; 0: of any number.
func (st *statement) isHex(sql string, bytes int) string {
	length := fmt.Sprintf("strlen(%s) %% 2 = 0", sql)
	if bytes > 0 {
		length = fmt.Sprintf("strlen(%s) = %d", sql, len(st.prefix)+2*bytes)
	}
	pattern := "[0-9a-fA-F]*"
	if st.prefix != "" {
		pattern = "0[xX]" + pattern
	}
	return fmt.Sprintf("(%s and regexp_full_match(%s, '%s'))", length, sql, pattern)
}

// isBytes is isHex for whichever way the file writes bytes.
func (st *statement) isBytes(sql string, bytes int) string {
	switch {
	case st.isText:
		return st.isHex(sql, bytes)
	case bytes > 0:
		return fmt.Sprintf("octet_length(%s) = %d", sql, bytes)
	default:
		return "true"
	}
}

// toBytes is the SQL that turns a checked value into bytes.
func (st *statement) toBytes(sql string) string {
	if !st.isText {
		return sql
	}
	return fmt.Sprintf("unhex(substr(%s, %d))", sql, len(st.prefix)+1)
}

// hexWords names what a hex value must look like.
func (st *statement) hexWords(bytes int) string {
	switch {
	case !st.isText && bytes > 0:
		return fmt.Sprintf("%d bytes", bytes)
	case !st.isText:
		return "bytes"
	case bytes > 0:
		return fmt.Sprintf("%s%d hex digits", st.prefix, 2*bytes)
	default:
		return st.prefix + "hex digits, an even number"
	}
}
