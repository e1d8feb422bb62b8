package main

import (
	"encoding/csv"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/pelletier/go-toml/v2"

	"github.com/vaultperf/vaultperf/cmd/vaultperf/config"
	"github.com/vaultperf/vaultperf/extract"
	models "github.com/vaultperf/vaultperf/sql"
)

// configType is what a config file is decoded into.
var configType = reflect.TypeFor[config.File]()

// configTables are the headings of docs/config.md under which a table's keys
// stand, by the path of the table.
var configTables = map[string]string{
	"":               "## Keys of the whole file",
	"start":          "## `[start]`",
	"thresholds":     "## `[thresholds]`",
	"vault":          "## `[[vault]]`",
	"vault.contract": "## `[[vault.contract]]`",
	"archive":        "## `[[archive]]`",
	"rpc":            "## `[[rpc]]`",
	"benchmark":      "## `[[benchmark]]`",
}

// TestConfigKeys wants docs/config.md to have every key of the config, with its type.
func TestConfigKeys(t *testing.T) {
	tables := map[string]map[string]string{}
	collectKeys("", configType, tables)
	if len(tables) != len(configTables) {
		t.Errorf("tables of the config: %v", slices.Sorted(maps.Keys(tables)))
	}
	text := readDocument(t, "docs/config.md")
	for table, keys := range tables {
		var documented []string
		for _, cells := range rows(section(t, text, configTables[table])) {
			if len(cells) != 4 { // flags
				continue
			}
			key := strings.Trim(cells[0], "`")
			documented = append(documented, key)
			if want := keys[key]; want != "" && cells[1] != want {
				t.Errorf("%s: type of %s: want %s, got %s", configTables[table], key, want, cells[1])
			}
		}
		wantSame(t, configTables[table], documented, slices.Collect(maps.Keys(keys)))
	}
}

// collectKeys fills tables with the keys of a struct and their types in words. A
// table of its own is a key only within another table.
func collectKeys(at string, of reflect.Type, tables map[string]map[string]string) {
	tables[at] = map[string]string{}
	for i := range of.NumField() {
		key, _, _ := strings.Cut(of.Field(i).Tag.Get("toml"), ",")
		if key == "" {
			continue
		}
		inner := of.Field(i).Type
		for inner.Kind() == reflect.Pointer {
			inner = inner.Elem()
		}
		if inner.Kind() == reflect.Slice && inner.Elem().Kind() == reflect.Struct {
			inner = inner.Elem()
		}
		below := strings.TrimPrefix(at+"."+key, ".")
		if inner.Kind() == reflect.Struct {
			collectKeys(below, inner, tables)
			if at != "" {
				tables[at][key] = "`[[" + below + "]]`"
			}
			continue
		}
		tables[at][key] = map[reflect.Kind]string{
			reflect.Interface: "day", reflect.String: "text", reflect.Bool: "true or false", reflect.Float64: "number",
			reflect.Int: "whole number", reflect.Int64: "whole number", reflect.Slice: "list of text", reflect.Map: "table of text",
		}[inner.Kind()]
	}
}

// parseDocumented parses a config as the command does.
func parseDocumented(text string) error {
	_, err := config.Parse("example.toml", ".", []byte(text))
	return err
}

// TestConfigExamples wants every config of the documents to be valid: one with vaults
// and their source as it stands, a part of one in its keys.
func TestConfigExamples(t *testing.T) {
	whole := 0
	for _, document := range documents(t) {
		text, err := os.ReadFile(document)
		if err != nil {
			t.Fatal(err)
		}
		for i, block := range fenced(string(text), "toml") {
			where := fmt.Sprintf("%s, config %d", filepath.Base(document), i+1)
			if strings.Contains(block, "[[vault]]") && (strings.Contains(block, "[[archive]]") || strings.Contains(block, "[[rpc]]")) {
				whole++
				if err := parseDocumented(block); err != nil {
					t.Errorf("%s: %v", where, err)
				}
				continue
			}
			into := reflect.New(configType).Interface()
			if err := toml.NewDecoder(strings.NewReader(block)).DisallowUnknownFields().Decode(into); err != nil {
				t.Errorf("%s: %v", where, err)
			}
		}
	}
	if whole < 2 {
		t.Errorf("%d whole configs in the documents, want some", whole)
	}
}

func TestDocumentedFamilies(t *testing.T) {
	text := readDocument(t, "docs/config.md")
	vaults := firstCodes(rows(section(t, text, "## Families of vaults")))
	wantSame(t, "families of vaults", vaults, extract.Families)
	others := section(t, text, "## Roles and families of other contracts")
	var roles, families, named []string
	for _, cells := range rows(others) {
		if len(cells) == 3 {
			roles = append(roles, codes(cells[0])...)
			named = append(named, codes(cells[2])...)
			continue
		}
		families = append(families, codes(cells[0])...)
	}
	wantSame(t, "roles", roles, extract.ContractRoles)
	wantSame(t, "families of contracts", append(families, vaults...), extract.ContractFamilies())
	for _, family := range named {
		if !slices.Contains(extract.ContractFamilies(), family) {
			t.Errorf("a role names %s, which is no family", family)
		}
	}
}

func TestDocumentedFormats(t *testing.T) {
	for _, cells := range rows(section(t, readDocument(t, "docs/config.md"), configTables["archive"])) {
		if cells[0] == "`format`" {
			wantSame(t, "docs/config.md, formats", codes(cells[3]), extract.Formats)
		}
	}
	layouts := firstCodes(rows(section(t, readDocument(t, "docs/formats.md"), "## Event logs")))
	wantSame(t, "docs/formats.md, layouts", append(layouts, "auto", "readings"), extract.Formats)
}

// TestDocumentedThresholds wants the thresholds that a config may set, which are those
// documented, to be the ones that the models know, with their defaults.
func TestDocumentedThresholds(t *testing.T) {
	text, err := fs.ReadFile(models.Files, "seeds/thresholds.csv")
	if err != nil {
		t.Fatal(err)
	}
	seeds, err := csv.NewReader(strings.NewReader(string(text))).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	var want, got []string
	for _, row := range seeds[1:] {
		want = append(want, row[0]+" "+row[1])
	}
	for _, cells := range rows(section(t, readDocument(t, "docs/config.md"), configTables["thresholds"])) {
		got = append(got, strings.Trim(cells[0], "`")+" "+cells[2])
	}
	wantSame(t, "thresholds", got, want)
}

// TestDocumentedColumns takes the columns that a config may map from its own refusal of
// others.
func TestDocumentedColumns(t *testing.T) {
	refused := parseDocumented(alphaVault + goodArchive + "columns = { nonsense = \"x\" }\n" +
		"[[benchmark]]\nname = \"b\"\npath = \"b.csv\"\nkind = \"price\"\ncolumns = { nonsense = \"x\" }\n")
	if refused == nil {
		t.Fatal("a column that nothing knows is not refused")
	}
	list := func(before, after string) []string {
		_, rest, _ := strings.Cut(refused.Error(), before)
		names, _, found := strings.Cut(rest, after)
		if !found {
			t.Fatalf("no columns after %q in: %v", before, refused)
		}
		return strings.Split(names, ", ")
	}
	readings := list("ours one of ", ", got")
	wantSame(t, "columns of readings", firstCodes(rows(section(t, readDocument(t, "docs/formats.md"), "## Readings"))), readings)
	wantSame(t, "columns of another site's figures", firstCodes(rows(section(t, readDocument(t, "docs/formats.md"), "## Figures of other sites"))), extract.SiteColumns)
	// of each of the other kinds a table of its own, in their order
	var behind []string
	for _, cells := range rows(section(t, readDocument(t, "docs/formats.md"), "## What stands behind a price")) {
		behind = append(behind, codes(cells[0])...)
	}
	wantSame(t, "columns of what stands behind a price", behind,
		slices.Concat(extract.ColumnsOf("markets"), extract.ColumnsOf("allocations"), extract.ColumnsOf("prices")))
	text := readDocument(t, "docs/config.md")
	for table, want := range map[string][]string{"archive": readings, "benchmark": list("names among ", ", got")} {
		for _, cells := range rows(section(t, text, configTables[table])) {
			if cells[0] == "`columns`" {
				wantSame(t, configTables[table]+" columns", codes(cells[3]), want)
			}
		}
	}
}
