package report

import (
	"bytes"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

var rate = 0.043

// writeReport writes the fixture's report into a fresh folder.
func writeReport(t *testing.T, rate *float64, vaults ...fixtureVault) (dir string, files []File) {
	t.Helper()
	dir = t.TempDir()
	files, err := Run(t.Context(), openFixture(t, rate, vaults...), Options{Dir: dir, MaxPages: 5, Version: "v0.0.0-test"})
	if err != nil {
		t.Fatal(err)
	}
	return dir, files
}

func TestPagesOpenWithoutNetworkOrComplaint(t *testing.T) {
	js, err := library()
	if err != nil {
		t.Fatal(err)
	}
	if js == nil {
		t.Skip("charts are not drawn: report/assets/echarts.js is not built")
	}
	b := openBrowser(t)
	dir, files := writeReport(t, &rate, fixtureVaults()...)
	for _, f := range files {
		if !strings.HasSuffix(f.Path, ".html") {
			continue
		}
		t.Run(f.Path, func(t *testing.T) {
			b.open(filepath.Join(dir, f.Path))
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
		t.Skip("charts are not drawn: report/assets/echarts.js is not built")
	}
	b := openBrowser(t)
	dir, _ := writeReport(t, &rate, fixtureVaults()...)
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
	dir, _ := writeReport(t, &rate, fixtureVaults()...)
	b.screen(1300, "light")
	b.open(filepath.Join(dir, "index.html"))
	b.shoot("index")
	column := func(n string) string {
		return b.eval(`[...document.querySelectorAll('#vaults tbody tr')].map((r) => r.cells[` + n + `].dataset.sort).join(' ')`).(string)
	}
	enter := func() {
		for _, kind := range []string{"keyDown", "keyUp"} {
			b.call("Input.dispatchKeyEvent", map[string]any{"type": kind, "key": "Enter", "code": "Enter", "text": "\r", "windowsVirtualKeyCode": 13})
		}
	}
	b.eval(`document.querySelector('#vaults th:nth-child(10) button').focus(), 1`)
	enter()
	if got, want := column("9"), "7e+20 48123456.8 1134567.25 500 12 "; got != want {
		t.Errorf("largest assets first: %q, want %q", got, want)
	}
	if state := b.eval(`document.querySelector('#vaults th:nth-child(10)').getAttribute('aria-sort')`); state != "descending" {
		t.Errorf("aria-sort is %v", state)
	}
	enter()
	if got, want := column("9"), "12 500 1134567.25 48123456.8 7e+20 "; got != want {
		t.Errorf("smallest assets first: %q, want %q", got, want)
	}
}

var external = regexp.MustCompile(`(?i)<(?:script|link|img|iframe|object|source|use)[^>]*\b(?:src|href)\s*=\s*["']?(?:https?:)?//`)

func TestPagesNameNoOtherHost(t *testing.T) {
	dir, files := writeReport(t, &rate, fixtureVaults()...)
	js, err := library()
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range files {
		if !strings.HasSuffix(f.Path, ".html") || (js == nil && f.Path != "index.html") {
			continue
		}
		page, err := os.ReadFile(filepath.Join(dir, f.Path))
		if err != nil {
			t.Fatal(err)
		}
		if found := external.Find(page); found != nil {
			t.Errorf("%s: %s", f.Path, found)
		}
	}
}

func TestWithoutTheBundleThePageSaysSo(t *testing.T) {
	db := openFixture(t, &rate, fixtureVaults()...)
	d, err := Read(t.Context(), db, 5)
	if err != nil {
		t.Fatal(err)
	}
	p, err := newPages("v0.0.0-test", nil)
	if err != nil {
		t.Fatal(err)
	}
	var page bytes.Buffer
	if err := p.writePage(&page, d, d.Vaults[0]); err != nil {
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
}

// TestDatedRates: where the rate is a series, its name stands where the rate would.
func TestDatedRates(t *testing.T) {
	db := openFixture(t, nil, fixtureVault{id: "alusd", name: "alUSD", symbol: "USDC", prices: walk(400, 0.08, 0.004)})
	if _, err := db.ExecContext(t.Context(), "update marts.run set risk_free_series = 'so<fr>'"); err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	files, err := Run(t.Context(), db, Options{Dir: dir, MaxPages: 5, Version: "v0.0.0-test"})
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range files {
		if !strings.HasSuffix(f.Path, "report.html") {
			continue
		}
		page, err := os.ReadFile(filepath.Join(dir, f.Path))
		if err != nil {
			t.Fatal(err)
		}
		for _, want := range []string{"dated rates of so&lt;fr&gt;", "Sharpe ratio (so&lt;fr&gt;)"} {
			if !strings.Contains(string(page), want) {
				t.Errorf("the page does not say %s", want)
			}
		}
		if strings.Contains(string(page), "isk-free rate configured") {
			t.Error("the page says that no rate is configured")
		}
		return
	}
	t.Error("no page was written")
}
