package report

import (
	"fmt"
	"html/template"
	"io"
	"strings"
)

// Pages are the templates and what they have in common.
type pages struct {
	templates *template.Template
	page      chrome
	index     chrome
}

// newPages prepares the pages; a nil library is the public one.
func newPages(version string, library []byte) (*pages, error) {
	templates, err := template.ParseFS(files, "page/*.html")
	if err != nil {
		return nil, fmt.Errorf("read templates: %w", err)
	}
	p := &pages{templates: templates}
	if p.page, err = chartChrome(version, library); err != nil {
		return nil, err
	}
	p.index, err = plainChrome(version)
	return p, err
}

// A card is one headline figure.
type card struct {
	Label string
	Value string
	Note  []string // parts, each kept on one line where it fits
	Why   bool     // Value is a reason's words
	Loss  bool
}

// A vaultPage is all texts of a vault's page.
type vaultPage struct {
	Chrome      chrome
	Name        string
	ID          string
	Facts       []note
	Badges      []cell
	SourceNote  string
	AsOf        string
	Age         string
	Cards       []card
	Warnings    []Warning
	Night       []Warning
	Charts      map[string]chart
	Months      table
	Returns     table
	Risk        table
	Drawdowns   table
	Claims      table
	Listings    []table
	Untold      string
	Quality     []note
	Imports     table
	Definitions table
	Conventions []note
	Provenance  []note
	Hashes      []note
}

// writePage writes the page of one vault.
func (p *pages) writePage(w io.Writer, d *Data, v *Vault) error {
	page := vaultPage{
		Chrome:      p.page,
		Name:        displayName(v),
		ID:          Text(v.ID, 80),
		Facts:       identity(v),
		Badges:      badges(v),
		SourceNote:  Text(v.SourceNote, 300),
		AsOf:        Date(&d.AsOf),
		Age:         d.age(v),
		Cards:       d.cards(v),
		Warnings:    shown(v.Warnings),
		Night:       shown(d.Warnings),
		Charts:      map[string]chart{},
		Months:      d.monthsTable(v),
		Returns:     d.returnsTable(v),
		Risk:        d.riskTable(v),
		Drawdowns:   drawdownsTable(v),
		Quality:     d.qualityFacts(v),
		Imports:     d.importsTable(),
		Definitions: d.definitionsTable(),
		Conventions: d.conventions(v),
		Provenance:  d.provenance(v, p.page.Version),
		Hashes:      d.hashes(),
	}
	page.Listings, page.Untold = d.listingTables(v)
	if len(page.Listings) > 0 && page.Listings[0].ID == listings[0].id { // claims stand above the tables of figures
		page.Claims, page.Listings = page.Listings[0], page.Listings[1:]
	}
	for _, draw := range []func(*Vault) (chart, error){priceChart, drawdownChart, d.rollingChart} {
		c, err := draw(v)
		if err != nil {
			return fmt.Errorf("draw %s: %w", c.ID, err)
		}
		page.Charts[c.ID] = c
	}
	return p.templates.ExecuteTemplate(w, "vault.html", page)
}

// displayName is the vault's name, or its id where it has none to show.
func displayName(v *Vault) string {
	if name := Text(v.Name, 80); name != "" {
		return name
	}
	return Text(v.ID, 80)
}

func identity(v *Vault) []note {
	facts := []note{
		{"Address", Text(v.Address, 64)},
		{"Chain", ChainLabel(v.ChainID)},
		{"Asset", Text(v.AssetSymbol, 16)},
		{"Kind", FamilyLabel(v.Family)},
	}
	if v.Safe != "" {
		facts = append(facts, note{"Safe", Text(v.Safe, 64)})
	}
	facts = append(facts, note{"Last mark", DateTime(v.LastAt)})
	if v.BlockNumber != nil {
		facts = append(facts, note{"Block", Block(v.BlockNumber)})
	}
	if v.TotalAssets != nil {
		facts = append(facts, note{"Total assets", Amount(v.TotalAssets) + " " + Text(v.AssetSymbol, 16)})
	}
	return facts
}

// badges say how current the vault is; their class is their colour.
func badges(v *Vault) []cell {
	class := "bad"
	if v.Status == "live" {
		class = "good"
	}
	out := []cell{{Text: StatusLabel(v.Status), Class: class}}
	if v.IsFlat {
		out = append(out, cell{Text: "Flat for a week or more", Class: "mild"})
	}
	return out
}

// shown are warnings fit to print.
func shown(warnings []Warning) []Warning {
	out := make([]Warning, len(warnings))
	for i, w := range warnings {
		out[i] = Warning{Code: Words(w.Code), Message: Sentence(Text(w.Message, 400)), Rows: w.Rows}
	}
	return out
}

// conventions are the rules all figures follow.
func (d *Data) conventions(v *Vault) []note {
	rate := "No risk-free rate is configured; the Sharpe ratio is then given at a rate of 0 only."
	if d.RiskFreeRate != nil {
		rate = "The risk-free rate is " + Percent(d.RiskFreeRate) + " a year, less for shorter returns by their true length."
	}
	return []note{
		{"Year", "365 days. Returns are annualised over the time that truly passed between two marks."},
		{"Days", "UTC. A day's mark is its last accepted reading; a day without a reading has no mark and none is invented."},
		{"Signs", "Losses and drawdowns are negative."},
		{"Fees", "Figures follow the share price, so they are net of the fees the vault takes from it and before any fee outside it, such as for entry or exit."},
		{"Rate", rate},
		{"Start rule", d.startRule(v)},
		{"Undefined", "A figure that cannot be computed is left out and the reason stands in its place. It is never zero."},
		{"Young vaults", "An annualised figure of less than a year is an extrapolation, not a result."},
	}
}

// provenance says what made the page from what.
func (d *Data) provenance(v *Vault, version string) []note {
	return []note{
		{"Vault id", Text(v.ID, 80)},
		{"As of", Date(&d.AsOf) + ", nothing after " + DateTime(&d.Until)},
		{"Made by", strings.TrimSpace("vaultperf " + Text(version, 80))},
		{"Same figures", "report.xlsx beside this page, and marts.performance in the published database, where vault_id is the vault id above"},
	}
}

// hashes are the digests of the files read.
func (d *Data) hashes() []note {
	var out []note
	for _, f := range d.Imports {
		out = append(out, note{"SHA-256 of " + Text(f.Path, 120), Text(f.SHA256, 64)})
	}
	return out
}
