package archive

import (
	"bufio"
	"bytes"
	"errors"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/vaultperf/vaultperf/crash/crashtest"
	"github.com/vaultperf/vaultperf/extract/extracttest"
	"github.com/vaultperf/vaultperf/extract/input"
)

// TestMutations goes through what this package reads itself, in every text format, as far
// as it needs no database: a mutated file is read, or refused in harmless words. The
// command's own test goes through all of it.
func TestMutations(t *testing.T) {
	texts := map[string]string{
		"benchmark": "DATE,SOFR,kind\n2025-08-01,4.3,a\n2025-08-02,.,a\n2025-08-02,9,b\n2025-08-03T10:00:00Z,4.4,a\n",
		"readings csv": "vault,observed_at,share_price,total_assets,total_supply,block_number,chain_id\n" +
			"alusd,2025-09-04T10:00:00Z,1.5,,,1,1\nalusd,1756980000,,2.15e+22,1000000,2,1\n\"0xdcd0f5ab30856f28385f641580bbd85f88349124\",2025-09-04,1e-3,,,,\n",
		"readings lines": `{"vault":"alusd","observed_at":1756980000,"share_price":1.0}` + "\n" + `{"vault":"alusd","observed_at":"2025-09-04 10:00:00+02","share_price":null}` + "\n",
		"readings array": `[{"vault":"alusd","observed_at":"1756980000","share_price":1},` + "\n" + `{"vault":"x\"}","observed_at":1}]`,
	}
	for name, format := range textFormats(t) {
		texts[name] = format.text
	}
	seeds := 50
	if os.Getenv("VAULTPERF_PROVE") != "" {
		seeds = 5000
	}
	file := filepath.Join(t.TempDir(), "f")
	mutations, read := 0, 0
	for _, name := range slices.Sorted(maps.Keys(texts)) {
		for seed := range seeds {
			text := crashtest.Mutate(crashtest.Dice(seed), texts[name])
			err := readMutated(t, name, file, text)
			if mutations++; err == nil {
				read++
				continue
			}
			var refused *input.Error
			if !errors.As(err, &refused) || refused.File != "f" || refused.Want == "" || crashtest.ActsOnTerminal(err.Error()) || len(err.Error()) > 2000 {
				t.Errorf("%s, seed %d: %.500q", name, seed, err.Error())
			}
		}
	}
	t.Logf("%d mutations of %d files, %d of them can be read so far", mutations, len(texts), read)
}

func readMutated(t *testing.T, name, file, text string) error {
	t.Helper()
	if name == "benchmark" {
		all := []Benchmark{{
			Name: "b", Kind: kindRate, Percent: true, Columns: map[string]string{"observed_on": "DATE", "value": "SOFR"}, Where: map[string]string{"kind": "a"},
		}}
		_, _, err := parseBenchmarks("f", []byte(text), all, benchmarkNow)
		return err
	}
	extracttest.WriteFile(t, file, []byte(text))
	s, err := source{path: "f", file: file}.text(bufio.NewReader(bytes.NewReader([]byte(text))))
	if err != nil {
		return err
	}
	if strings.HasPrefix(name, "readings") {
		r := newReadings(fileInput{path: "f", file: file, archive: Archive{ChainID: 1}, vaults: readingVaults, now: readingsNow})
		r.add = func(...any) error { return nil }
		r.addInUSD = r.add
		return r.readText(t.Context(), s)
	}
	if _, _, err := (job{path: "f", archive: Archive{Format: "auto"}}).recognise(s); err != nil {
		return err
	}
	if s.container != inJSON {
		return whole(s)
	}
	_, drop, err := flatten(t.Context(), s)
	if err == nil {
		drop()
	}
	return err
}
