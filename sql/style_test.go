package sql

import (
	"bytes"
	"encoding/csv"
	"flag"
	"io/fs"
	"path"
	"regexp"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"
)

// One flag serves every package that has expected outputs; here are none.
var _ = flag.Bool("update", false, "rewrite expected outputs")

// widest is how many columns a line of SQL may have, comments too.
const widest = 88

var (
	firstLine   = regexp.MustCompile(`\A-- [A-Z][^\n]*[^.\n]\.\n`)
	grainLine   = regexp.MustCompile(`(?m)^-- grain: [a-z_]+(, [a-z_]+)*$`)
	fieldLine   = regexp.MustCompile(`(?m)^-- (label|group|formula|unit|source|null when): (\S.*)$`)
	columnLine  = regexp.MustCompile(`(?m)^--   ([a-z_0-9]+): \S.*$`)
	notCode     = regexp.MustCompile(`(?m)--.*$|'[^']*'`)
	lineComment = regexp.MustCompile(`(?m)--.*$`)
	quotedText  = regexp.MustCompile(`'[^']*'`)
	upperCase   = regexp.MustCompile(`[A-Z]+`)
	trailing    = regexp.MustCompile(`(?m)[ \t]+$`)
	indent      = regexp.MustCompile(`(?m)^( *)\S`)
	commonName  = regexp.MustCompile(`(?m)^([a-z_]+) as \($`)
	distinct    = regexp.MustCompile(`\bdistinct\s+from\b`)
	relation    = regexp.MustCompile(`\b(?:from|join)\s+([a-z_][a-z_0-9.]*)(\(?)`)
	lastStar    = regexp.MustCompile(`(?s)\A\s*select\s+(?:[a-z_]+\.)?\*`)
	arguments   = regexp.MustCompile(`(?m)^-- arguments: [a-z_]+(, [a-z_]+)*$`)
	units       = []string{"fraction", "fraction per year", "ratio", "probability", "days", "count"}
	unitLine    = regexp.MustCompile(`(?m)^--   ([a-z][a-z ]*): ([a-z_0-9, ]+(?:\n--     [a-z_0-9, ]+)*)$`)
	// otherUnits are those that only columns of marts have.
	otherUnits = []string{
		"asset", "shares", "asset per share", "seconds", "block number", "log position", "place", "year", "line", "bytes",
		"chain id", "decimals", "smallest unit of the asset", "smallest unit of the share", "smallest unit of the token", "of the metric", "of the threshold",
	}
)

// faults are the rules of form that a model breaks; layer is its folder.
func faults(layer, text string) []string {
	out := formFaults(text)
	if layer == "raw" {
		return out // tables, not models
	}
	if layer == "macros" {
		return append(out, macroFaults(text)...)
	}
	code := notCode.ReplaceAllString(text, "")
	if !firstLine.MatchString(text) {
		out = append(out, "the first line must say in one sentence what one row is")
	}
	if layer != "checks" && !grainLine.MatchString(text) {
		out = append(out, `want a "-- grain: column, column" line`)
	}
	if start := strings.TrimSpace(code); !strings.HasPrefix(start, "with\n") && !strings.HasPrefix(start, "with recursive\n") && !strings.HasPrefix(start, "select") {
		out = append(out, "a model is one select: it starts with `with` or `select`")
	}
	if strings.Contains(code, ";") {
		out = append(out, "a model is one select: it has no semicolon")
	}
	if strings.Contains(code, "right join") {
		out = append(out, "turn a `right join` around")
	}
	for _, query := range lastSelects(code) {
		if lastStar.MatchString(query) {
			out = append(out, "the last select lists its columns")
		}
	}
	out = append(out, relationFaults(layer, code)...)
	if layer == "metrics" {
		out = append(out, metricFaults(text)...)
	}
	if layer == "marts" && (!strings.Contains(text, "\n-- columns:\n") || !columnLine.MatchString(text)) {
		out = append(out, `want every column described under "-- columns:"`)
	}
	if layer == "marts" {
		out = append(out, unitFaults(text)...)
	}
	return out
}

// unitFaults are units that a mart's header makes up, or gives to a column that it has
// not. That each column of numbers has one is known where its type is: in the database.
func unitFaults(text string) []string {
	var out []string
	list, columns, _ := strings.Cut(text, "\n-- columns:\n")
	_, list, _ = strings.Cut(list, "\n-- units:\n")
	for _, m := range unitLine.FindAllStringSubmatch(list, -1) {
		if !slices.Contains(units, m[1]) && !slices.Contains(otherUnits, m[1]) {
			out = append(out, "unit "+m[1]+" is none of "+strings.Join(append(slices.Clone(units), otherUnits...), ", "))
		}
		for _, name := range strings.FieldsFunc(m[2], func(r rune) bool { return strings.ContainsRune(", \n-", r) }) {
			if !strings.Contains("\n"+columns, "\n--   "+name+": ") {
				out = append(out, "a unit for "+name+", which is no column")
			}
		}
	}
	return out
}

// formFaults are those any SQL file can have.
func formFaults(text string) []string {
	var out []string
	if word := upperCase.FindString(notCode.ReplaceAllString(text, "")); word != "" {
		out = append(out, "write "+word+" in lower case")
	}
	if strings.Contains(text, "\t") {
		out = append(out, "a tab")
	}
	if trailing.MatchString(text) {
		out = append(out, "trailing blanks")
	}
	if !strings.HasSuffix(text, "\n") || strings.HasSuffix(text, "\n\n") {
		out = append(out, "want one newline at the end")
	}
	for _, m := range indent.FindAllStringSubmatch(text, -1) {
		if len(m[1])%4 != 0 {
			out = append(out, "indent by four spaces: "+m[0])
		}
	}
	for line := range strings.Lines(text) {
		if utf8.RuneCountInString(strings.TrimSuffix(line, "\n")) > widest {
			out = append(out, "wider than 88 columns: "+line)
		}
	}
	return out
}

// lastSelects are the selects a model ends with, one per branch of a union:
// what follows the last common table expression.
func lastSelects(code string) []string {
	if i := strings.LastIndex(code, "\n)\n\n"); i >= 0 {
		code = code[i+len("\n)\n\n"):]
	}
	return regexp.MustCompile(`\nunion all\n`).Split(code, -1)
}

// relationFaults finds relations without a schema and those of a layer the
// model must not read.
func relationFaults(layer, code string) []string {
	var out, known []string
	for _, m := range commonName.FindAllStringSubmatch(code, -1) {
		known = append(known, m[1])
	}
	code = distinct.ReplaceAllString(code, "")
	own := slices.Index(Schemas, layer) // -1: checks, which may read everything but raw
	for _, m := range relation.FindAllStringSubmatch(code, -1) {
		name, isCall := m[1], m[2] != ""
		schema, _, qualified := strings.Cut(name, ".")
		at := slices.Index(Schemas, schema)
		switch {
		case isCall || slices.Contains(known, name):
		case !qualified:
			out = append(out, name+" is neither a step of this model nor written with its schema")
		case at < 0:
			out = append(out, name+" is in no layer")
		case schema == "raw" && layer != "staging":
			out = append(out, "only staging reads raw: "+name)
		case own >= 0 && at > own:
			out = append(out, layer+" comes before "+name)
		}
	}
	return out
}

// macroFaults are those of a macro, which is an expression or one select.
func macroFaults(text string) []string {
	var out []string
	if !firstLine.MatchString(text) {
		out = append(out, "the first line must say in one sentence what it gives")
	}
	if !arguments.MatchString(text) {
		out = append(out, `want a "-- arguments: name, name" line`)
	}
	if strings.Contains(notCode.ReplaceAllString(text, ""), ";") {
		out = append(out, "a macro has no semicolon")
	}
	return out
}

func metricFaults(text string) []string {
	fields := map[string]string{}
	for _, m := range fieldLine.FindAllStringSubmatch(text, -1) {
		fields[m[1]] = m[2]
	}
	var out []string
	for _, name := range []string{"label", "group", "formula", "unit", "source", "null when"} {
		if fields[name] == "" {
			out = append(out, `want a "-- `+name+`: ..." line`)
		}
	}
	if unit := fields["unit"]; unit != "" && !slices.Contains(units, unit) {
		out = append(out, "unit "+unit+" is none of "+strings.Join(units, ", "))
	}
	return out
}

func TestStyle(t *testing.T) {
	for _, layer := range append(slices.Clone(Schemas), "macros", "checks") {
		files, err := FilesIn(Files, layer, ".sql")
		if err != nil {
			t.Fatal(err)
		}
		if len(files) == 0 && layer != "seeds" {
			t.Errorf("no file in %s", layer)
		}
		for _, file := range files {
			text, err := fs.ReadFile(Files, file)
			if err != nil {
				t.Fatal(err)
			}
			for _, fault := range faults(layer, string(text)) {
				t.Errorf("%s: %s", file, fault)
			}
		}
	}
}

// TestVaultFamiliesAreData: only a family's own models, which begin with its name, know
// it by name; to all others it is what staging.families says of it.
func TestVaultFamiliesAreData(t *testing.T) {
	text, err := fs.ReadFile(Files, "generated/families.csv")
	if err != nil {
		t.Fatal(err)
	}
	families, err := csv.NewReader(bytes.NewReader(text)).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	own := map[string]string{} // the quoted name of each family of vaults, and how its models begin
	for _, row := range families[1:] {
		if row[slices.Index(families[0], "is_vault")] == "true" {
			own["'"+row[0]+"'"] = strings.TrimRight(row[0], "_v0123456789") + "_"
		}
	}
	if len(own) < 10 {
		t.Fatalf("%d families of vaults", len(own))
	}
	for _, layer := range Schemas[2:] {
		files, err := FilesIn(Files, layer, ".sql")
		if err != nil {
			t.Fatal(err)
		}
		for _, file := range files {
			text, err := fs.ReadFile(Files, file)
			if err != nil {
				t.Fatal(err)
			}
			for _, quoted := range quotedText.FindAllString(lineComment.ReplaceAllString(string(text), ""), -1) {
				if begins, isFamily := own[quoted]; isFamily && !strings.HasPrefix(path.Base(file), begins) {
					t.Errorf("%s knows the family %s by name", file, quoted)
				}
			}
		}
	}
}

// TestStyleFindsFaults shows that each rule can fail.
func TestStyleFindsFaults(t *testing.T) {
	const good = "-- One row per vault.\n-- grain: vault_id\nselect vault_id\nfrom staging.vaults\n"
	const metric = "-- Growth.\n-- grain: vault_id, period\n-- label: Growth\n-- group: returns, 1\n-- formula: a / b\n" +
		"-- unit: ratio\n-- source: definition\n-- null when: never\nselect 1 as value\n"
	const mart = "-- One row per vault.\n-- grain: vault_id\n-- units:\n--   asset: a,\n--     b\n-- columns:\n" +
		"--   vault_id: id\n--   a: first\n--   b: second\nselect\n    vault_id,\n    a,\n    b\nfrom staging.vaults\n"
	for _, c := range []struct{ name, layer, text, want string }{
		{"good mart", "marts", mart, ""},
		{"unit that nobody knows", "marts", strings.Replace(mart, "asset", "dollars", 1), "unit dollars"},
		{"unit of no column", "marts", strings.Replace(mart, "--     b", "--     c", 1), "a unit for c"},
		{"good", "intermediate", good, ""},
		{"good metric", "metrics", metric, ""},
		{"no sentence", "intermediate", strings.Replace(good, "vault.", "vault", 1), "one sentence"},
		{"no grain", "intermediate", strings.Replace(good, "grain", "rain", 1), "-- grain"},
		{"two statements", "intermediate", strings.Replace(good, "vaults", "vaults;", 1), "no semicolon"},
		{"not a select", "intermediate", strings.Replace(good, "select", "delete", 1), "starts with"},
		{"upper case", "intermediate", strings.Replace(good, "select", "SELECT", 1), "lower case"},
		{"tab", "intermediate", strings.Replace(good, "select ", "select\t", 1), "a tab"},
		{"trailing blank", "intermediate", strings.Replace(good, "vault_id\nfrom", "vault_id \nfrom", 1), "trailing"},
		{"no final newline", "intermediate", strings.TrimSuffix(good, "\n"), "one newline"},
		{"odd indent", "intermediate", strings.Replace(good, "from", "  from", 1), "four spaces"},
		{"wide comment", "intermediate", strings.Replace(good, "vault.", strings.Repeat("v", 88)+".", 1), "wider"},
		{"star", "intermediate", strings.Replace(good, "select vault_id", "select *", 1), "lists its columns"},
		{"star of a relation", "intermediate", strings.Replace(good, "select vault_id", "select vaults.*", 1), "lists its columns"},
		{"right join", "intermediate", strings.Replace(good, "from", "from staging.run right join", 1), "turn a"},
		{"no schema", "intermediate", strings.Replace(good, "staging.", "", 1), "written with its schema"},
		{"foreign schema", "intermediate", strings.Replace(good, "staging.", "stage.", 1), "in no layer"},
		{"raw", "intermediate", strings.Replace(good, "staging.", "raw.", 1), "only staging reads raw"},
		{"later layer", "staging", strings.Replace(good, "staging.", "marts.", 1), "comes before"},
		{"metric without unit", "metrics", strings.Replace(metric, "unit", "units", 1), `"-- unit: ..."`},
		{"metric without group", "metrics", strings.Replace(metric, "group", "groups", 1), `"-- group: ..."`},
		{"macro without arguments", "macros", strings.Replace(good, "grain", "reason", 1), `"-- arguments`},
		{"metric in percent", "metrics", strings.Replace(metric, "ratio", "percent", 1), "unit percent"},
		{"mart without columns", "marts", good, "-- columns:"},
	} {
		t.Run(c.name, func(t *testing.T) {
			got := strings.Join(faults(c.layer, c.text), "; ")
			if c.want == "" && got != "" || !strings.Contains(got, c.want) {
				t.Errorf("got %q, want %q", got, c.want)
			}
		})
	}
}
