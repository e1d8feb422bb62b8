package archive

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/vaultperf/vaultperf/extract/vault"
)

// What became of a row of a log file. Larger numbers are malformed rows: the number of
// the row's first failed check, counted from firstBad.
const (
	keptRow     = 0
	filteredRow = 1
	removedRow  = 2
	firstBad    = 3
)

// A check finds malformed rows.
type check struct {
	bad  string // SQL condition
	want string
	got  string // SQL expression of what to show
}

// A statement reads one file of logs or blocks into the temporary table incoming, and
// says what became of each row. Its SQL works in steps, so that nothing is computed
// twice: given renames the file's columns, numbered reads whole numbers, cut and split
// separate joined topics, typed reads times and bytes, judged finds malformed rows, and
// matched finds those of configured contracts.
type statement struct {
	source   source
	chainID  uint64
	now      string // SQL literal
	isText   bool   // hex as text, not bytes
	prefix   string // of hex text
	given    []string
	numbered []string
	cut      []string // positions of topics in text that joins them
	split    []string // those topics
	typed    []string
	checks   []check
	match    string   // SQL that joins the table of what is tracked
	relevant string   // SQL condition: the row is kept
	matched  []string // columns of the joined table
	columns  []string
}

// newStatement works out how a log file's columns become those of raw.logs.
func newStatement(s source, in fileInput, plainHex bool) *statement {
	st := &statement{source: s, chainID: in.archive.ChainID, now: literalTime(in.now), isText: s.dataType("address") == "VARCHAR", prefix: "0x"}
	if plainHex {
		st.prefix = ""
	}
	st.match = `left join temp.tracked on judged.chain_id = tracked_chain_id and judged.address = tracked_address`
	st.relevant = "tracked_number is not null"
	if slices.ContainsFunc(vault.Watches(in.vaults), func(w vault.Watch) bool { return w.IsShared }) {
		st.relevant += " and (not is_shared or " + vault.IsRelevantSQL("tracked_keys") + ")"
	}
	st.matched = []string{"tracked_number"}
	st.columns = []string{"tracked_number", "chain_id", "block_number", "block_timestamp", "log_index", "transaction_index"}
	for _, field := range logColumns {
		if c := s.column(field); c != "" {
			st.given = append(st.given, c+" as given_"+field)
		}
	}
	st.chain()
	st.number("block_number")
	st.number("log_index")
	st.transactionIndex()
	st.content()
	st.time()
	return st
}

func (st *statement) check(bad, want, got string) {
	st.checks = append(st.checks, check{bad, want, got})
}

// bytes adds a column of bytes, which is converted for kept rows only. Its check finds
// values that are not hex, or not of length size unless that is 0.
func (st *statement) bytes(name, given string, size int) (bad string) {
	st.columns = append(st.columns, fmt.Sprintf("case when fate = %d then %s end as %s", keptRow, name, name))
	if !st.isText {
		st.typed = append(st.typed, given+" as "+name)
		if size == 0 {
			return "false"
		}
		return fmt.Sprintf("octet_length(%s) <> %d", name, size)
	}
	// unhex silently pads an odd number of digits and fails on anything that is not a
	// digit, but it is much faster than a regular expression
	st.typed = append(st.typed, fmt.Sprintf("try(unhex(substr(%s, %d))) as %s", given, len(st.prefix)+1, name))
	length := fmt.Sprintf("strlen(%s) %% 2 <> 0", given)
	if size > 0 {
		length = fmt.Sprintf("strlen(%s) <> %d", given, len(st.prefix)+2*size)
	}
	return fmt.Sprintf("%[1]s is not null and (%[2]s is null or %[3]s or not starts_with(%[1]s, %[4]s))", given, name, length, quote(st.prefix))
}

// chain reads the chain id: the row's, else the wrapper's, else the config's.
func (st *statement) chain() {
	s := st.source
	chain, given := "null::bigint", "null"
	if st.chainID > 0 {
		chain = fmt.Sprintf("%d::bigint", st.chainID)
	}
	if s.walked {
		given = `"@chain"`
		st.given = append(st.given, given)
		chain = fmt.Sprintf("case when %s then %s else %s end", present(given, "VARCHAR"), integer(given, "VARCHAR"), chain)
	}
	if s.column("chain_id") != "" {
		given = "given_chain_id"
		dataType := s.dataType("chain_id")
		chain = fmt.Sprintf("case when %s then %s else %s end", present(given, dataType), integer(given, dataType), chain)
	}
	st.numbered = append(st.numbered, chain+" as chain_id")
	st.check("chain_id is null", "a chain id in the row, or chain_id in the archive's configuration", given)
}

// number reads a whole number that every row must have.
func (st *statement) number(name string) {
	st.numbered = append(st.numbered, st.quantity(name)+" as "+name)
	st.check(name+" is null", "a "+spaced(name)+", a whole number", "given_"+name)
}

func (st *statement) transactionIndex() {
	if st.source.column("transaction_index") == "" {
		st.numbered = append(st.numbered, "null::bigint as transaction_index")
		return
	}
	st.numbered = append(st.numbered, st.quantity("transaction_index")+" as transaction_index")
	isGiven := present("given_transaction_index", st.source.dataType("transaction_index"))
	st.check("transaction_index is null and "+isGiven, "a transaction index, a whole number", "given_transaction_index")
}

// quantity is an integer, for which Etherscan writes zero as 0x.
func (st *statement) quantity(name string) string {
	number := integer("given_"+name, st.source.dataType(name))
	if st.source.has("timeStamp") {
		if !slices.Contains(st.given, "is_etherscan") {
			st.given = append(st.given, `"timeStamp" is not null as is_etherscan`)
		}
		return fmt.Sprintf("case when given_%s = '0x' and is_etherscan then 0 else %s end", name, number)
	}
	return number
}

// content reads address, topics, data and hashes.
func (st *statement) content() {
	s := st.source
	bad := st.bytes("address", "given_address", 20)
	st.check("given_address is null or "+bad, "an address, "+st.hexWords(20), st.show("given_address"))
	st.topics()
	bad = st.bytes("data", "given_data", 0)
	st.check("given_data is null or "+bad, "data as "+st.hexWords(0), st.show("given_data"))
	if s.column("n_data_bytes") != "" {
		st.numbered = append(st.numbered, integer("given_n_data_bytes", s.dataType("n_data_bytes"))+" as n_data_bytes")
		st.check("octet_length(data) <> n_data_bytes", "data as long as n_data_bytes says", st.show("given_data"))
	}
	for _, name := range []string{"transaction_hash", "block_hash"} {
		if s.column(name) == "" {
			st.columns = append(st.columns, "null::blob as "+name)
			continue
		}
		given := "given_" + name
		if st.isText {
			given = "nullif(" + given + ", '')"
		}
		st.check(st.bytes(name, given, 32), "a "+spaced(name)+", "+st.hexWords(32), st.show("given_"+name))
	}
}

// time reads the block's time, where the file has one.
func (st *statement) time() {
	dataType := st.source.dataType("block_timestamp")
	const given = "given_block_timestamp"
	if st.source.column("block_timestamp") == "" {
		st.typed = append(st.typed, "null::timestamptz as block_timestamp")
		return
	}
	isGiven := present(given, dataType)
	if !strings.HasPrefix(dataType, "TIMESTAMP") {
		st.numbered = append(st.numbered, integer(given, dataType)+" as time_number")
		isGiven += " and time_number is distinct from 0"
	}
	st.typed = append(st.typed, instant(given, dataType)+" as block_timestamp")
	shown := "cast(" + given + " as varchar)"
	st.check("block_timestamp is null and "+isGiven, "a block time", shown)
	st.check("block_timestamp < "+literalTime(firstBlockAt), "a block time from "+firstBlockAt.Format(time.DateOnly)+" on, when Ethereum began", shown)
	st.check("block_timestamp > "+st.now, "a block time that is not in the future", shown)
}

// judged is the SQL that reads every row, says what becomes of it, and converts the hex
// of kept rows to bytes. Located rows also have "@row" and what was wrong.
func (st *statement) judged(located bool) string {
	reader, given, columns := st.source.reader(), st.given, slices.Concat([]string{"fate"}, st.columns)
	var fate, got strings.Builder
	for i, c := range st.checks {
		fmt.Fprintf(&fate, "            when %s then %d\n", c.bad, firstBad+i)
		fmt.Fprintf(&got, " when %d then cast(%s as varchar)", firstBad+i, c.got)
	}
	if located {
		reader = `(select row_number() over () as "@number", * from ` + reader + ")"
		row := `"@number" as "@row"`
		if st.source.walked {
			row = `cast("@line" as bigint) as "@row"`
		}
		given = append([]string{row}, given...)
		columns = append(columns, `"@row"`, "case fate"+got.String()+" end as got")
	}
	removed := "false"
	if st.source.column("removed") != "" {
		removed = "coalesce(try_cast(given_removed as boolean), false)"
	}
	all := []string{"*"}
	return "with " + strings.Join([]string{
		step("given", given, reader),
		step("numbered", append(all, st.numbered...), "given"),
		step("cut", append(all, st.cut...), "numbered"),
		step("split", append(all, st.split...), "cut"),
		step("typed", append(all, st.typed...), "split"),
		step("judged", append(all, "case\n"+fate.String()+"        end as malformed"), "typed"),
		step("matched", append([]string{"judged.*", fmt.Sprintf(`case
            when malformed is not null then malformed
            when not (%s) then %d
            when %s then %d
            else %d
        end as fate`, st.relevant, filteredRow, removed, removedRow, keptRow)}, st.matched...), "judged\n    "+st.match),
	}, ",\n") + "\nselect\n    " + strings.Join(columns, ",\n    ") + "\nfrom matched"
}

// step is one common table expression.
func step(name string, columns []string, from string) string {
	return name + " as (\n    select\n        " + strings.Join(columns, ",\n        ") + "\n    from " + from + "\n)"
}

func literalTime(at time.Time) string {
	return "timestamptz " + quote(at.UTC().Format("2006-01-02 15:04:05.999999+00"))
}

func spaced(name string) string { return strings.ReplaceAll(name, "_", " ") }
