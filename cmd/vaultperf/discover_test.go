package main

import (
	"bytes"
	"strings"
	"testing"
	"time"

	"github.com/vaultperf/vaultperf/cmd/vaultperf/config"
	"github.com/vaultperf/vaultperf/extract"
)

// TestDiscoveryIsAConfig: what discover prints is read by the config's own parser,
// whatever a contract calls itself.
func TestDiscoveryIsAConfig(t *testing.T) {
	const hostile = "\"]\nid = 'evil' \x1b[31m <script>\u202e#"
	d := extract.Discovery{
		ChainID: 1, Address: "0xdcd0f5ab30856f28385f641580bbd85f88349124", Family: "lagoon", Version: hostile, Name: hostile, Symbol: hostile,
		Asset: "0xa0b86991c6218b36c1d19d4a2e9eb0ce3606eb48", AssetSymbol: hostile, AssetDecimals: 6, ShareDecimals: 18,
		Safe: "0x00000000000000000000000000000000000000aa", SafeOwners: []string{"0x01"}, SafeThreshold: 1,
		Roles: []extract.Role{{Name: "owner", Holder: "0x02"}},
		Proxy: extract.Proxy{Implementation: "0x03", Upgrades: []extract.Upgrade{{Block: 7, Logs: "0x04", To: "0x03"}}},
		Contracts: []extract.Contract{
			{Address: "0xa0b86991c6218b36c1d19d4a2e9eb0ce3606eb48", Role: "asset", Family: "erc20", Name: hostile},
		},
		Block: 100, FirstBlock: 5, StartBlock: 4, FirstAt: time.Unix(1_700_000_000, 0).UTC(), Notes: []string{hostile},
	}
	var out bytes.Buffer
	if err := printDiscovery(&out, d); err != nil {
		t.Fatal(err)
	}
	if strings.ContainsAny(out.String(), "\x1b\u202e") {
		t.Errorf("control characters reach the terminal: %q", out.String())
	}
	text := out.String() + "[[archive]]\npath = \"logs/*.parquet\"\n"
	c, err := config.Parse("discovered", ".", []byte(text))
	if err != nil {
		t.Fatalf("%v\n%s", err, text)
	}
	v := c.Vaults[0]
	if v.Name != oneLine(hostile) || v.AssetSymbol != oneLine(hostile) || v.Address != d.Address || v.Family != "lagoon" || v.Safe != d.Safe ||
		v.AssetDecimals != 6 || v.ShareDecimals != 18 || len(v.Contracts) != 1 || v.StartBlock != 4 || !v.Contracts[0].Shared || len(c.Vaults) != 1 {
		t.Errorf("got %+v of\n%s", v, text)
	}
	for _, want := range []string{"first block 5, 2023-11-14T22:13:20Z", "upgrade at block 7 to 0x03", "Safe: 1 of 0x01", "owner: 0x02"} {
		if !strings.Contains(out.String(), "# "+want) {
			t.Errorf("no line %q in\n%s", want, out.String())
		}
	}
}

func TestDiscoverUsage(t *testing.T) {
	const address = "0xdcd0f5ab30856f28385f641580bbd85f88349124"
	for _, c := range []struct {
		args []string
		want string
	}{
		{[]string{"--address", address, "--rpc", "http://x"}, "--chain"},
		{[]string{"--chain", "1", "--address", "0x12", "--rpc", "http://x"}, "--address"},
		{[]string{"--chain", "1", "--address", address}, "--rpc or --config"},
		{[]string{"--chain", "1", "--address", address, "--rpc", "ftp://user:secret@x"}, "http or https"},
		{[]string{"--chain", "1", "--address", address, "--rpc", "env:VAULTPERF_NOT_SET"}, "VAULTPERF_NOT_SET"},
	} {
		got := mustCall(t, exitUsage, append([]string{"discover"}, c.args...)...)
		if !strings.Contains(got.stderr, c.want) || strings.Contains(got.stderr, "secret") {
			t.Errorf("%v: %s, want %q", c.args, got.stderr, c.want)
		}
	}
}
