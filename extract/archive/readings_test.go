package archive

import (
	"bytes"
	"compress/gzip"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"math/big"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/vaultperf/vaultperf/extract/input"
	"github.com/vaultperf/vaultperf/extract/vault"
	"github.com/vaultperf/vaultperf/sql/sqltest"
)

const (
	alusd = "0xdcd0f5ab30856f28385f641580bbd85f88349124"
	other = "0x5a97b0b97197299456af841f8605543b13b12ee3"
)

// readingVaults hold one address on two chains, so that it alone is ambiguous.
var readingVaults = []vault.Vault{
	{ID: "alusd", ChainID: 1, Address: alusd, Family: "lagoon", AssetDecimals: 6, ShareDecimals: 18},
	{ID: "twin", ChainID: 1, Address: other, Family: "observed", AssetDecimals: 6, ShareDecimals: 18},
	{ID: "twin-base", ChainID: 8453, Address: other, Family: "observed", AssetDecimals: 6, ShareDecimals: 18},
}

var readingsNow = time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)

// readingsFile writes content to a file of that name and is its input.
func readingsFile(t testing.TB, name string, content []byte, archive Archive) fileInput {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(path, content, 0o600); err != nil {
		t.Fatal(err)
	}
	return fileInput{id: 7, path: name, file: path, archive: archive, vaults: readingVaults, now: readingsNow}
}

// importInto imports within a transaction, as extract.Run does.
func importInto(ctx context.Context, t testing.TB, conn *sql.Conn, in fileInput) (counts, error) {
	t.Helper()
	sqltest.Exec(t, conn, "begin")
	s, err := inspect(ctx, conn, in.path, in.file, in.archive.Rows.comment())
	var got counts
	if err == nil {
		got, err = importReadings(ctx, conn, s, in)
	}
	if err != nil {
		sqltest.Exec(t, conn, "rollback")
		return got, err
	}
	sqltest.Exec(t, conn, "commit")
	return got, nil
}

const readingsQuery = `
select line, vault_id, strftime(observed_at, '%Y-%m-%dT%H:%M:%S.%f'), block_number, share_price,
       share_price_raw::varchar, total_assets::varchar, total_supply::varchar, is_inexact
from raw.readings order by file_id, line`

func zipped(t testing.TB, text string) []byte {
	t.Helper()
	var b bytes.Buffer
	w := gzip.NewWriter(&b)
	if _, err := w.Write([]byte(text)); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// parquetFile writes the rows of a query to a Parquet file and returns it.
func parquetFile(t testing.TB, conn *sql.Conn, query string) []byte {
	t.Helper()
	path := filepath.Join(t.TempDir(), "made.parquet")
	sqltest.Exec(t, conn, "copy ("+query+") to '"+path+"' (format parquet)")
	content, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return content
}

func TestReadingsKept(t *testing.T) {
	const (
		plain = "alusd|2025-09-04T10:00:00.000000|NULL|"
		nulls = "NULL|NULL|NULL|NULL|false"
	)
	tests := []struct {
		name    string
		archive Archive
		text    string
		want    []string
		aside   string // reason, rows, first line, example
	}{
		{"share price", Archive{}, "vault,observed_at,share_price\nalusd,2025-09-04T10:00:00Z,1.0190940944\n", []string{"2|" + plain + "1.0190940944|NULL|NULL|NULL|false"}, ""},
		{
			"total assets and supply",
			Archive{},
			"observed_at,vault,total_supply,total_assets\n2025-09-04T10:00:00Z,alusd,2,1\n",
			[]string{"2|" + plain + "NULL|NULL|1|2|false"},
			"",
		},
		{
			"raw price with assets alone",
			Archive{},
			"vault,observed_at,share_price_raw,total_assets\nalusd,2025-09-04T10:00:00Z,1019094,34000000\n",
			[]string{"2|" + plain + "NULL|1019094|34000000|NULL|false"},
			"",
		},
		{
			"integer written as a float",
			Archive{},
			"vault,observed_at,total_assets,total_supply\nalusd,2025-09-04T10:00:00Z,1000000.0,2.1522000173427537e+22\n",
			[]string{"2|" + plain + "NULL|NULL|1000000|21522000173427537000000|true"},
			"",
		},
		{"zero price is a total loss", Archive{}, "vault,observed_at,share_price\nalusd,2025-09-04T10:00:00Z,0\n", []string{"2|" + plain + "0|NULL|NULL|NULL|false"}, ""},
		{"empty price", Archive{}, "vault,observed_at,share_price,total_assets\nalusd,2025-09-04T10:00:00Z,,5\n", []string{"2|" + plain + nulls}, "empty_price 1 2 alusd at 2025-09-04T10:00:00Z: share_price is empty"},
		{
			"empty supply",
			Archive{},
			"vault,observed_at,total_assets,total_supply\nalusd,2025-09-04T10:00:00Z,5, \n",
			[]string{"2|" + plain + nulls},
			"empty_price 1 2 alusd at 2025-09-04T10:00:00Z: total_supply is empty",
		},
		{
			"zero supply",
			Archive{},
			"vault,observed_at,total_assets,total_supply\nalusd,2025-09-04T10:00:00Z,5,0\n",
			[]string{"2|" + plain + nulls},
			"empty_price 1 2 alusd at 2025-09-04T10:00:00Z: total_supply is 0",
		},
		{"zero assets", Archive{}, "vault,observed_at,total_assets,total_supply\nalusd,2025-09-04T10:00:00Z,0,5\n", []string{"2|" + plain + "NULL|NULL|0|5|false"}, ""},
		{"null in json", Archive{}, `{"vault":"alusd","observed_at":"2025-09-04T10:00:00Z","share_price":null}`, []string{"1|" + plain + nulls}, "empty_price 1 1 alusd at 2025-09-04T10:00:00Z: share_price is empty"},
		{
			"key left out in later json",
			Archive{},
			`{"vault":"alusd","observed_at":"2025-09-04T10:00:00Z","share_price":1}` + "\n\n" + `{"vault":"alusd","observed_at":1756980000}`,
			[]string{"1|" + plain + "1|NULL|NULL|NULL|false", "3|" + plain + nulls},
			"empty_price 1 3 alusd at 2025-09-04T10:00:00Z: share_price is empty",
		},
		{
			"json array over lines",
			Archive{},
			"[\n  {\n \"vault\": \"alusd\", \"observed_at\": 1756980000.5,\n \"share_price\": \"1.5\", \"note\": {\"x\": \"}]\\\"\"}},\n\n {\"observed_at\":1756980000,\"vault\":\"alusd\",\"share_price\":1e0}]\n",
			[]string{"2|alusd|2025-09-04T10:00:00.500000|NULL|1.5|NULL|NULL|NULL|false", "6|" + plain + "1|NULL|NULL|NULL|false"},
			"",
		},
		{"mark before objects", Archive{}, "\ufeff" + `{"vault":"alusd","observed_at":1756980000,"share_price":2}`, []string{"1|" + plain + "2|NULL|NULL|NULL|false"}, ""},
		{"mark and space before an array", Archive{}, "\ufeff\n " + `[{"vault":"alusd","observed_at":1756980000,"share_price":2}]`, []string{"2|" + plain + "2|NULL|NULL|NULL|false"}, ""},
		{"empty json array", Archive{}, " [ ] ", nil, ""},
		{"header alone", Archive{}, "vault,observed_at,share_price\n", nil, ""},
		{"mark, returns and quotes", Archive{}, "\ufeff\"vault\",\"observed_at\",\"share_price\"\r\n\"alusd\",\"2025-09-04 10:00:00\",\"1.5\"\r\n\r\n", []string{"2|" + plain + "1.5|NULL|NULL|NULL|false"}, ""},
		{
			"other names",
			Archive{Columns: map[string]string{"observed_at": "ts", "share_price_raw": "pps", "block_number": "block"}},
			"vault,ts,pps,block,share_price\nalusd,1756980000,7,23000000,99\n",
			[]string{"2|alusd|2025-09-04T10:00:00.000000|23000000|NULL|7|NULL|NULL|false"},
			"",
		},
		{"vault of the archive", Archive{Vault: "alusd"}, "observed_at,share_price\n1756980000,2\n", []string{"2|" + plain + "2|NULL|NULL|NULL|false"}, ""},
		{
			"prices that cannot be",
			Archive{},
			"vault,observed_at,share_price,share_price_raw,total_assets,total_supply\nalusd,1756980000,1e30,,,\nalusd,1756980000,1e200,,,\n" +
				"alusd,1756980000,1e-31,,,\nalusd,1756980000,," + maxUint256.String() + ",,\nalusd,1756980000,,," + maxUint256.String() + ",1\nalusd,1756980000,,,0,1\n",
			[]string{
				"2|" + plain + "1e+30|NULL|NULL|NULL|false", "3|" + plain + nulls, "4|" + plain + nulls, "5|" + plain + nulls, "6|" + plain + nulls,
				"7|" + plain + "NULL|NULL|0|1|false",
			},
			"price_out_of_range 4 3 alusd at 2025-09-04T10:00:00Z: a price of 1e+200 is not between 1e-30 and 1e+30",
		},
		{
			"rows of several forms",
			Archive{},
			"vault,observed_at,share_price,share_price_raw,total_assets,total_supply\nalusd,1756980000,2,,,\nalusd,1756980000,,3,,\nalusd,1756980000,,,4,5\nalusd,1756980000,,,4,0\nalusd,1756980000,,,,5\n",
			[]string{
				"2|" + plain + "2|NULL|NULL|NULL|false", "3|" + plain + "NULL|3|NULL|NULL|false", "4|" + plain + "NULL|NULL|4|5|false",
				"5|" + plain + nulls, "6|" + plain + nulls,
			},
			"empty_price 2 5 alusd at 2025-09-04T10:00:00Z: share_price is empty",
		},
		{
			"objects of several forms",
			Archive{},
			`[{"vault":"alusd","observed_at":1756980000,"total_assets":4,"total_supply":5},
{"vault":"alusd","observed_at":1756980000,"share_price":2},
{"vault":"alusd","observed_at":1756980000,"share_price_raw":"3"}]`,
			[]string{"1|" + plain + "NULL|NULL|4|5|false", "2|" + plain + "2|NULL|NULL|NULL|false", "3|" + plain + "NULL|3|NULL|NULL|false"},
			"",
		},
		{
			"a form that the config does not map",
			Archive{Columns: map[string]string{"share_price": "pps"}},
			`[{"vault":"alusd","observed_at":1756980000,"pps":2},{"vault":"alusd","observed_at":1756980000,"share_price_raw":7,"total_assets":4,"total_supply":5}]`,
			[]string{"1|" + plain + "2|NULL|NULL|NULL|false", "2|" + plain + nulls},
			"empty_price 1 1 alusd at 2025-09-04T10:00:00Z: pps is empty",
		},
		{
			"a later object's own vault",
			Archive{Vault: "alusd"},
			`{"observed_at":1756980000,"share_price":2}` + "\n" + `{"vault":"twin","observed_at":1756980000,"share_price":3}`,
			[]string{"1|" + plain + "2|NULL|NULL|NULL|false", "2|twin|2025-09-04T10:00:00.000000|NULL|3|NULL|NULL|NULL|false"},
			"",
		},
		{
			"a later object without a vault",
			Archive{Vault: "alusd"},
			`[{"vault":"twin","observed_at":1756980000,"share_price":3},{"observed_at":1756980000,"share_price":2}]`,
			[]string{"1|twin|2025-09-04T10:00:00.000000|NULL|3|NULL|NULL|NULL|false", "2|" + plain + "2|NULL|NULL|NULL|false"},
			"",
		},
		{
			"address of any case",
			Archive{ChainID: 8453},
			"vault,observed_at,share_price\n0x5A97B0B97197299456Af841F8605543b13b12eE3,1756980000,2\n",
			[]string{"2|twin-base|2025-09-04T10:00:00.000000|NULL|2|NULL|NULL|NULL|false"},
			"",
		},
		{
			"chain of the row wins",
			Archive{ChainID: 8453},
			"vault,observed_at,share_price,chain_id\n" + other + ",1756980000,2,1\n" + other + ",1756980000,2,\n",
			[]string{"2|twin|2025-09-04T10:00:00.000000|NULL|2|NULL|NULL|NULL|false", "3|twin-base|2025-09-04T10:00:00.000000|NULL|2|NULL|NULL|NULL|false"},
			"",
		},
		{"chain unknown, address unique", Archive{}, "vault,observed_at,share_price\n" + alusd + ",1756980000,2\n", []string{"2|" + plain + "2|NULL|NULL|NULL|false"}, ""},
		{
			"vault not configured",
			Archive{},
			"vault,observed_at,share_price,chain_id\nnobody,never,x,5\nalusd,1756980000,2,1\nalusd,1756980000,2,10\n",
			[]string{"3|" + plain + "2|NULL|NULL|NULL|false"},
			`vault_not_configured 2 2 vault "nobody" on chain 5`,
		},
	}
	for _, test := range tests {
		for _, pack := range []string{"plain", "gzip"} {
			t.Run(test.name+"/"+pack, func(t *testing.T) {
				content := []byte(test.text)
				if pack == "gzip" {
					content = zipped(t, test.text)
				}
				conn := sqltest.OpenConn(t)
				got, err := importInto(t.Context(), t, conn, readingsFile(t, "r", content, test.archive))
				if err != nil {
					t.Fatal(err)
				}
				sqltest.EqualLines(t, sqltest.Lines(t, conn, readingsQuery), test.want...)
				var asides string
				sum := got.kept + got.filtered
				for reason, a := range got.aside {
					asides += fmt.Sprint(reason, " ", a.rows, " ", a.firstLine, " ", a.example)
					sum += a.rows
				}
				if asides != test.aside || sum != got.read || got.new != got.kept {
					t.Errorf("counts %+v, aside %q, want %q", got, asides, test.aside)
				}
			})
		}
	}
}

func TestReadingsRefused(t *testing.T) {
	const head = "vault,observed_at,share_price\nalusd,2025-09-04T10:00:00Z,1\n" // one good row before the bad
	const pair = "vault,observed_at,total_assets,total_supply\n"
	line := func(fields string) string { return head + fields + "\n" }
	whole := zipped(t, strings.Repeat(line("alusd,1756980000,1.5"), 50)) // more than a header repeats: not reached
	tests := []struct {
		name    string
		archive Archive
		text    string
		want    string
	}{
		{"empty file", Archive{}, "", "f: want rows, got an empty file"},
		{"blank file", Archive{}, "\n\n", "f: want rows, got an empty file"},
		{"no price", Archive{}, "vault,observed_at,price\n", "f: want a column share_price or share_price_raw, or both total_assets and total_supply, got columns vault, observed_at, price"},
		{"assets without supply", Archive{}, "vault,observed_at,total_assets\n", "f: want a column share_price or share_price_raw, or both total_assets and total_supply, got columns vault, observed_at, total_assets"},
		{"no time", Archive{}, "vault,share_price\n", "f: want a column observed_at, got columns vault, share_price"},
		{"no vault", Archive{}, "observed_at,share_price\n", "f: want a column vault, or the archive's vault in the config, got columns observed_at, share_price"},
		{"mapped column missing", Archive{Columns: map[string]string{"share_price_raw": "pps_raw"}}, "vault,observed_at,share_price\n", `f: want a column "pps_raw" for share_price_raw, got columns vault, observed_at, share_price`},
		{"mapped key missing", Archive{Columns: map[string]string{"share_price_raw": "pps_raw"}}, `{"vault":1}`, `f: want a column "pps_raw" for share_price_raw, got columns vault`},
		{"column twice", Archive{}, "vault,observed_at,share_price,share_price\n", "f:1: want column names that differ, got vault,observed_at,share_price,share_price"},
		{"hostile header", Archive{}, "a\x1b[31m,b\n", `f: want a column vault, or the archive's vault in the config, got columns a\x1b[31m, b`},
		{"price not a number", Archive{}, line("alusd,1756980000,one"), `f:3: want share_price as a finite number not below 0, got "one"`},
		{"price nan", Archive{}, line("alusd,1756980000,NaN"), `f:3: want share_price as a finite number not below 0, got "NaN"`},
		{"price infinite", Archive{}, line("alusd,1756980000,-Inf"), `f:3: want share_price as a finite number not below 0, got "-Inf"`},
		{"price beyond a float", Archive{}, line("alusd,1756980000,1e999"), `f:3: want share_price as a finite number not below 0, got "1e999"`},
		{"price below a float", Archive{}, line("alusd,1756980000,1e-999"), `f:3: want share_price as a finite number not below 0, got "1e-999"`},
		{"price negative", Archive{}, line("alusd,1756980000,-1.5"), `f:3: want share_price as a finite number not below 0, got "-1.5"`},
		{"price hex", Archive{}, line("alusd,1756980000,0x10"), `f:3: want share_price as a finite number not below 0, got "0x10"`},
		{"mapped price", Archive{Columns: map[string]string{"share_price": "pps"}}, "vault,observed_at,pps\nalusd,1756980000,-1\n", `f:2: want pps as a finite number not below 0, got "-1"`},
		{"integer with a fraction", Archive{}, pair + "alusd,1756980000,1.5,2\n", `f:2: want total_assets as a whole number from 0 to 2^256-1, got "1.5"`},
		{"integer negative", Archive{}, pair + "alusd,1756980000,1,-2\n", `f:2: want total_supply as a whole number from 0 to 2^256-1, got "-2"`},
		{"integer 2^256", Archive{}, pair + "alusd,1756980000,1," + new(big.Int).Add(maxUint256, big.NewInt(1)).String() + "\n", `f:2: want total_supply as a whole number from 0 to 2^256-1, got "115792089237316195423570985008687907853269984665640564039457…"`},
		{"integer infinite", Archive{}, pair + "alusd,1756980000,1,inf\n", `f:2: want total_supply as a whole number from 0 to 2^256-1, got "inf"`},
		{"time unreadable", Archive{}, line("alusd,yesterday,1"), `f:3: want observed_at as a time (RFC 3339, 2025-09-04 10:00:00 or Unix seconds), got "yesterday"`},
		{"time impossible", Archive{}, line("alusd,2025-02-30T00:00:00Z,1"), `f:3: want observed_at as a time (RFC 3339, 2025-09-04 10:00:00 or Unix seconds), got "2025-02-30T00:00:00Z"`},
		{"time empty", Archive{}, line("alusd,,1"), `f:3: want observed_at as a time (RFC 3339, 2025-09-04 10:00:00 or Unix seconds), got ""`},
		{"time to come", Archive{}, line("alusd,2026-01-01T00:00:01Z,1"), `f:3: want observed_at as a time not after 2026-01-01T00:00:00Z, got "2026-01-01T00:00:01Z"`},
		{"time zero", Archive{}, line("alusd,0,1"), `f:3: want observed_at as a time from 2015-07-30 on, when Ethereum began, got "0"`},
		{"time before any chain", Archive{}, line("alusd,2015-07-29T23:59:59.999999Z,1"), `f:3: want observed_at as a time from 2015-07-30 on, when Ethereum began, got "2015-07-29T23:59:59.999999Z"`},
		{"time in milliseconds", Archive{}, line("alusd,1756980000000,1"), `f:3: want observed_at as a time (RFC 3339, 2025-09-04 10:00:00 or Unix seconds), got "1756980000000"`},
		{"block unreadable", Archive{}, "vault,observed_at,share_price,block_number\nalusd,1756980000,1,latest\n", `f:2: want block_number as a block number, got "latest"`},
		{"chain unreadable", Archive{}, "vault,observed_at,share_price,chain_id\nalusd,1756980000,1,main\n", `f:2: want chain_id as a chain id, got "main"`},
		{"vault null in later json", Archive{Vault: "alusd"}, `[{"observed_at":1756980000,"share_price":1},{"vault":null,"observed_at":1756980000,"share_price":1}]`, `f:1: want vault as a vault's id or address, got ""`},
		{"vault empty", Archive{}, line(",1756980000,1"), `f:3: want vault as a vault's id or address, got ""`},
		{"vault ambiguous", Archive{}, line(other + ",1756980000,1"), `f:3: want a chain id, as 2 vaults have this address, got "` + other + `"`},
		{"row short", Archive{}, line("alusd,1756980000"), "f:3: want 3 fields as in the header, got 2"},
		{"row long", Archive{}, line("alusd,1756980000,1,"), "f:3: want 3 fields as in the header, got 4"},
		{"quote open", Archive{}, line(`alusd,1756980000,"1`), `f:3: want a CSV line with its quotes closed, got extraneous or missing " in quoted-field`},
		{"line after a quoted break", Archive{}, "vault,observed_at,share_price,note\nalusd,1756980000,1,\"a\nb\"\nalusd,1756980000,x,\n", `f:4: want share_price as a finite number not below 0, got "x"`},
		{"json half a line", Archive{}, `{"vault":"alusd","observed_at":1756980000,"share_price":1}` + "\n" + `{"vault":"alusd","obser`, `f:2: want a whole JSON object, got "{\"vault\":\"alusd\",\"obser"`},
		{"json line not an object", Archive{}, `{"vault":"alusd","observed_at":1756980000,"share_price":1}` + "\n5\n", `f:2: want a whole JSON object, got "5"`},
		{"json null line", Archive{}, `{"vault":"alusd","observed_at":1756980000,"share_price":1}` + "\nnull\n", `f:2: want a whole JSON object, got "null"`},
		{"json price true", Archive{}, `{"vault":"alusd","observed_at":1756980000,"share_price":true}`, `f:1: want share_price as text, a number or null, got "true"`},
		{"json array half", Archive{}, "[\n{\"vault\":\"alusd\",\"observed_at\":1756980000,\"share_price\":1},\n{\"vault\"", `f:3: want a JSON array of objects, closed by ], got an object that is not closed: "{\"vault\""`},
		{"json array unclosed", Archive{}, "[{\"vault\":\"alusd\",\"observed_at\":1756980000,\"share_price\":1}\n", "f:2: want a JSON array of objects, closed by ], got the end of the file"},
		{"json array of numbers", Archive{}, "[1]", "f:1: want JSON objects, got 1"},
		{"json array then more", Archive{}, "[]\n{}", `f:2: want a JSON array of objects, closed by ], got "{"`},
		{"json array without comma", Archive{}, `[{"vault":"alusd","observed_at":1756980000,"share_price":1}{}]`, `f:1: want a JSON array of objects, closed by ], got "{"`},
		{"gzip cut", Archive{}, string(zipped(t, head)[:30]), "f: want a whole gzip file, got one that ends early"},
		{"gzip header alone", Archive{}, "\x1f\x8b", "f: want a whole gzip file, got one that ends early"},
		{"gzip damaged", Archive{}, flip(whole, len(whole)-5), "f: want a whole gzip file, got one that is damaged"},
		{"parquet cut", Archive{}, "PAR1abc", "f: want a whole Parquet file, got one that ends early"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			conn := sqltest.OpenConn(t)
			in := readingsFile(t, "f", []byte(test.text), test.archive)
			if test.name == "gzip damaged" {
				in.vaults = nil // its rows repeat their header, so none may be read
			}
			_, err := importInto(t.Context(), t, conn, in)
			var refusal *input.Error
			if !errors.As(err, &refusal) || err.Error() != test.want {
				t.Errorf("got  %v\nwant %s", err, test.want)
			}
			sqltest.EqualLines(t, sqltest.Lines(t, conn, "select count(*) from raw.readings"), "0")
		})
	}
}

// flip returns data with one byte changed.
func flip(data []byte, at int) string {
	data = bytes.Clone(data)
	data[at] ^= 0xff
	return string(data)
}

// TestReadingsMaxUint256 carries 2^256-1 through every format.
func TestReadingsMaxUint256(t *testing.T) {
	conn := sqltest.OpenConn(t)
	maximum := maxUint256.String()
	object := fmt.Sprintf(`{"vault":"alusd","observed_at":1756980000,"total_assets":%s,"total_supply":%q,"share_price_raw":null}`, maximum, maximum)
	csv := "vault,observed_at,total_assets,total_supply\nalusd,1756980000," + maximum + "," + maximum + "\n"
	parquet := fmt.Sprintf("select 'alusd' as vault, 1756980000::bigint as observed_at, '%s' as total_assets, '%s' as total_supply", maximum, maximum)
	bignum := strings.Replace(parquet, "as total_assets", "::bignum as total_assets", 1)
	for name, content := range map[string][]byte{
		"csv": []byte(csv), "csv.gz": zipped(t, csv), "parquet": parquetFile(t, conn, parquet), "bignum.parquet": parquetFile(t, conn, bignum),
		"ndjson": []byte(strings.Replace(object, `,"share_price_raw":null`, "", 1)), "array": []byte("[" + strings.Replace(object, `,"share_price_raw":null`, "", 1) + "]"),
	} {
		t.Run(name, func(t *testing.T) {
			sqltest.Exec(t, conn, "delete from raw.readings")
			if _, err := importInto(t.Context(), t, conn, readingsFile(t, name, content, Archive{})); err != nil {
				t.Fatal(err)
			}
			sqltest.EqualLines(t, sqltest.Lines(t, conn, "select total_assets::varchar, total_supply::varchar, is_inexact from raw.readings"), maximum+"|"+maximum+"|false")
		})
	}
}

var maxUint256 = new(big.Int).Sub(new(big.Int).Lsh(big.NewInt(1), 256), big.NewInt(1))
