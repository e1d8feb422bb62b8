package config

import (
	"errors"
	"os"
	"regexp"
	"strings"
	"testing"

	"github.com/vaultperf/vaultperf/crash/crashtest"
)

// ofWholeConfig is what no line of a config is to blame for.
var ofWholeConfig = regexp.MustCompile(`^c\.toml: (want at least one|(vault|archive|benchmark) |\[\[)`)

// TestMutations: whatever a config holds, it is read or every fault is named, with its
// line, and nothing of that acts on a terminal.
func TestMutations(t *testing.T) {
	const sound = `as_of = 2025-09-04
risk_free_series = "rate"
max_pages = 7
[start]
min_total_assets = 0.5
` + alphaVault + `name = "Alpha „one“"
safe = "0x00000000000000000000000000000000000000B2"
accounts = ["0x00000000000000000000000000000000000000C3"]
start_block = 17
[[vault.contract]]
address = "0x00000000000000000000000000000000000000D4"
role = "asset"
family = "erc20"
name = "USDC"
shared = true
[[archive]]
path = "logs/*.json"
chain_id = 1
format = "rpc"
blocks = "blocks.csv"
complete = true
note = "from a friend"
[archive.columns]
share_price = "price"
[[rpc]]
chain_id = 1
urls = ["env:NODE", "https://node.example/v2/key"]
requests_per_second = 20
max_batch = 50
archive = true
verify = "L2"
confirmations = 9
give_up_after = "2m"
[[benchmark]]
name = "rate"
path = "rates.csv"
kind = "annual_rate"
day_count = 360
percent = true
columns = { observed_on = "DATE", value = "SOFR" }
where = { kind = "a" }
`
	if _, err := Parse("c.toml", ".", []byte(sound)); err != nil {
		t.Fatal(err)
	}
	seeds := 2000
	if os.Getenv("VAULTPERF_PROVE") != "" {
		seeds = 200_000
	}
	read := 0
	for seed := range seeds {
		text := crashtest.Mutate(crashtest.Dice(seed), sound)
		_, err := Parse("c.toml", ".", []byte(text))
		if err == nil {
			read++
			continue
		}
		var fault *Error
		said := err.Error()
		if !errors.As(err, &fault) || crashtest.ActsOnTerminal(said) || len(said) > 20_000 {
			t.Errorf("seed %d: %d characters: %.500q", seed, len(said), said)
		}
		for line := range strings.Lines(said) {
			if !regexp.MustCompile(`^c\.toml:\d+: `).MatchString(line) && !ofWholeConfig.MatchString(line) {
				t.Errorf("seed %d: want a line named: %.300q", seed, line)
			}
		}
	}
	t.Logf("%d mutations, %d of them can be read", seeds, read)
}
