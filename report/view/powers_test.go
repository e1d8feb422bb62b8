package view

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/vaultperf/vaultperf/report/marts"
)

// TestPictureOfPowers: the section says first who decides, alone or with whom and how
// fast, then as a tree what stands behind each contract; what no log told is unknown.
func TestPictureOfPowers(t *testing.T) {
	d := read(t)
	var section *Section
	for _, chapter := range report(t, d, "usual").Chapters {
		for i := range chapter {
			if chapter[i].ID == "permissions" {
				section = &chapter[i]
			}
		}
	}
	if section == nil || len(section.Blocks) != 3 {
		t.Fatal("want an answer, a picture and the changes in one section")
	}
	var got []string
	for _, n := range section.Blocks[0].(*Terms).Notes {
		got = append(got, n.Term+": "+n.Text)
	}
	want := []string{
		"Move the assets: 2 of 3 signers of Safe 0x000000…a001, at once; unknown from contract 0x000000…a002 on.",
		"Change the rules: 0x000000…a014, after 1 h if it is a key.",
	}
	if !slices.Equal(got, want) {
		t.Errorf("the answer: got %q, want %q", got, want)
	}
	picture := section.Blocks[1].(*Table)
	got = nil
	for _, r := range picture.Rows {
		if r.Group != "" {
			got = append(got, r.Group)
			continue
		}
		got = append(got, fmt.Sprintf("%d %s | %s | %s", r.Cells[0].Level, r.Cells[0].Text, r.Cells[1].Text, r.Cells[2].Text))
	}
	want = []string{
		"Move the assets",
		"0 Safe 0x000000…a001 | Safe | at once",
		"1 0x000000…a00a, 0x000000…a00b | Signer of the Safe | 2 of 3 signers together",
		"1 Contract 0x000000…a002 | Module of the Safe | unknown",
		"Change the rules",
		"0 Timelock 0x000000…a003 | Owner | after 1 h",
		"1 0x000000…a014 | Role: PROPOSER_ROLE of the timelock | after 1 h, if it is a key",
		"1 A call that waits | Scheduled call of the timelock | from 2025-09-05 00:00 UTC",
		"Wait for a power",
		"0 0x000000…a015 | Pending owner | once it accepts",
	}
	if !slices.Equal(got, want) {
		t.Errorf("the picture: got\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
}

// TestPictureEnds: chains and lists that somebody makes long end on a page with a line
// that says where the rest is.
func TestPictureEnds(t *testing.T) {
	number := func(n int) marts.Field { x := float64(n); return marts.Field{Number: &x} }
	var rows [][]marts.Field
	add := func(depth int, contract, holder, term, reason string) {
		f := make([]marts.Field, len(powersColumns))
		for value, n := range map[string]int{"position": len(rows) + 1, "depth": depth, "total_delay_seconds": 0, "soonest_delay_seconds": 0} {
			f[powersField(value)] = number(n)
		}
		for value, text := range map[string]string{
			"power": "change the rules", "status": "stands", "coalesce(nullif(contract_name, ''), role)": "vault", "contract": contract, "term": term, "held_by": "one",
			"holder": holder, "holder_kind": "access", "acts": "alone", "if(is_covered, 'yes', 'no')": "yes", "reason": reason,
		} {
			f[powersField(value)].Text = text
		}
		rows = append(rows, f)
	}
	at := func(n int) string { return fmt.Sprintf("0x%040x", n) }
	for n := range mostSteps + 3 {
		add(n, at(n), at(n+1), "owner", "")
	}
	for n := range 500 {
		add(0, at(0), at(1000+n), "role", "not_followed")
		add(0, at(0), at(2000+n), fmt.Sprint("role ", n), "not_followed")
	}
	w := New(read(t), Options{SheetRows: 1000})
	picture := w.powersTable(powersOf(rows))
	shown := 0
	for _, r := range picture.Rows {
		if r.Group == "" {
			shown++
		}
	}
	if shown != mostPowers {
		t.Errorf("%d rows are shown, want %d", shown, mostPowers)
	}
	left := len(rows) - 499 - mostPowers // 500 have the same power
	want := fmt.Sprintf("And %d more rows, 2 of them over %d steps from the vault, in the workbook, on the sheet Powers.", left, mostSteps)
	if n := len(picture.Notes); n != 1 || picture.Notes[0].Text != want {
		t.Errorf("below it stands %v, want %q", picture.Notes, want)
	}
	if n := powersAnswer(powersOf(rows)).Notes; len(n) != 1 || len(n[0].Text) > 400 || !strings.Contains(n[0].Text, "more below") {
		t.Errorf("the answer does not end: %v", n)
	}
}
