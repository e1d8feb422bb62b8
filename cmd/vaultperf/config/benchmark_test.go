package config

import (
	"strings"
	"testing"
)

const sofr = "[[benchmark]]\nname = \"sofr\"\npath = \"sofr.csv\"\nkind = \"annual_rate\"\nday_count = 360\n"

func TestConfigBenchmarks(t *testing.T) {
	c, err := Parse("c.toml", "/data", []byte("risk_free_series = \"sofr\"\n"+alphaVault+goodArchive+sofr+`percent = true
columns = { observed_on = "DATE", value = "SOFR" }
[[benchmark]]
name = "other"
vault = "alpha"
`))
	if err != nil {
		t.Fatal(err)
	}
	got := c.Benchmarks
	if len(got) != 2 || !got[0].RiskFree || got[0].DayCount != 360 || !got[0].Percent || got[0].Columns["value"] != "SOFR" || got[0].Path != "sofr.csv" || got[0].Dir != "/data" {
		t.Errorf("got %+v", got)
	}
	if got[1].Kind != "vault" || got[1].Vault != "alpha" || got[1].RiskFree {
		t.Errorf("got %+v", got[1])
	}
}

func TestConfigBenchmarksRefused(t *testing.T) {
	for name, c := range map[string]struct{ text, want string }{
		"NoName":        {strings.Replace(sofr, `"sofr"`, `""`, 1), "[[benchmark]] number 1: name: want"},
		"Twice":         {sofr + sofr, `benchmark "sofr": name: want each only once`},
		"NoPath":        {strings.Replace(sofr, `"sofr.csv"`, `""`, 1), "path is missing"},
		"Glob":          {strings.Replace(sofr, "sofr.csv", "*.csv", 1), "path: want one file"},
		"NoSuchKind":    {strings.Replace(sofr, "annual_rate", "yield", 1), "kind: want one of price, index, annual_rate"},
		"NoDayCount":    {strings.Replace(sofr, "day_count = 360\n", "", 1), "day_count: want"},
		"OtherDayCount": {strings.Replace(sofr, "360", "364", 1), "day_count: want"},
		"DaysOfAPrice":  {strings.Replace(sofr, "annual_rate", "price", 1), "only an annual_rate"},
		"OtherColumn":   {sofr + "columns = { price = \"x\" }\n", "columns: want names among"},
		"NoSuchVault":   {"[[benchmark]]\nname = \"b\"\nvault = \"nobody\"\n", "vault: want the id of a [[vault]]"},
		"VaultAndPath":  {strings.Replace(sofr, "path", "vault = \"alpha\"\npath", 1), "not both"},
		"UnknownKey":    {sofr + "file = \"x\"\n", "unknown key"},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := Parse("c.toml", ".", []byte(alphaVault+goodArchive+c.text))
			if err == nil || !strings.Contains(err.Error(), c.want) {
				t.Errorf("got %v, want %s", err, c.want)
			}
		})
	}
	for head, want := range map[string]string{
		"risk_free_series = \"libor\"\n":                       "c.toml:1: risk_free_series: want the name",
		"risk_free_rate = 0.04\nrisk_free_series = \"sofr\"\n": "c.toml:2: want risk_free_rate or risk_free_series",
	} {
		if _, err := Parse("c.toml", ".", []byte(head+alphaVault+goodArchive+sofr)); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("got %v, want %s", err, want)
		}
	}
}
