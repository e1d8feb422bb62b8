package archive

import (
	"fmt"
	"slices"
	"strings"
)

// reader is DuckDB's table function for the file. All columns of a text file are read as
// text.
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
		return fmt.Sprintf("read_json(%s, format = '%s', compression = %s, columns = {%s})",
			quoteFile(s.file), format, quote(compression), s.columnList())
	}
}

func (s source) columnList() string {
	parts := make([]string, len(s.columns))
	for i, c := range s.columns {
		parts[i] = quote(c.name) + ": " + quote(c.dataType)
	}
	return strings.Join(parts, ", ")
}

// quoteFile keeps DuckDB from taking a file's name for a glob.
func quoteFile(file string) string {
	return quote(literalPath.Replace(file))
}

// column is the SQL that reads a field of a log from the file, or empty if the file has
// none. JSON objects in one file may use different names, so it combines all that exist.
func (s source) column(field string) string {
	var found []string
	for _, alias := range aliases[field] {
		if s.has(alias) {
			found = append(found, ident(alias))
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

func (s source) dataType(field string) string {
	for _, alias := range aliases[field] {
		if t := s.typeOf(alias); t != "" {
			return t
		}
	}
	return ""
}

var integerTypes = []string{"TINYINT", "SMALLINT", "INTEGER", "BIGINT", "HUGEINT", "UTINYINT", "USMALLINT", "UINTEGER", "UBIGINT", "UHUGEINT"}

// integer is the SQL of a whole number that is not negative, or null if the value is
// anything else, a float included.
func integer(sql, dataType string) string {
	switch {
	case slices.Contains(integerTypes, dataType):
		return fmt.Sprintf("case when %[1]s >= 0 then try_cast(%[1]s as bigint) end", sql)
	case dataType == "BLOB":
		return fmt.Sprintf("try_cast(try_cast('0x' || hex(%s) as ubigint) as bigint)", sql)
	case dataType != "VARCHAR":
		sql = "cast(" + sql + " as varchar)"
	}
	// the cast alone would read 1.5 as 2, 1e3 as 1000 and 1_0 as 10; a regular
	// expression takes five times as long as converting the number back to text
	return fmt.Sprintf(`try_cast(case
            when starts_with(%[1]s, '0x') and not contains(%[1]s, '_') then try_cast(%[1]s as ubigint)
            when cast(try_cast(%[1]s as ubigint) as varchar) = %[1]s then try_cast(%[1]s as ubigint)
        end as bigint)`, sql)
}

// instant is the SQL of a time: Unix seconds or milliseconds in time_number, or text,
// which is UTC if it has no zone. Some nodes write zero for an unknown time.
func instant(given, dataType string) string {
	if strings.HasPrefix(dataType, "TIMESTAMP") {
		return fmt.Sprintf("case when isfinite(%[1]s) then cast(%[1]s as timestamptz) end", given)
	}
	const number = `cast(make_timestamp(case
            when time_number = 0 then null
            when time_number < 100000000000 then time_number * 1000000
            when time_number < 100000000000000 then time_number * 1000
        end) as timestamptz)`
	if dataType != "VARCHAR" {
		return number
	}
	// DuckDB takes ten times as long for a time that ends in UTC as for one without a zone
	return fmt.Sprintf(`case
        when time_number is not null then %[2]s
        when suffix(%[1]s, ' UTC') then cast(try_cast(left(%[1]s, -4) as timestamp) as timestamptz)
        else try_cast(%[1]s as timestamptz)
    end`, given, number)
}

// hexWords describes what a hex value must look like.
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

// present is the SQL condition that there is a value.
func present(sql, dataType string) string {
	if dataType == "VARCHAR" {
		return fmt.Sprintf("coalesce(%s, '') <> ''", sql)
	}
	return sql + " is not null"
}

// show is the SQL that shortens a value for a message.
func (st *statement) show(sql string) string {
	if st.isText {
		return sql
	}
	return "'0x' || hex(" + sql + ")"
}
