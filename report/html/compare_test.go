package html

import (
	"bytes"
	"context"
	"database/sql"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"image"
	"image/png"
	"io/fs"
	"math"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/vaultperf/vaultperf/report/marts"
	"github.com/vaultperf/vaultperf/report/marts/martstest"
	"github.com/vaultperf/vaultperf/report/view"
)

// needLibrary skips a test of charts in a program built without the library.
func needLibrary(t *testing.T) {
	t.Helper()
	if js, err := library(); err != nil || js == nil {
		t.Skip("charts are not drawn: report/html/assets/echarts.js is not built")
	}
}

// comparedVaults are vaults of which each is a case of a comparison: two that are alike but for
// their time, one with weeks without a price, one that ended in a total loss, one that
// never moves, one that ended before the youngest began, and one that is hostile.
func comparedVaults() []martstest.Vault {
	gappy := martstest.Walk(600, 0.08, 0.002)
	for i := range gappy {
		if day := len(gappy) - 1 - i; day%70 >= 20 && day%70 < 34 { // two whole weeks of ten, and parts of others
			gappy[i] = math.NaN()
		}
	}
	lost := append(martstest.Walk(300, 0.3, 0.02), 0)
	flat := slices.Repeat([]float64{1.05}, 500)
	return []martstest.Vault{
		{ID: "long", Name: "Long Record", Symbol: "USDC", Prices: martstest.Walk(1300, 0.09, 0.004), Assets: 9e6},
		{ID: "later", Name: "Later Record", Symbol: "USDC", Prices: martstest.Walk(730, 0.05, 0.003), Assets: 8e6},
		{ID: "gappy", Name: "Weeks Without", Symbol: "WETH", Prices: gappy, Assets: 7e6},
		{ID: "lost", Name: "Total Loss", Symbol: "USDC", Status: "closed", Ineligible: []string{"closed"}, Prices: lost, Assets: 6e6},
		{ID: "flat", Name: "Never Moves", Symbol: "DAI", Prices: flat, Assets: 5e6},
		{ID: "ended", Name: "Ended Early", Symbol: "USDC", Status: "stale", Ineligible: []string{"stale"}, End: martstest.Until.AddDate(0, 0, -200), Prices: martstest.Walk(90, 0.05, 0.002), Assets: 4e6},
		{ID: "young", Name: "Born Late", Symbol: "USDC", Prices: martstest.Walk(60, 0.05, 0.002), Assets: 3e6},
		{ID: "../../etc/passwd", Name: martstest.Hostile, Symbol: "<b>\u202eX</b>", Note: martstest.Hostile, Prices: martstest.Walk(400, -0.2, 0.02), Assets: 2e6},
		{ID: "twin-1", Name: "Twin", Symbol: "USDC", Prices: martstest.Walk(200, 0.02, 0.001), Assets: 1e6},
		{ID: "twin-2", Name: "Twin", Symbol: "USDC", Prices: martstest.Walk(210, 0.02, 0.001), Assets: 1e6},
		{ID: "riser", Name: "Never Falls", Symbol: "USDC", Prices: martstest.Walk(100, 0.1, 0), Assets: 1e5},
		{ID: "small", Name: "Without a Page", Symbol: "USDC", Prices: martstest.Walk(30, 0.02, 0.001), Assets: 1},
	}
}

// comparePages writes index and comparison of these vaults, of which all but the smallest
// have a page, into a fresh folder.
func comparePages(t *testing.T) (dir string, db *sql.DB) {
	t.Helper()
	dir, db = t.TempDir(), martstest.Open(t, &martstest.Rate, comparedVaults()...)
	d, err := marts.Read(t.Context(), db, len(comparedVaults())-1, nil)
	if err != nil {
		t.Fatal(err)
	}
	w := view.New(d, view.Options{Version: "v0.0.0-test", SheetRows: 1000})
	r, err := New()
	if err != nil {
		t.Fatal(err)
	}
	var index, compare bytes.Buffer
	if err := errors.Join(r.Index(&index, w.Index()), r.Compare(&compare, w.Comparison())); err != nil {
		t.Fatal(err)
	}
	for name, page := range map[string][]byte{"index.html": index.Bytes(), "compare.html": compare.Bytes()} {
		if err := os.WriteFile(filepath.Join(dir, name), page, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	return dir, db
}

// press presses a key by its code as a keyboard does.
func (b *browser) press(key string, code int, text string) {
	b.tb.Helper()
	for _, kind := range []string{"keyDown", "keyUp"} {
		event := map[string]any{"type": kind, "key": key, "windowsVirtualKeyCode": code}
		if kind == "keyDown" && text != "" {
			event["text"] = text
		}
		b.call("Input.dispatchKeyEvent", event)
	}
	b.settle()
}

// typed puts a text where the focus is.
func (b *browser) typed(text string) {
	b.tb.Helper()
	b.call("Input.insertText", map[string]any{"text": text})
	b.settle()
}

// loads waits until the page that an action opens is drawn.
func (b *browser) loads(action func()) {
	b.tb.Helper()
	b.events = nil
	action()
	isLoad := func(e reply) bool { return e.Method == "Page.loadEventFired" }
	for !slices.ContainsFunc(b.events, isLoad) {
		b.events = append(b.events, b.next())
	}
	b.settle()
}

// pixels is a picture of an element.
func (b *browser) pixels(selector string) image.Image {
	b.tb.Helper()
	box := b.eval(`(() => { const r = document.querySelector('` + selector + `').getBoundingClientRect(); return [r.x + scrollX, r.y + scrollY, r.width, r.height]; })()`).([]any)
	var r struct {
		Data string `json:"data"`
	}
	b.into(&r, "Page.captureScreenshot", map[string]any{
		"captureBeyondViewport": true,
		"clip":                  map[string]any{"x": box[0], "y": box[1], "width": box[2], "height": box[3], "scale": 1},
	})
	data, err := base64.StdEncoding.DecodeString(r.Data)
	if err != nil {
		b.tb.Fatal(err)
	}
	picture, err := png.Decode(bytes.NewReader(data))
	if err != nil {
		b.tb.Fatal(err)
	}
	return picture
}

// different counts the pixels in which two pictures differ.
func different(a, b image.Image) int {
	if a.Bounds() != b.Bounds() {
		return math.MaxInt
	}
	n := 0
	for y := a.Bounds().Min.Y; y < a.Bounds().Max.Y; y++ {
		for x := a.Bounds().Min.X; x < a.Bounds().Max.X; x++ {
			if a.At(x, y) != b.At(x, y) {
				n++
			}
		}
	}
	return n
}

func (b *browser) wants(what string, wants map[string]any) {
	b.tb.Helper()
	for script, want := range wants {
		if got := b.eval(script); got != want {
			b.tb.Errorf("%s: %s is %v, want %v", what, script, got, want)
		}
	}
}

const (
	keysOf = `[...document.querySelectorAll('.legend a')].map((a) => a.textContent).join('|')`
	said   = `document.querySelector('.said').textContent`
)

// TestCompareByKeyboard chooses vaults on the index and compares them, adds and removes
// vaults on the page, and goes back, without a pointer.
func TestCompareByKeyboard(t *testing.T) {
	needLibrary(t)
	b := openBrowser(t)
	dir, _ := comparePages(t)
	b.screen(1280, "light")
	b.open(filepath.Join(dir, "index.html"))
	b.wants("index", map[string]any{
		`document.querySelectorAll('.choose input').length`: 11.0, // not of the vault without a page
		`document.querySelector('#choice').hidden`:          true,
	})
	for i, name := range []string{"Long Record", "Ended Early"} {
		b.eval(`[...document.querySelectorAll('.choose input')].find((e) => e.ariaLabel === 'Compare ` + name + `').focus(), 1`)
		b.press(" ", 32, " ")
		b.wants("a choice of "+name, map[string]any{`document.querySelector('#choice button').disabled`: i == 0})
	}
	b.wants("two choices", map[string]any{
		`document.querySelector('#choice p').textContent`: "Long Record, Ended Early.",
		`location.hash`: "#chosen=long%2Cended",
	})
	b.eval(`document.querySelector('#choice button').focus(), 1`)
	b.loads(func() { b.key("Enter") })
	if c := b.complaints(); len(c) > 0 {
		t.Errorf("the comparison complains: %q", c)
	}
	b.wants("comparison", map[string]any{
		`location.pathname.split('/').pop() + location.hash`: "compare.html#long,ended",
		keysOf: "Long Record|Ended Early",
		said:   "2 vaults are compared.",
		`[...document.querySelectorAll('.legend .badge')].map((e) => e.textContent + e.classList.contains('bad')).join('|')`: "Currentfalse|Staletrue",
		`document.querySelector('#back').getAttribute('href')`:                                                               "index.html#chosen=long,ended",
		`document.querySelector('.legend a').getAttribute('href')`:                                                           "long/report.html",
		`document.querySelectorAll('.plot svg').length`:                                                                      2.0,
		`[...document.querySelectorAll('.plot')].filter((p) => p.getAttribute('role') === 'img' && document.getElementById(p.getAttribute('aria-describedby')).textContent.includes('Ended Early')).length`: 2.0,
	})
	both := map[string]image.Image{".plot.growth": b.pixels(".plot.growth"), ".plot.below": b.pixels(".plot.below")}

	// one more by its name, through the field
	b.eval(`document.querySelector('.add input').focus(), 1`)
	b.typed("Later Record")
	b.key("Enter")
	b.settle()
	b.wants("added", map[string]any{
		keysOf: "Long Record|Ended Early|Later Record", said: "Later Record is added. 3 vaults are compared.", `location.hash`: "#long,ended,later",
		`document.activeElement.name`: "vault", `document.querySelectorAll('#common tbody tr').length`: 3.0,
		`document.querySelectorAll('#correlation tbody td').length`: 9.0, `document.querySelector('#figures thead tr').cells.length`: 4.0,
	})
	for plot, picture := range both {
		if n := different(picture, b.pixels(plot)); n < 200 {
			t.Errorf("%s: a line more changes %d pixels", plot, n)
		}
	}
	// every chart differs from an empty one
	b.eval(`document.querySelectorAll('.plot').forEach((p) => p.querySelectorAll('path[stroke-width]').forEach((e) => e.getAttribute('fill') === 'none' && Number(e.getAttribute('stroke-width')) > 1.5 && e.remove())), 1`)
	for plot, picture := range both {
		if n := different(picture, b.pixels(plot)); n < 400 {
			t.Errorf("%s: its lines are %d pixels", plot, n)
		}
	}

	for _, test := range []struct{ typed, want string }{
		{"Twin", "2 vaults have this name: choose one from the list."},
		{"Later Record", "Later Record is compared already."},
		{"Without a Page", "No vault with a report is called “Without a Page”."},
		{"", "Name the vault to add."},
	} {
		b.eval(`document.querySelector('.add input').value = '', document.querySelector('.add input').focus(), 1`)
		b.typed(test.typed)
		b.key("Enter")
		b.settle()
		b.wants("typed "+test.typed, map[string]any{said: test.want})
	}
	b.eval(`document.querySelector('.add input').value = '', document.querySelectorAll('.remove')[1].focus(), 1`)
	b.key("Enter")
	b.settle()
	b.wants("removed", map[string]any{
		keysOf: "Long Record|Later Record", said: "Ended Early is removed. 2 vaults are compared.", `location.hash`: "#long,later",
		`document.activeElement.getAttribute('aria-label')`: "Remove Later Record",
	})
	b.eval(`history.back(), new Promise((done) => setTimeout(done, 200))`)
	b.wants("back", map[string]any{keysOf: "Long Record|Ended Early|Later Record"})

	// without a week in common nothing is drawn, and the page says so
	b.eval(`location.hash = '#ended,young', new Promise((done) => setTimeout(done, 200))`)
	b.wants("nothing in common", map[string]any{
		`document.querySelector('.span').textContent.startsWith('There is no week in which all 2 have a close')`: true,
		`[...document.querySelectorAll('figure')].every((f) => f.hidden)`:                                        true,
		`document.querySelector('#common').closest('section').hidden`:                                            true,
		`document.querySelector('#correlation tbody td:nth-child(3)').textContent`:                               "too few0 weeks",
	})
	b.eval(`location.hash = '#flat,flat-2', new Promise((done) => setTimeout(done, 200))`)
	b.wants("one of an address that is here", map[string]any{said: "Add another vault to compare. 1 vault of the address is not here, or without a report.", `document.querySelector('#compared').hidden`: true})
	b.eval(`location.hash = '#flat,riser', new Promise((done) => setTimeout(done, 200))`)
	b.wants("nothing fell", map[string]any{
		`document.querySelector('.plot.below').checkVisibility()`:                                                                  false,
		`[...document.querySelectorAll('figure > .words')].filter((e) => e.checkVisibility()).map((e) => e.textContent).join('|')`: "No drawdown: no close is below an earlier one.",
		`document.querySelector('.plot.growth svg').checkVisibility()`:                                                             true,
	})
	// no more than eight, and of an address only what is here
	b.eval(`location.hash = '#long,later,long,gappy,nosuch,lost,flat,ended,young,etc-passwd-3754d6cb,twin-1,twin-2,<img src=x>,%', new Promise((done) => setTimeout(done, 200))`)
	b.wants("too many", map[string]any{
		`document.querySelectorAll('.legend li').length`: 8.0,
		said: "8 vaults are compared. 3 vaults of the address are not here, or without a report. 2 more of the address are left out: no more than 8 can be compared.",
	})
	b.eval(`document.querySelector('.add input').focus(), 1`)
	b.typed("twin-1")
	b.key("Enter")
	b.settle()
	b.wants("a ninth", map[string]any{said: "No more than 8 can be compared: remove one first.", `document.querySelectorAll('.legend li').length`: 8.0})
	if c := b.complaints(); len(c) > 0 {
		t.Errorf("the comparison complains: %q", c)
	}
	b.wants("hostile names", map[string]any{
		`document.querySelectorAll('main img, main b b, main a b, main script:not([type="application/json"])').length`: 0.0,
		`document.title`: "Comparison · 2025-09-04 · vaultperf",
		`[...document.querySelectorAll('.legend a')].at(-1).textContent.startsWith('</script></title><script>')`: true,
	})
}

// weekly are the closes of marts.share_prices by week, the newest of age 0, and the
// returns from week to week.
const weekly = `
with closes as (
    select vault_id, (date '2025-09-04' - price_date) // 7 as age, last(share_price order by observed_at) as price
    from marts.share_prices
    where date '2025-09-04' - price_date < 7 * 160
    group by vault_id, age
),
returns as (
    select vault_id, age, closes.price / earlier.price - 1 as r
    from closes
    inner join (select vault_id, age - 1 as age, price from closes) as earlier using (vault_id, age)
    where earlier.price > 0
),
span as (
    select max(age) as start from (
        select age from closes where vault_id in (%s) and price > 0 group by age having count(*) = %d
    )
),
since as (
    select vault_id, age, price, max(price) over (partition by vault_id order by age desc) as peak,
        first_value(price) over (partition by vault_id order by age desc) as base
    from closes, span
    where age <= start
)`

// TestComparedFigures compares the page's figures with the marts.
func TestComparedFigures(t *testing.T) {
	b := openBrowser(t)
	dir, db := comparePages(t)
	figuresOfSQL(t, b, dir, db)
	periodsOfMarts(t, b, dir, db)
	numbersOfView(t, b)
}

// figuresOfSQL computes what the page computes once more in SQL.
func figuresOfSQL(t *testing.T, b *browser, dir string, db *sql.DB) {
	t.Helper()
	one := func(query string, into ...any) {
		t.Helper()
		if err := db.QueryRowContext(context.Background(), query).Scan(into...); err != nil {
			t.Fatalf("%s: %v", query, err)
		}
	}
	for _, ids := range [][]string{{"long", "later"}, {"gappy", "long", "lost", "flat"}, {"later", "ended"}, {"young", "long", "gappy", "later", "../../etc/passwd"}} {
		slugs := strings.ReplaceAll(strings.Join(ids, ","), "../../etc/passwd", "etc-passwd-3754d6cb")
		b.open(filepath.Join(dir, "compare.html?"+slugs))
		b.eval(`location.hash = '#` + slugs + `', new Promise((done) => setTimeout(done, 100))`)
		with := fmt.Sprintf(weekly, "'"+strings.Join(ids, "', '")+"'", len(ids))
		var start time.Time
		one(with+`select date '2025-09-04' - 7 * start::int from span`, &start)
		if got := b.eval(`document.querySelector('.span').textContent`).(string); !strings.HasPrefix(got, "From "+start.Format(time.DateOnly)+",") {
			t.Errorf("%s: %q, want from %s", slugs, got, start.Format(time.DateOnly))
		}
		for i, a := range ids {
			var grown, fallen float64
			var last time.Time
			var closes int
			one(with+`select last(price / base order by age desc), min(price / peak - 1), date '2025-09-04' - 7 * min(age)::int, count(*) from since where vault_id = '`+a+`'`, &grown, &fallen, &last, &closes)
			row := b.eval(fmt.Sprintf(`[...document.querySelectorAll('#common tbody tr')][%d].innerText.split('\t').slice(1).join('|')`, i)).(string)
			want := fmt.Sprintf("%.4f|%s|%s|%d of ", grown, view.Percent.Text(&fallen), last.Format(time.DateOnly), closes)
			if !strings.HasPrefix(row, want) {
				t.Errorf("%s: %s has %q, want %q", slugs, a, row, want)
			}
			for j, other := range ids {
				if i == j {
					continue
				}
				var n int
				var spread float64
				var r *float64
				one(with+`select count(*), coalesce(least(stddev_pop(x.r), stddev_pop(y.r)), 0), if(count(*) >= 12, corr(x.r, y.r), null) from returns as x inner join returns as y using (age)
where x.vault_id = '`+a+`' and y.vault_id = '`+other+`'`, &n, &spread, &r)
				want := "too few"
				switch {
				case n >= 12 && spread < 1e-8:
					want = "no movement"
				case r != nil:
					want = view.Ratio.Text(r)
				}
				want += fmt.Sprintf("|%d week", n)
				got := b.eval(fmt.Sprintf(`(() => { const td = document.querySelectorAll('#correlation tbody tr')[%d].cells[%d]; return td.firstChild.data + '|' + td.lastChild.textContent; })()`, i, j+1)).(string)
				if !strings.HasPrefix(got, want) {
					t.Errorf("correlation of %s and %s: %q, want %q", a, other, got, want)
				}
			}
		}
	}
}

// periodsOfMarts: the table by period says what marts.performance has.
func periodsOfMarts(t *testing.T, b *browser, dir string, db *sql.DB) {
	t.Helper()
	b.open(filepath.Join(dir, "compare.html?periods"))
	b.eval(`location.hash = '#later,lost,young', new Promise((done) => setTimeout(done, 100))`)
	rows, err := db.QueryContext(t.Context(), `
select vault_id, period, elapsed_days::double, total_return, apy, volatility, headline_sharpe, max_drawdown
from marts.performance where vault_id in ('later', 'lost', 'young') and period in ('30d', '90d', '365d', 'itd')
order by vault_id, period_position`)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = rows.Close() }()
	got := map[string][]string{}
	js := b.eval(`JSON.stringify([...document.querySelectorAll('#figures tbody tr:not(.group)')].map((r) => [...r.cells].map((c) => c.firstChild ? c.firstChild.textContent : '')))`).(string)
	var table [][]string
	if err := json.Unmarshal([]byte(js), &table); err != nil {
		t.Fatal(err)
	}
	for _, row := range table {
		for i, id := range []string{"later", "lost", "young"} {
			got[id] = append(got[id], row[i+1])
		}
	}
	at, undefined := map[string]int{}, 0
	for rows.Next() {
		var id, period string
		var figures [6]*float64
		if err := rows.Scan(&id, &period, &figures[0], &figures[1], &figures[2], &figures[3], &figures[4], &figures[5]); err != nil {
			t.Fatal(err)
		}
		for i, format := range []view.Format{view.Days, view.Percent, view.Percent, view.Percent, view.Ratio, view.Percent} {
			if i == 2 && (period == "30d" || period == "90d") {
				continue
			}
			text := got[id][at[id]]
			at[id]++
			if want := format.Text(figures[i]); figures[i] != nil && text != want {
				t.Errorf("%s, %s: %q, want %q", id, period, text, want)
			} else if figures[i] == nil && (text == "" || strings.ContainsAny(text, "0123456789")) {
				t.Errorf("%s, %s: %q, want a reason", id, period, text)
			} else if figures[i] == nil {
				undefined++
			}
		}
	}
	if err := rows.Err(); err != nil || at["young"] != len(got["young"]) || undefined == 0 {
		t.Errorf("%v; %d of %d figures were looked at, %d without a value", err, at["young"], len(got["young"]), undefined)
	}
	b.wants("period table", map[string]any{
		`[...document.querySelectorAll('#figures .void')].length`:                              4.0, // three Sharpe ratios and an APY of what is not ranked
		`[...document.querySelectorAll('#figures small')].map((e) => e.textContent).join('|')`: "annualised from 300 days|annualised from 59 days",
	})
}

// numbersOfView: what is computed on the page looks as what is not.
func numbersOfView(t *testing.T, b *browser) {
	t.Helper()
	for _, x := range []float64{
		0, 1, -1, 0.0191, -0.00021, 0.000999, 0.00099951, 1e-9, 4.9e-9, 5e-9, -3.2e-7, 0.0999, 0.1, 0.99999, 12.3456, 99.99, 100, 123.456, -9999.99, 12345.678, 999999.5, 1.5e7, -2.25e9, 3e300,
		math.SmallestNonzeroFloat64, 0.0041, 0.094999, 2e-6, 1e-6, 1.0 / 3,
	} {
		js, err := json.Marshal(x)
		if err != nil {
			t.Fatal(err)
		}
		for name, format := range map[string]view.Format{"percent": view.Percent, "ratio": view.Ratio} {
			if got, want := b.eval("numbers."+name+"("+string(js)+")"), format.Text(&x); got != want {
				t.Errorf("%s of %v: %q, want %q", name, x, got, want)
			}
		}
	}
}

// TestIndexFilters narrows the tables by chain, asset, family and text, keeps that in the
// address, and leaves a plain table where no script runs.
func TestIndexFilters(t *testing.T) {
	b := openBrowser(t)
	dir, _ := comparePages(t)
	index, err := os.ReadFile(filepath.Join(dir, "index.html"))
	if err != nil {
		t.Fatal(err)
	}
	// a column that is marked can be filtered as well: here that of the badges
	marked := bytes.ReplaceAll(index, []byte(`data-kind="text">Last price point`), []byte(`data-kind="text" data-filter>Last price point`))
	if bytes.Equal(marked, index) {
		t.Fatal("the column of the badges has another head")
	}
	if err := os.WriteFile(filepath.Join(dir, "index.html"), marked, 0o644); err != nil {
		t.Fatal(err)
	}
	b.screen(1280, "light")
	b.open(filepath.Join(dir, "index.html"))
	rows := `[...document.querySelectorAll('table.index tbody tr')].filter((r) => r.checkVisibility()).map((r) => (r.querySelector('th a') || r.querySelector('th').firstChild).textContent.slice(0, 12)).join('|')`
	count := `document.querySelector('.count').textContent`
	b.wants("at first", map[string]any{
		count: "All 12 vaults are shown.",
		`[...document.querySelectorAll('.filters select')].map((s) => s.name + ':' + [...s.options].map((o) => o.textContent).join(',')).join(' ')`: "chain:All,Ethereum, chain 1 (12) asset:All,<b>X</b> (1),DAI (1),USDC (9),WETH (1) family:All,Observed prices (12) backing:All,Unknown (12) last-price-point:All,Closed at zero (1),Current (10),Stale (1)",
	})
	set := func(name, value string) {
		t.Helper()
		b.eval(fmt.Sprintf(`(() => { const e = document.querySelector('.filters').elements[%q]; e.value = %q; e.dispatchEvent(new Event('input', { bubbles: true })); })()`, name, value))
	}
	set("asset", "WETH")
	b.wants("an asset", map[string]any{rows: "Weeks Withou", count: "1 of 12 vaults are shown.", `document.querySelector('#unranked').checkVisibility()`: false})
	set("asset", "USDC")
	set("last-price-point", "Current")
	b.wants("an asset that is current", map[string]any{rows: "Long Record|Later Record|Born Late|Twin|Twin|Never Falls|Without a Pa"})
	b.eval(`document.querySelector('.filters input').focus(), 1`)
	b.typed("RECORD la")
	b.wants("typed", map[string]any{rows: "Later Record", count: "1 of 12 vaults are shown."})
	b.eval(`document.querySelector('.choose input:not(:disabled)').closest('table').querySelectorAll('tr:not([hidden]) .choose input')[0].click(), 1`)
	b.wants("the address", map[string]any{`location.hash`: "#asset=USDC&last-price-point=Current&text=RECORD+la&chosen=later"})
	b.loads(func() { b.eval(`location.reload(), 1`) })
	b.wants("kept", map[string]any{rows: "Later Record", `document.querySelector('#choice p').textContent`: "Later Record. Choose another to compare."})
	b.eval(`document.querySelector('.filters button').focus(), 1`)
	b.key("Enter")
	b.settle()
	b.wants("all again", map[string]any{count: "All 12 vaults are shown.", `location.hash`: "#chosen=later", `document.activeElement.name`: "text"})
	set("text", "nothing has this name")
	b.wants("none", map[string]any{rows: "", count: "0 of 12 vaults are shown."})
	if c := b.complaints(); len(c) > 0 {
		t.Errorf("the index complains: %q", c)
	}

	plain := regexp.MustCompile(`(?s)<script>.*?</script>`).ReplaceAll(index, nil)
	if err := os.WriteFile(filepath.Join(dir, "plain.html"), plain, 0o644); err != nil {
		t.Fatal(err)
	}
	b.open(filepath.Join(dir, "plain.html"))
	b.wants("without script", map[string]any{
		rows: "Long Record|Later Record|Weeks Withou|Never Moves|Born Late|</script></t|Twin|Twin|Never Falls|Without a Pa|Total Loss|Ended Early",
		`[...document.querySelectorAll('form')].filter((f) => f.checkVisibility()).length + document.querySelectorAll('.choose').length`: 0.0,
		`[...document.querySelectorAll('#vaults tbody tr')].map((r) => r.cells[3].textContent).join(' ')`:                                "1 2 3 4 5 6 7 8 9 10",
	})
}

// boxes names what is cut, lies outside of the page, or covers other text.
const boxes = `(() => {
  const faults = [];
  const name = (e) => e.tagName + '.' + (e.getAttribute('class') || '') + ' ' + e.textContent.slice(0, 30);
  if (document.documentElement.scrollWidth > innerWidth) faults.push('the page is ' + document.documentElement.scrollWidth + ' px wide');
  const texts = [];
  for (const e of document.querySelectorAll('main *')) {
    if (e.closest('.hidden, script, datalist, option') || !e.checkVisibility()) continue;
    if (e.matches('button, input, select, h1, h2, a, .badge, .field span, th, td') && getComputedStyle(e).display !== 'inline' && e.scrollWidth > e.clientWidth + 1 && !e.matches('input, select')) faults.push('cut: ' + name(e));
    const own = [...e.childNodes].filter((n) => n.nodeType === 3 && n.data.trim());
    for (const node of own) {
      const range = document.createRange();
      range.selectNodeContents(node);
      for (const r of range.getClientRects()) {
        const scroll = e.closest('.scroll');
        const outer = e.closest('.plot') || scroll?.firstElementChild || document.documentElement;
        const o = outer.getBoundingClientRect();
        if (r.left < o.left - 1 || r.right > o.right + 1) faults.push('outside: ' + name(e));
        if (!e.closest('.choice')) texts.push({ e, r });
      }
    }
  }
  texts.sort((a, b) => a.r.top - b.r.top);
  for (let i = 0; i < texts.length; i++) {
    for (let k = i + 1; k < texts.length && texts[k].r.top < texts[i].r.bottom; k++) {
      const [a, b] = [texts[i], texts[k]];
      if (a.e.closest('.scroll') && a.e.closest('.side')) continue; // heads stay while figures scroll below them
      const wide = Math.min(a.r.right, b.r.right) - Math.max(a.r.left, b.r.left);
      const high = Math.min(a.r.bottom, b.r.bottom) - Math.max(a.r.top, b.r.top);
      if (wide > 1 && high > Math.min(a.r.height, b.r.height) * 0.35) faults.push('covered: ' + name(a.e) + ' / ' + name(b.e));
    }
  }
  return faults.slice(0, 5).join('; ');
})()`

// TestChoiceIsReadableEverywhere opens the index and a comparison of eight vaults in both
// schemes on wide and narrow screens: nothing is cut or covered, and axe-core finds nothing.
func TestChoiceIsReadableEverywhere(t *testing.T) {
	needLibrary(t)
	axe, err := os.ReadFile("bundle/node_modules/axe-core/axe.min.js")
	if errors.Is(err, fs.ErrNotExist) {
		t.Log("axe-core is not asked: npm ci was not run in report/html/bundle")
	} else if err != nil {
		t.Fatal(err)
	}
	b := openBrowser(t)
	dir, _ := comparePages(t)
	linesFollowTheScheme(b, dir)
	for _, page := range []string{"index.html#chosen=long,later", "compare.html#long,later,gappy,lost,flat,young,etc-passwd-3754d6cb,twin-1", "compare.html"} {
		for _, width := range []int{1280, 400} {
			for _, scheme := range []string{"light", "dark"} {
				if testing.Short() && (width == 400) != (scheme == "dark") {
					continue
				}
				place := fmt.Sprintf("%s at %d px, %s", page, width, scheme)
				b.screen(width, scheme)
				// another address, so that the page is loaded anew
				b.open(filepath.Join(dir, strings.Replace(page, ".html", fmt.Sprintf(".html?%d%s", width, scheme), 1)))
				b.shoot(strings.NewReplacer(".html", "", "#", "-", ",", "-").Replace(fmt.Sprintf("%.15s-%d-%s", page, width, scheme)))
				if c := b.complaints(); len(c) > 0 {
					t.Errorf("%s complains: %q", place, c)
				}
				if faults := b.eval(boxes); faults != "" {
					t.Errorf("%s: %v", place, faults)
				}
				if axe == nil {
					continue
				}
				b.call("Runtime.evaluate", map[string]any{"expression": string(axe)})
				if found := b.eval(`axe.run(document, { resultTypes: ['violations'] }).then((r) => r.violations.map((v) => v.id + ': ' + v.nodes.slice(0, 3).map((n) => n.html.slice(0, 160)).join(' | ')).join('; '))`); found != "" {
					t.Errorf("%s: axe-core finds %v", place, found)
				}
			}
		}
	}
}

// linesFollowTheScheme: lines change with the scheme and are light on paper.
func linesFollowTheScheme(b *browser, dir string) {
	b.tb.Helper()
	b.screen(1280, "light")
	b.open(filepath.Join(dir, "compare.html#long,later"))
	lines := `['#1f4e8c', '#b3401e', '#7fb0ee', '#f08a63'].map((c) => document.querySelectorAll('.plot path[stroke="' + c + '"]').length + document.querySelectorAll('.legend line[stroke="' + c + '"]').length).join(' ')`
	b.wants("light", map[string]any{lines: "3 3 0 0"})
	b.screen(1280, "dark")
	b.wants("dark", map[string]any{lines: "0 0 3 3"})
	b.eval(`dispatchEvent(new Event('beforeprint')), 1`)
	b.wants("printed", map[string]any{lines: "3 3 0 0", `[...document.querySelectorAll('.plot svg')].map((s) => s.getAttribute('width')).join(' ')`: "680 680"})
	b.eval(`dispatchEvent(new Event('afterprint')), 1`)
	b.wants("after", map[string]any{lines: "0 0 3 3"})
	b.shoot("printed")
}

// TestClosesAreDistancesFromTheLast: a gap is null, zero is the full distance down, what
// comes after it is told from the last price above zero, and rounding does not add up.
func TestClosesAreDistancesFromTheLast(t *testing.T) {
	p := func(x float64) *float64 { return &x }
	first, closes, err := encodeCloses([]*float64{nil, p(2), nil, p(2.2), p(0), p(2.31), p(2.31), nil})
	js, _ := json.Marshal(closes)
	if want := "[0,null,10000000,-100000000,5000000,0]"; err != nil || first != 1 || string(js) != want {
		t.Errorf("from %d: %s, %v; want from 1: %s", first, js, err, want)
	}
	thirds := make([]*float64, marts.Weeks)
	for i := range thirds {
		thirds[i] = p(math.Pow(1.0/3, float64(i%7)))
	}
	_, closes, err = encodeCloses(thirds)
	if err != nil {
		t.Fatal(err)
	}
	reached := 1.0
	for i, n := range closes[1:] {
		reached *= 1 + float64(*n)/closeUnit
		if want := *thirds[i+1]; math.Abs(reached/want-1) > 2e-8 {
			t.Errorf("close %d is %v, want %v", i+1, reached, want)
		}
	}
	for _, never := range []float64{math.NaN(), math.Inf(1), -1, 1e300} {
		if _, _, err := encodeCloses([]*float64{p(1), p(never)}); err == nil {
			t.Errorf("a close of %v was taken", never)
		}
	}
}
