package html

import (
	"bytes"
	"fmt"
	"io"
	"math"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/vaultperf/vaultperf/report/marts/martstest"
	"github.com/vaultperf/vaultperf/report/view"
)

// writePages writes the pages of the fixture's vaults into a fresh folder, and
// lists them.
func writePages(t *testing.T, rate *float64, vaults ...martstest.Vault) (dir string, paths []string) {
	t.Helper()
	dir = t.TempDir()
	d := martstest.Read(t, rate, 5, view.Listings(), vaults...)
	w := view.New(d, view.Options{Version: "v0.0.0-test", SheetRows: 1000})
	r, err := New()
	if err != nil {
		t.Fatal(err)
	}
	write := func(path string, draw func(io.Writer) error) {
		var page bytes.Buffer
		if err := draw(&page); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(dir, path), page.Bytes(), 0o644); err != nil {
			t.Fatal(err)
		}
		paths = append(paths, path)
	}
	write("index.html", func(to io.Writer) error { return r.Index(to, w.Index()) })
	write("compare.html", func(to io.Writer) error { return r.Compare(to, w.Comparison()) })
	for _, v := range d.Vaults {
		if !v.HasPage {
			continue
		}
		report, err := w.Report(v)
		if err == nil {
			err = os.Mkdir(filepath.Join(dir, v.Slug), 0o755)
		}
		if err != nil {
			t.Fatal(err)
		}
		write(v.Slug+"/report.html", func(to io.Writer) error { return r.Report(to, report) })
	}
	return dir, paths
}

func TestPagesOpenWithoutNetworkOrComplaint(t *testing.T) {
	js, err := library()
	if err != nil {
		t.Fatal(err)
	}
	if js == nil {
		t.Skip("charts are not drawn: report/html/assets/echarts.js is not built")
	}
	b := openBrowser(t)
	dir, paths := writePages(t, &martstest.Rate, martstest.Vaults()...)
	for _, path := range paths {
		t.Run(path, func(t *testing.T) {
			b.open(filepath.Join(dir, path))
			if c := b.complaints(); len(c) > 0 {
				t.Errorf("the page complains: %q", c)
			}
			if n := b.eval(`[...document.querySelectorAll('[data-chart]')].filter((p) => p.querySelectorAll('svg path').length < 3).length`); n != 0.0 {
				t.Errorf("%v charts have no drawing", n)
			}
			if title := b.eval(`document.title`).(string); strings.HasPrefix(title, "PWNED") {
				t.Error("a name ran as script")
			}
			if n := b.eval(`document.querySelectorAll('main script:not([type="application/json"]), main img, main b b').length`); n != 0.0 {
				t.Errorf("a name became %v elements", n)
			}
			for _, scheme := range []string{"light", "dark"} {
				b.screen(400, scheme)
				if wide := b.eval(`document.documentElement.scrollWidth`); wide != 400.0 {
					t.Errorf("%s: at 400 px the page is %v px wide", scheme, wide)
				}
			}
			if bad := b.eval(lowContrast); bad != "" {
				t.Errorf("text without contrast: %v", bad)
			}
		})
	}
}

// lowContrast names the dark page's first text whose contrast is under 4.5.
const lowContrast = `(() => {
  const parts = (c) => c.match(/[\d.]+/g).map(Number);
  const light = ([r, g, b]) => [r, g, b].map((x) => x / 255).map((x) => x <= 0.03928 ? x / 12.92 : ((x + 0.055) / 1.055) ** 2.4)
    .reduce((sum, x, i) => sum + x * [0.2126, 0.7152, 0.0722][i], 0);
  const over = (e) => {
    const layers = [];
    for (; e; e = e.parentElement) layers.push(parts(getComputedStyle(e).backgroundColor));
    return layers.reverse().reduce((under, [r, g, b, a = 1]) => [r, g, b].map((x, i) => x * a + under[i] * (1 - a)), [255, 255, 255]);
  };
  for (const e of document.querySelectorAll('main *')) {
    if (e.closest('svg, script') || ![...e.childNodes].some((n) => n.nodeType === 3 && n.data.trim())) continue;
    const [a, b] = [light(parts(getComputedStyle(e).color)), light(over(e))];
    if ((Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05) < 4.5) return e.className + ': ' + e.textContent;
  }
  return '';
})()`

func TestColoursFollowTheSchemeAndPaperIsLight(t *testing.T) {
	if js, err := library(); err != nil || js == nil {
		t.Skip("charts are not drawn: report/html/assets/echarts.js is not built")
	}
	b := openBrowser(t)
	dir, _ := writePages(t, &martstest.Rate, martstest.Vaults()...)
	b.screen(1160, "light")
	b.open(filepath.Join(dir, "usual", "report.html"))
	stroke := `document.querySelector('.plot.price').innerHTML.includes('stroke="#1f4e8c"')`
	b.shoot("light")
	if b.eval(stroke) != true {
		t.Error("the light page's line is not the light scheme's")
	}
	b.screen(1160, "dark")
	b.shoot("dark")
	if b.eval(stroke) != false {
		t.Error("the line did not follow the scheme")
	}
	b.eval(`dispatchEvent(new Event('beforeprint')), 1`)
	if b.eval(stroke) != true {
		t.Error("the printed line is not the light scheme's")
	}
	if wide := b.eval(`document.querySelector('.plot.price svg').getAttribute('width')`); wide != "680" {
		t.Errorf("the printed chart is %v px wide", wide)
	}
	if right := b.eval(`document.querySelector('.plot.price svg').getBBox().width`).(float64); right > 680 {
		t.Errorf("the printed chart's content is %v px wide", right)
	}
	b.eval(`dispatchEvent(new Event('afterprint')), 1`)
	b.shoot("printed")
	b.screen(400, "light")
	b.shoot("narrow")
}

func TestIndexSortsByKeyboard(t *testing.T) {
	b := openBrowser(t)
	dir, _ := writePages(t, &martstest.Rate, martstest.Vaults()...)
	b.screen(1300, "light")
	b.open(filepath.Join(dir, "index.html"))
	b.shoot("index")
	// the tables of vaults that are ranked and of those that are not are sorted apart
	for _, table := range []struct{ id, head, column, down, up string }{
		{"vaults", "13", "12", "7e+20 48123456.8 1134567.25 500", "500 1134567.25 48123456.8 7e+20"},
		{"unranked", "11", "10", "12 ", "12 "},
	} {
		head := `document.querySelector('#` + table.id + ` th:nth-child(` + table.head + `)')`
		column := func() string {
			return b.eval(`[...document.querySelectorAll('#` + table.id + ` tbody tr')].map((r) => r.cells[` + table.column + `].dataset.sort).join(' ')`).(string)
		}
		b.eval(head + `.querySelector('button').focus(), 1`)
		b.key("Enter")
		if got := column(); got != table.down {
			t.Errorf("%s, largest assets first: %q, want %q", table.id, got, table.down)
		}
		if state := b.eval(head + `.getAttribute('aria-sort')`); state != "descending" {
			t.Errorf("aria-sort is %v", state)
		}
		b.key("Enter")
		if got := column(); got != table.up {
			t.Errorf("%s, smallest assets first: %q, want %q", table.id, got, table.up)
		}
	}
}

// TestUnrankedLooksUnsound: the verdict comes first; of a vault that is not ranked the reason comes first, its rates
// are struck out, and nothing is green, on the index and on its page.
func TestUnrankedLooksUnsound(t *testing.T) {
	b := openBrowser(t)
	dir, _ := writePages(t, &martstest.Rate, martstest.Vaults()...)
	b.screen(1300, "light")
	struck := `[...document.querySelectorAll('%s')].filter((e) => getComputedStyle(e).textDecorationLine === 'line-through').length`
	b.open(filepath.Join(dir, "index.html"))
	for script, want := range map[string]any{
		`[...document.querySelectorAll('#unranked tbody tr')].map((r) => r.querySelector('.badge').textContent).join('|')`: "Impaired|Unknown",
		`[...document.querySelectorAll('#vaults tbody tr')].map((r) => r.cells[1].textContent).join('|')`:                  "Backedsince 2025-08-16|Unknown|Unknownilliquid until 2025-08-26|Unknown",
		`[...document.querySelectorAll('#vaults .badge.bad')].map((e) => e.textContent).join('|')`:                         "Unknown",
		`document.querySelectorAll('#unranked .badge.good').length`:                                                        0.0,
		`document.querySelector('#unranked tbody td:nth-child(5)').textContent`:                                            "25.00 % of the 12.00 USDT that it claims to have are known to be lost, though its price counts them: 3.00 USDT. It holds too little for its price to mean anything.",
		fmt.Sprintf(struck, "#vaults td"):   0.0,
		fmt.Sprintf(struck, "#unranked td"): 5.0, // two APYs, and what the impaired one gained and never lost
		`document.querySelector('#vaults').compareDocumentPosition(document.querySelector('#unranked')) & Node.DOCUMENT_POSITION_FOLLOWING`: 4.0,
	} {
		if got := b.eval(script); got != want {
			t.Errorf("index: %s is %v, want %v", script, got, want)
		}
	}
	for vault, want := range map[string][4]any{
		"flat":                {"Impaired since 2025-08-16, not ranked", "Impaired|Dust|Current|Flat for a week or more|Paused|Counts lost assets|Redemptions cool down", 3.0, "bad"},
		"usual":               {"Backed since 2025-08-16", "Current", 0.0, "good"},
		"gappy":               {"Unknown what stands behind this price", "Current", 0.0, "flat"},
		"etc-passwd-3754d6cb": {"Unknown now, last known as illiquid on 2025-08-26", "Illiquid when last looked at|Current", 0.0, "bad"},
	} {
		b.open(filepath.Join(dir, vault, "report.html"))
		for i, script := range []string{
			`document.querySelector('.top + .warnings h2').textContent`,
			`[...document.querySelectorAll('.top .badge')].map((e) => e.textContent).join('|')`,
			fmt.Sprintf(struck, ".card .value"),
			`document.querySelector('.top + .warnings').classList[1]`,
		} {
			if got := b.eval(script); got != want[i] {
				t.Errorf("%s: %s is %v, want %v", vault, script, got, want[i])
			}
		}
	}
}

// TestNamesShowDefinitions walks the names of figures by keyboard and by pointer, on a wide
// and a narrow screen, on the index without scripts, and in a browser that does not know
// interestfor: each shows one definition, whole and on the screen, of those that the page has
// below, and a press keeps it.
func TestNamesShowDefinitions(t *testing.T) {
	b := openBrowser(t)
	dir, _ := writePages(t, &martstest.Rate, martstest.Vaults()...)
	index, err := os.ReadFile(filepath.Join(dir, "index.html"))
	if err != nil {
		t.Fatal(err)
	}
	for name, page := range map[string][]byte{
		"index.html": regexp.MustCompile(`(?s)<script>.*?</script>`).ReplaceAll(index, nil),
		"old.html":   bytes.ReplaceAll(index, []byte(" interestfor="), []byte(" data-unknown=")),
	} {
		if err := os.WriteFile(filepath.Join(dir, name), page, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	step := 1 // of the names that are pointed at
	if testing.Short() {
		step = 9
	}
	for _, screen := range []struct {
		path         string
		width, least int
	}{
		{"index.html", 1300, 16}, {"compare.html#usual,gappy", 1160, 22}, {"usual/report.html", 1160, 100}, {"usual/report.html", 390, 100}, {"old.html", 1300, 16},
	} {
		if testing.Short() && (screen.width == 390 || strings.HasPrefix(screen.path, "compare")) {
			continue
		}
		if screen.path == "old.html" {
			b.call("Page.addScriptToEvaluateOnNewDocument", map[string]any{
				"source": `for (let p = HTMLButtonElement.prototype; p; p = Object.getPrototypeOf(p)) delete p.interestForElement`,
			})
		}
		b.screen(screen.width, "light")
		b.open(filepath.Join(dir, screen.path))
		b.eval(asked)
		names := int(b.eval(`document.querySelectorAll('main .name').length`).(float64))
		if names < screen.least {
			t.Errorf("%s has %d names", screen.path, names)
		}
		if lost := b.eval(`lost()`); lost != "" {
			t.Errorf("%s: names that lead nowhere, or definitions without unit or file: %v", screen.path, lost)
		}
		visited := 0
		for range 3 * names {
			b.key("Tab")
			got := b.eval(`shown(document.activeElement)`)
			if got == "end" {
				break
			}
			if got != "no name" {
				visited++
			}
			if got != "" && got != "no name" {
				t.Errorf("%s at %d px, by keyboard: %v", screen.path, screen.width, got)
			}
		}
		if visited != names {
			t.Errorf("%s at %d px: the keyboard reaches %d names of %d", screen.path, screen.width, visited, names)
		}
		b.eval(`document.activeElement.blur(), 1`)
		for i := 0; i < names; i += step {
			b.call("Input.dispatchMouseEvent", map[string]any{"type": "mouseMoved", "x": 1, "y": 1})
			if open := b.eval(`settled(0)`); open != 0.0 {
				t.Errorf("%s at %d px: %v definitions stay when the pointer leaves", screen.path, screen.width, open)
			}
			at := b.eval(fmt.Sprintf(`middleOf(%d)`, i)).([]any)
			b.call("Input.dispatchMouseEvent", map[string]any{"type": "mouseMoved", "x": at[0], "y": at[1]})
			if got := b.eval(fmt.Sprintf(`shown(document.querySelectorAll('main .name')[%d])`, i)); got != "" {
				t.Errorf("%s at %d px, by pointer: %v", screen.path, screen.width, got)
			}
		}
		b.call("Input.dispatchMouseEvent", map[string]any{"type": "mouseMoved", "x": 1, "y": 1})
		b.eval(`document.querySelector('main .name').focus(), 1`)
		b.key("Enter")
		if n := b.eval(`settled(1)`); n != 1.0 {
			t.Errorf("%s: a press opens %v definitions", screen.path, n)
		}
		b.key("Escape")
		if n := b.eval(`settled(0)`); n != 0.0 {
			t.Errorf("%s: Escape leaves %v definitions open", screen.path, n)
		}
	}
}

// asked are questions to a page about its definitions.
const asked = `(() => {
  const of = (name) => document.getElementById(name.getAttribute('popovertarget'));
  window.lost = () => [...document.querySelectorAll('main .name')].filter((name) => {
    const d = of(name);
    return !d || !d.closest('section[aria-labelledby="h-definitions"]') || document.querySelectorAll('#' + d.id).length !== 1 ||
      !/Unit: \w/.test(d.textContent) || !/sql\/(marts|metrics)\/\w+\.sql/.test(d.textContent);
  }).map((name) => name.textContent).join(', ');
  window.middleOf = (i) => {
    const name = document.querySelectorAll('main .name')[i];
    name.scrollIntoView({ block: 'center', inline: 'center' });
    const r = name.getClientRects()[0];
    return [r.x + r.width / 2, r.y + r.height / 2];
  };
  let first = null;
  const quick = document.createElement('style');
  quick.textContent = '.name { interest-delay: 0s !important; }';
  document.head.append(quick);
  window.settled = async (want) => {
    const open = () => document.querySelectorAll('.def:popover-open').length;
    for (let i = 0; i < 400 && open() !== want; i++) await new Promise((done) => setTimeout(done, 5));
    return open();
  };
  window.shown = async (name) => {
    let fault = told(name);
    for (let i = 0; i < 400 && fault.startsWith('it '); i++) {
      await new Promise((done) => setTimeout(done, 5));
      fault = told(name);
    }
    return fault;
  };
  const told = (name) => {
    if (name === document.body || name === first) return 'end';
    first = first || name;
    if (!name.classList.contains('name')) return 'no name';
    const open = [...document.querySelectorAll('.def:popover-open')];
    if (open.length !== 1 || open[0] !== of(name)) return 'it shows ' + open.map((d) => d.id).join(', ') + ' for ' + name.textContent;
    const r = open[0].getBoundingClientRect();
    if (r.top < 0 || r.left < 0 || r.right > innerWidth || r.bottom > innerHeight || r.width < 300 || r.height < 50) {
      return 'it stands at ' + [r.left, r.top, r.right, r.bottom].join(' ');
    }
    return '';
  };
  return 1;
})()`

var external = regexp.MustCompile(`(?i)<(?:script|link|img|iframe|object|source|use)[^>]*\b(?:src|href)\s*=\s*["']?(?:https?:)?//`)

func TestPagesNameNoOtherHost(t *testing.T) {
	dir, paths := writePages(t, &martstest.Rate, martstest.Vaults()...)
	js, err := library()
	if err != nil {
		t.Fatal(err)
	}
	for _, path := range paths {
		if js == nil && path != "index.html" {
			continue
		}
		page, err := os.ReadFile(filepath.Join(dir, path))
		if err != nil {
			t.Fatal(err)
		}
		if found := external.Find(page); found != nil {
			t.Errorf("%s: %s", path, found)
		}
	}
}

func TestWithoutTheBundleThePageSaysSo(t *testing.T) {
	d := martstest.Read(t, &martstest.Rate, 5, view.Listings(), martstest.Vaults()...)
	report, err := view.New(d, view.Options{SheetRows: 1000}).Report(d.Vaults[0])
	if err != nil {
		t.Fatal(err)
	}
	r, err := newRenderer(nil)
	if err != nil {
		t.Fatal(err)
	}
	var page bytes.Buffer
	if err := r.Report(&page, report); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{
		"This build has no chart library of its own", `integrity="` + publicIntegrity + `"`, `crossorigin="anonymous"`,
		"script-src " + publicLibrary + " &#39;sha256-",
	} {
		if !strings.Contains(page.String(), want) {
			t.Errorf("the page does not say %q", want)
		}
	}
	b := openBrowser(t)
	path := filepath.Join(t.TempDir(), "report.html")
	if err := os.WriteFile(path, page.Bytes(), 0o644); err != nil {
		t.Fatal(err)
	}
	b.open(path)
	if text := b.eval(`document.querySelector('.plot').textContent`); text != "The chart library could not be loaded. The tables hold the figures of this chart." {
		t.Errorf("without a network the chart says %q", text)
	}
	page.Reset()
	if err := r.Compare(&page, view.New(d, view.Options{}).Comparison()); err != nil {
		t.Fatal(err)
	}
	path = filepath.Join(filepath.Dir(path), "compare.html")
	if err := os.WriteFile(path, page.Bytes(), 0o644); err != nil {
		t.Fatal(err)
	}
	b.open(path + "#usual,gappy")
	b.wants("a comparison", map[string]any{
		`document.querySelector('.plot.growth').innerText`:          "The chart library could not be loaded. The tables hold the figures of this chart.",
		`document.querySelectorAll('#common tbody tr').length`:      2.0,
		`document.querySelector('.public').checkVisibility()`:       true,
		`document.querySelectorAll('#correlation .n small').length`: 2.0,
	})
}

// TestHostileBenchmark: a name is text wherever it stands.
func TestHostileBenchmark(t *testing.T) {
	vault := martstest.Vaults()[0]
	vault.Name = "=HYPERLINK(\"http://example.com\")<b>\u202eX</b>"
	dir, _ := writePages(t, &martstest.Rate, vault)
	page, err := os.ReadFile(filepath.Join(dir, "usual/report.html"))
	if err != nil {
		t.Fatal(err)
	}
	if _, after, found := strings.Cut(string(page), "h-benchmarks"); !found || !strings.Contains(after, "&lt;b&gt;X&lt;/b&gt;</th>") || strings.Contains(after, "<b>X") {
		t.Error("the page does not escape a benchmark's name")
	}
}

func TestAChartTakesOnlyNumbers(t *testing.T) {
	nan := math.NaN()
	if _, err := newChart(&view.Chart{Points: []view.Point{{At: martstest.Until, Y: &nan}}}); err == nil {
		t.Error("a chart took a number that JSON cannot hold")
	}
}
