package archive

import (
	"bufio"
	"bytes"
	"errors"
	"testing"

	"github.com/vaultperf/vaultperf/extract/input"
)

// FuzzReadings reads any text as CSV or JSON: it is refused, or every row is
// counted once and those of configured vaults are handed on.
func FuzzReadings(f *testing.F) {
	for _, text := range []string{
		"vault,observed_at,share_price\nalusd,2025-09-04T10:00:00Z,1.5\n",
		"vault,observed_at,total_assets,total_supply\r\nalusd,1756980000,2.15e+22,\nnobody,1,2,3\n",
		"vault,observed_at,share_price\nalusd,1756980000,\"1\n",
		`{"vault":"alusd","observed_at":1756980000,"share_price":1}` + "\n" + `{"vault":"alusd","observed_at":1756980000,"share_price":null}`,
		"vault,observed_at,total_assets_usd,total_supply\nalusd,1756980000,7.5,4\n",
		`[{"vault":"alusd","observed_at":"1756980000","share_price":1},` + "\n" + `{"vault":"x\"}"}]`,
	} {
		f.Add([]byte(text))
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		r := newReadings(fileInput{path: "f", archive: Archive{ChainID: 1}, vaults: readingVaults, now: readingsNow})
		added := int64(0)
		r.add = func(values ...any) error {
			if len(values) != 10 {
				t.Fatalf("%d values", len(values))
			}
			added++
			return nil
		}
		r.addInUSD = func(...any) error { return nil }
		s, err := source{path: "f"}.text(bufio.NewReaderSize(bytes.NewReader(text), 1024))
		if err == nil {
			err = r.readRows(s, bufio.NewReaderSize(bytes.NewReader(text), 1024))
		}
		var refused *input.Error
		if err != nil {
			if !errors.As(err, &refused) || refused.File != "f" || refused.Want == "" {
				t.Fatalf("%q: %v", text, err)
			}
			return
		}
		empty, unknown := int64(0), int64(0)
		for reason, a := range r.counts.aside {
			if a.firstLine < 1 || a.example == "" {
				t.Errorf("%s: %+v", reason, a)
			}
			if reason == emptyPrice || reason == priceOutOfRange {
				empty += a.rows
			} else {
				unknown += a.rows
			}
		}
		if r.counts.read != r.counts.kept+r.counts.filtered+empty+unknown || added != r.counts.kept+empty {
			t.Errorf("%q: %+v, %d empty, %d unknown, %d added", text, r.counts, empty, unknown, added)
		}
	})
}

func TestIsReadings(t *testing.T) {
	mapped := Archive{Columns: map[string]string{"share_price_raw": "pps_raw"}}
	for _, test := range []struct {
		name    string
		columns []string
		archive Archive
		want    bool
	}{
		{"prices", []string{"vault", "observed_at", "share_price"}, Archive{}, true},
		{"price column missing", []string{"vault", "observed_at", "price"}, Archive{}, true},
		{"time column missing", []string{"vault", "total_assets", "total_supply"}, Archive{}, true},
		{"mapped", []string{"vault", "ts", "pps_raw"}, mapped, true},
		{"mapped column missing", []string{"vault", "ts", "pps"}, mapped, true},
		{"logs", []string{"block_number", "log_index", "address", "topic0", "data", "chain_id"}, Archive{}, false},
		{"block times", []string{"block_number", "timestamp"}, Archive{}, false},
		{"nothing", nil, Archive{}, false},
	} {
		if got := isReadings(test.columns, test.archive); got != test.want {
			t.Errorf("%s: got %v", test.name, got)
		}
	}
}
