package main

import (
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/vaultperf/vaultperf/extract"
)

// familyHeadings are those of every page of a family, in this order.
var familyHeadings = []string{
	"## What its price is, and why",
	"## Fees: which exist, and how each is seen",
	"## What can pause, seize, delay or lose",
	"## What is read from a node",
	"## What files alone cannot tell",
	"## Checked against its own code",
}

// TestFamilyPages wants a page for every family of vaults, all under the same headings,
// and a row for each in the folder's table.
func TestFamilyPages(t *testing.T) {
	const folder = "docs/families"
	files, err := filepath.Glob(filepath.Join(repository, folder, "*.md"))
	if err != nil {
		t.Fatal(err)
	}
	var pages []string
	for _, file := range files {
		if name := strings.TrimSuffix(filepath.Base(file), ".md"); name != "README" {
			pages = append(pages, name)
		}
	}
	wantSame(t, "pages of families", pages, extract.Families)
	for _, family := range pages {
		text := readDocument(t, folder+"/"+family+".md")
		var headings []string
		for _, line := range lines(text) {
			if strings.HasPrefix(line, "## ") {
				headings = append(headings, line)
			}
		}
		if !slices.Equal(headings, familyHeadings) {
			t.Errorf("%s: its headings are %q", family, headings)
			continue
		}
		for _, heading := range headings {
			if strings.TrimSpace(section(t, text, heading)) == "" {
				t.Errorf("%s: nothing under %q", family, heading)
			}
		}
		if !strings.Contains(text, "\n`family = \""+family+"\"`") {
			t.Errorf("%s: the page does not say how a config names it", family)
		}
	}
	numbers := []string{"Twelve", "Thirteen", "Fourteen", "Fifteen", "Sixteen", "Seventeen", "Eighteen"}
	known := slices.IndexFunc(numbers, func(number string) bool {
		return strings.Contains(readDocument(t, "README.md"), number+" families of vaults are known")
	}) + 12
	if want := len(extract.Families) - 1; known != want { // all but observed
		t.Errorf("README.md tells of %d families of vaults, want %d", known, want)
	}
	table := rows(section(t, readDocument(t, folder+"/README.md"), "# Families of vaults"))
	if !slices.Equal(firstCodes(table), extract.Families) {
		t.Errorf("families of the table: %q, want them in display order: %q", firstCodes(table), extract.Families)
	}
	for _, cells := range table {
		family := strings.Join(codes(cells[0]), "")
		title, _, _ := strings.Cut(strings.TrimPrefix(readDocument(t, folder+"/"+family+".md"), "# "), "\n")
		if want := "[" + title + "](" + family + ".md)"; cells[len(cells)-1] != want {
			t.Errorf("%s: the table links %s, want %s", family, cells[len(cells)-1], want)
		}
	}
}
