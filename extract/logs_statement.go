package extract

import (
	"fmt"
	"strings"
	"time"
)

// newStatement works out how the file's columns become ours.
func newStatement(s source, in input, plainHex bool) *statement {
	st := &statement{
		source: s, chainID: in.archive.ChainID,
		now:    literalTime(in.now),
		isText: s.dataType("address") == "VARCHAR", prefix: "0x",
	}
	if plainHex {
		st.prefix = ""
	}
	address, contract := "typed.address", "from_hex(substr(vaults.vault_address, 3))"
	if st.isText {
		address, contract = "lower(typed.address)", fmt.Sprintf("substr(vaults.vault_address, %d)", 3-len(st.prefix))
	}
	st.match = `left join (select vault_id, chain_id as vault_chain_id, address as vault_address from raw.vaults) as vaults
        on typed.chain_id = vaults.vault_chain_id and ` + address + " = " + contract
	st.isLog = true
	st.key()
	st.content()
	st.time()
	return st
}

func (st *statement) value(name, sql string) {
	st.values = append(st.values, sql+" as "+name)
}

func (st *statement) check(bad, want, got string) {
	st.checks = append(st.checks, check{bad, want, got})
}

// key reads chain, block and log index.
func (st *statement) key() {
	st.chain()
	st.number("block_number")
	st.number("log_index")
	c := st.source.column("transaction_index")
	if c == "" {
		st.value("transaction_index", "null::bigint")
		return
	}
	st.value("transaction_index", st.quantity("transaction_index"))
	st.value("has_transaction_index", present(c, st.source.dataType("transaction_index")))
	st.check("transaction_index is null and has_transaction_index", "a transaction index, a whole number", c)
}

// chain reads the chain id: the row's, else the wrapper's, else the config's.
func (st *statement) chain() {
	s := st.source
	chain, given := st.configuredChain(), "null"
	if s.walked {
		given = `"@chain"`
		chain = fmt.Sprintf("case when %s then %s else %s end", present(given, "VARCHAR"), integer(given, "VARCHAR"), chain)
	}
	if c := s.column("chain_id"); c != "" {
		given = c
		chain = fmt.Sprintf("case when %s then %s else %s end", present(c, s.dataType("chain_id")), integer(c, s.dataType("chain_id")), chain)
	}
	st.value("chain_id", chain)
	st.check("chain_id is null", "a chain id in the row, or chain_id in the archive's configuration", given)
}

// number reads a whole number that every row has.
func (st *statement) number(name string) {
	st.value(name, st.quantity(name))
	st.check(name+" is null", "a "+words(name)+", a whole number", st.source.column(name))
}

func (st *statement) configuredChain() string {
	if st.chainID == 0 {
		return "null::bigint"
	}
	return fmt.Sprintf("%d::bigint", st.chainID)
}

// quantity is an integer where Etherscan writes zero as 0x.
func (st *statement) quantity(name string) string {
	c := st.source.column(name)
	number := integer(c, st.source.dataType(name))
	if st.source.has("timeStamp") {
		return fmt.Sprintf(`case when %s = '0x' and "timeStamp" is not null then 0 else %s end`, c, number)
	}
	return number
}

// present is the SQL of whether a value is there at all.
func present(sql, dataType string) string {
	if dataType == "VARCHAR" {
		return fmt.Sprintf("coalesce(%s, '') <> ''", sql)
	}
	return fmt.Sprintf("%s is not null", sql)
}

// content reads address, topics, data and hashes.
func (st *statement) content() {
	s := st.source
	address := s.column("address")
	st.value("address", address)
	st.check(fmt.Sprintf("not coalesce(%s, false)", st.isBytes("typed.address", 20)), "an address, "+st.hexWords(20), st.show(address))
	st.topics()
	data := s.column("data")
	st.value("data", data)
	st.check(fmt.Sprintf("not coalesce(%s, false) or typed.data is null", st.isBytes("typed.data", 0)), "data as "+st.hexWords(0), st.show(data))
	if n := s.column("n_data_bytes"); n != "" {
		st.value("n_data_bytes", integer(n, s.dataType("n_data_bytes")))
		length := "octet_length(typed.data)"
		if st.isText {
			length = fmt.Sprintf("(strlen(typed.data) - %d) // 2", len(st.prefix))
		}
		st.check(fmt.Sprintf("%s <> n_data_bytes", length), "data as long as n_data_bytes says", st.show(data))
	}
	for _, name := range []string{"transaction_hash", "block_hash"} {
		c := s.column(name)
		if c == "" {
			st.value(name, "null::"+map[bool]string{true: "varchar", false: "blob"}[st.isText])
			continue
		}
		if st.isText {
			st.value(name, "nullif("+c+", '')")
		} else {
			st.value(name, c)
		}
		st.check(fmt.Sprintf("not %s", st.isBytes("typed."+name, 32)), "a "+words(name)+", "+st.hexWords(32), st.show(c))
	}
	removed := "false"
	if c := s.column("removed"); c != "" {
		removed = fmt.Sprintf("coalesce(try_cast(%s as boolean), false)", c)
	}
	st.value("is_removed", removed)
}

// show is the SQL that makes a value fit for a message.
func (st *statement) show(sql string) string {
	if st.isText {
		return sql
	}
	return "'0x' || hex(" + sql + ")"
}

// topics reads the topics from four columns, a list, or text that joins them.
func (st *statement) topics() {
	s := st.source
	topics := s.column("topics")
	dataType := s.dataType("topics")
	list, isList := strings.CutSuffix(dataType, "[]")
	shown := "cast(" + topics + " as varchar)"
	for i := range 4 {
		name := fmt.Sprintf("topic%d", i)
		switch {
		case topics == "" && st.isText:
			st.value(name, "nullif("+s.column(name)+", '')")
		case topics == "":
			st.value(name, s.column(name))
		case isList:
			st.value(name, fmt.Sprintf("(%s)[%d]", topics, i+1))
		case strings.HasPrefix(dataType, "STRUCT"): // how BigQuery writes a repeated field
			st.value(name, fmt.Sprintf("(%s)[%d]", repeated(topics, dataType), i+1))
		default:
			st.value(name, joinedTopic(topics, i))
		}
	}
	if topics == "" {
		shown = "concat_ws(', ', " + st.show(s.column("topic0")) + ", " + st.show(s.column("topic1")) + ", " + st.show(s.column("topic2")) + ", " + st.show(s.column("topic3")) + ")"
	}
	bad := []string{
		"topic1 is not null and topic0 is null", "topic2 is not null and topic1 is null", "topic3 is not null and topic2 is null",
	}
	for i := range 4 {
		bad = append(bad, fmt.Sprintf("not %s", st.isBytes(fmt.Sprintf("typed.topic%d", i), 32)))
	}
	switch {
	case isList && list != "":
		st.value("topic_count", "len("+topics+")")
		bad = append(bad, "topic_count > 4")
	case strings.HasPrefix(dataType, "STRUCT"):
		st.value("topic_count", "len("+repeated(topics, dataType)+")")
		bad = append(bad, "topic_count > 4")
	case topics != "":
		st.value("topics_text", "replace("+topics+", ' ', '')")
		bad = append(bad, `case when starts_with(topics_text, '[') then topics_text <> '[]' and (strlen(topics_text) % 69 <> 1 or strlen(topics_text) > 277)
            else topics_text <> '' and (strlen(topics_text) % 67 <> 66 or strlen(topics_text) > 267) end`)
	}
	st.check("("+strings.Join(bad, " or ")+")", "up to four topics, each "+st.hexWords(32), shown)
}

func repeated(topics, dataType string) string {
	field := "element"
	if strings.Contains(dataType, "item") {
		field = "item"
	}
	return fmt.Sprintf("list_transform(%s.list, lambda x: x.%s)", topics, field)
}

// joinedTopic cuts one topic out of "0x..,0x.." or of a JSON list's text: all
// are equally long, and what is not falls to the checks.
func joinedTopic(topics string, i int) string {
	text := "replace(" + topics + ", ' ', '')"
	return fmt.Sprintf(`nullif(case when starts_with(%[1]s, '[') then case when %[1]s <> '[]' then substr(%[1]s, %[2]d, 66) end
        else substr(%[1]s, %[3]d, 66) end, '')`, text, 3+69*i, 1+67*i)
}

// time reads the block's time, where the file has one.
func (st *statement) time() {
	s := st.source
	c := s.column("block_timestamp")
	if c == "" {
		st.value("block_timestamp", "null::timestamptz")
		return
	}
	dataType := s.dataType("block_timestamp")
	st.value("block_timestamp", instant(c, dataType))
	zero := "false"
	if !strings.HasPrefix(dataType, "TIMESTAMP") {
		zero = fmt.Sprintf("coalesce(%s = 0, false)", integer(c, dataType))
	}
	st.value("has_time", fmt.Sprintf("%s and not %s", present(c, dataType), zero))
	st.check("block_timestamp is null and has_time", "a block time", "cast("+c+" as varchar)")
	st.check("block_timestamp < timestamptz '1970-01-01 00:00:00+00'", "a block time after 1970", "cast("+c+" as varchar)")
	st.check("block_timestamp > "+st.now, "a block time that is not in the future", "cast("+c+" as varchar)")
}

// judged is the SQL that reads every row, says what becomes of it, and turns
// kept rows into bytes. Numbered rows also carry "@row" and what was wrong.
func (st *statement) judged(numbered bool) string {
	given, extra, got := st.source.reader(), "", ""
	values := st.values
	if numbered {
		given = "(select row_number() over () as \"@row\", * from " + given + ")"
		extra = `"@row",`
		if st.source.walked {
			extra = `cast("@line" as bigint) as "@row",`
		}
	}
	var fate strings.Builder
	fate.WriteString("case\n")
	for i, c := range st.checks {
		bad := c.bad
		if numbered {
			values = append(values, fmt.Sprintf("cast(%s as varchar) as got%d", c.got, i))
			got += fmt.Sprintf(" when %d then got%d", firstBad+i, i)
		}
		fmt.Fprintf(&fate, "        when %s then %d\n", bad, firstBad+i)
	}
	fmt.Fprintf(&fate, "        when vaults.vault_id is null then %d\n        when is_removed then %d\n        else %d end", filteredRow, removedRow, keptRow)
	columns := []string{"fate", "chain_id", "block_number", "block_timestamp"}
	if st.isLog {
		columns = append(columns, "log_index", "transaction_index")
		for _, name := range []string{"block_hash", "transaction_hash", "address", "topic0", "topic1", "topic2", "topic3", "data"} {
			columns = append(columns, fmt.Sprintf("case when fate = %d then %s end as %s", keptRow, st.toBytes(name), name))
		}
	}
	if numbered {
		columns = append(columns, `"@row"`, "case fate"+got+" end as got")
	}
	return fmt.Sprintf(`
with typed as (
    select %s %s
    from %s
),
judged as (
    select typed.*, %s as fate
    from typed
    %s
)
select %s
from judged`, extra, strings.Join(values, ",\n        "), given, fate.String(), st.match, strings.Join(columns, ",\n    "))
}

func literalTime(at time.Time) string {
	return "timestamptz " + quote(at.UTC().Format("2006-01-02 15:04:05.999999+00"))
}

func words(name string) string { return strings.ReplaceAll(name, "_", " ") }
