package config

import (
	"errors"
	"fmt"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/vaultperf/vaultperf/extract"
)

// Parts that the tests put together.
const (
	alphaVault = `
[[vault]]
id = "alpha"
chain_id = 1
address = "0x00000000000000000000000000000000000000A1"
family = "lagoon"
asset_symbol = "USDC"
asset_decimals = 6
share_decimals = 18
`
	goodArchive = `
[[archive]]
path = "good.csv"
`
)

func TestConfigDefaults(t *testing.T) {
	c, err := Parse("c.toml", "dir", []byte(alphaVault+goodArchive))
	if err != nil {
		t.Fatal(err)
	}
	v, a := c.Vaults[0], c.Archives[0]
	if c.MaxPages != 200 || c.RiskFreeRate != nil || c.MinTotalAssets != nil {
		t.Errorf("defaults: %+v", c)
	}
	if v.Name != "alpha" || v.Address != "0x00000000000000000000000000000000000000a1" || v.AssetDecimals != 6 || v.Safe != "" {
		t.Errorf("vault: %+v", v)
	}
	if a.Dir != "dir" || a.Format != "auto" || a.ChainID != 0 {
		t.Errorf("archive: %+v", a)
	}
}

func TestConfigValues(t *testing.T) {
	const text = `
as_of = 2025-09-04
risk_free_rate = 0
max_pages = 5
[start]
min_total_assets = 20000
[thresholds]
dust_assets = 0
large_loss = -0.2
[[vault]]
id = "Alpha.1_b-c"
name = "A"
reference = "other"
chain_id = 8453
address = "0xDCD0f5ab30856F28385F641580Bbd85f88349124"
family = "observed"
asset_decimals = 0
share_decimals = 77
safe = "0x00000000000000000000000000000000000000AB"
[[archive]]
path = "logs/*.parquet"
format = "cryo"
chain_id = 8453
vault = "Alpha.1_b-c"
blocks = "blocks.csv"
note = "from a friend"
[archive.columns]
observed_at = "t"
`
	c, err := Parse("c.toml", "", []byte(text))
	if err != nil {
		t.Fatal(err)
	}
	if *c.RiskFreeRate != 0 || *c.MinTotalAssets != 20000 || c.MaxPages != 5 {
		t.Errorf("config: %+v", c)
	}
	if want := map[string]float64{"dust_assets": 0, "large_loss": -0.2}; !reflect.DeepEqual(c.Thresholds, want) {
		t.Errorf("thresholds: got %v, want %v", c.Thresholds, want)
	}
	v, a := c.Vaults[0], c.Archives[0]
	if v.Reference != "other" {
		t.Errorf("reference: %q", v.Reference)
	}
	if v.ChainID != 8453 || v.AssetDecimals != 0 || v.ShareDecimals != 77 || v.Safe != "0x00000000000000000000000000000000000000ab" {
		t.Errorf("vault: %+v", v)
	}
	if a.ChainID != 8453 || a.Vault != "Alpha.1_b-c" || a.Blocks != "blocks.csv" || a.Note != "from a friend" || a.Columns["observed_at"] != "t" {
		t.Errorf("archive: %+v", a)
	}
	for _, text := range []string{"as_of = 2025-09-04\n", "as_of = \"2025-09-04\"\n"} {
		c, err := Parse("c.toml", "", []byte(text+alphaVault+goodArchive))
		if err != nil {
			t.Fatal(err)
		}
		if want := time.Date(2025, 9, 4, 0, 0, 0, 0, time.UTC); c.AsOf != want {
			t.Errorf("%s gives %v, want %v", text, c.AsOf, want)
		}
	}
}

func TestConfigContracts(t *testing.T) {
	const text = `accounts = ["0x00000000000000000000000000000000000000AC"]
safe = "0x00000000000000000000000000000000000000AB"
[[vault.contract]]
address = "0x00000000000000000000000000000000000000D1"
role = "asset"
family = "erc20"
name = "USDC"
[[vault.contract]]
address = "0x00000000000000000000000000000000000000D2"
role = "pool"
family = "curve"
coins = ["0x00000000000000000000000000000000000000A1", "0x00000000000000000000000000000000000000D1"]
[[vault.contract]]
address = "0x00000000000000000000000000000000000000D3"
role = "venue"
family = "erc4626"
shared = false
`
	c, err := Parse("c.toml", "", []byte(alphaVault+text+goodArchive+"complete = true\n"))
	if err != nil {
		t.Fatal(err)
	}
	at := func(end string) string { return "0x00000000000000000000000000000000000000" + end }
	want := []extract.Contract{
		{Address: at("ac"), Role: "account", Family: "safe", Name: "account"},
		{Address: at("d1"), Role: "asset", Family: "erc20", Name: "USDC", Shared: true},
		{Address: at("d2"), Role: "pool", Family: "curve", Name: "pool", Coins: []string{at("a1"), at("d1")}},
		{Address: at("d3"), Role: "venue", Family: "erc4626", Name: "venue"},
	}
	if got := c.Vaults[0].Contracts; !reflect.DeepEqual(got, want) {
		t.Errorf("got %+v\nwant %+v", got, want)
	}
	if !c.Archives[0].Complete {
		t.Error("the archive is not complete")
	}
}

func TestConfigFaults(t *testing.T) {
	with := func(old, new string) string {
		if !strings.Contains(alphaVault, old) {
			t.Fatalf("no %q to replace", old)
		}
		return strings.Replace(alphaVault, old, new, 1) + goodArchive
	}
	for name, c := range map[string]struct{ text, want string }{
		"UnknownTopKey":       {"as_off = 1\n" + alphaVault + goodArchive, `c.toml:1: unknown key "as_off"`},
		"UnknownTable":        {alphaVault + goodArchive + "[begin]\nx = 1\n", `unknown key "begin"`},
		"UnknownColumn":       {alphaVault + goodArchive + "[archive.columns]\nobservd_at = \"t\"\n", `archive "good.csv": columns: want ours = "theirs"`},
		"UnitOfNoAmount":      {alphaVault + goodArchive + "units = { vault = \"raw\" }\n", `units: want ours = "unit" with ours an amount, one of idle_assets, lost_assets, share_price, share_price_raw, total_assets, total_assets_usd, total_supply, utilisation, withdrawable_assets, got "vault"`},
		"UnknownUnit":         {alphaVault + goodArchive + "units = { total_supply = \"usd\" }\n", `units: want total_supply in one of raw, asset, got "usd"`},
		"TwiceInDollars":      {alphaVault + goodArchive + "units = { total_assets = \"usd\" }\ncolumns = { total_assets_usd = \"tvl\" }\n", `units: want total_assets in usd, or a column total_assets_usd, and not both`},
		"NoDateFormat":        {alphaVault + goodArchive + "date_format = \"YYYY\"\n", `date_format: want a year (%Y), a month (%m) and a day (%d), or Unix seconds (%s), got "YYYY"`},
		"LongComment":         {alphaVault + goodArchive + "comment = \"//\"\n", `comment: want one sign as #, got "//"`},
		"EmptyColumn":         {alphaVault + goodArchive + "[archive.columns]\nobserved_at = \"\"\n", `want the file's name for observed_at`},
		"NoTOML":              {"vault: alpha\n", "c.toml:1: "},
		"KeyTwice":            {with("id = \"alpha\"", "id = \"a\"\nid = \"b\""), "c.toml:4: key id is already defined"},
		"TextForNumber":       {with("asset_decimals = 6", `asset_decimals = "6"`), "c.toml:8: vault.asset_decimals: want a whole number, got TOML string"},
		"NumberForText":       {with(`id = "alpha"`, "id = 1"), "c.toml:3: vault.id: want text in quotes"},
		"UnquotedAddress":     {with(`"0x00000000000000000000000000000000000000A1"`, "0xDCD0f5ab30856F28385F641580Bbd85f88349124"), "c.toml:5: "},
		"AsOfNoDay":           {"as_of = \"soon\"\n" + alphaVault + goodArchive, `c.toml:1: as_of: want a day`},
		"AsOfWithTime":        {"as_of = 2025-09-04T00:00:00Z\n" + alphaVault + goodArchive, `c.toml:1: as_of: want a day`},
		"RiskFreeRateTooLow":  {"risk_free_rate = -1\n" + alphaVault + goodArchive, "c.toml:1: risk_free_rate: want"},
		"RiskFreeRateNaN":     {"risk_free_rate = nan\n" + alphaVault + goodArchive, "c.toml:1: risk_free_rate: want"},
		"RiskFreeRateInf":     {"risk_free_rate = inf\n" + alphaVault + goodArchive, "c.toml:1: risk_free_rate: want"},
		"MaxPagesZero":        {"max_pages = 0\n" + alphaVault + goodArchive, "c.toml:1: max_pages: want 1 or more, got 0"},
		"ThresholdSign":       {"[thresholds]\nlarge_loss = 0.01\n" + alphaVault + goodArchive, "c.toml:2: large_loss: want a fraction from -1 to 0, as drawdowns are, got 0.01"},
		"ThresholdNaN":        {"[thresholds]\ndust_assets = nan\n" + alphaVault + goodArchive, "c.toml:2: dust_assets: want an amount of US dollars, 0 or more, got NaN"},
		"ThresholdInf":        {"[thresholds]\nimplausible_rate = inf\n" + alphaVault + goodArchive, "c.toml:2: implausible_rate: want a fraction per year"},
		"ThresholdUnknown":    {"[thresholds]\ndust = 1\n" + alphaVault + goodArchive, `c.toml:2: unknown key "thresholds.dust"`},
		"Reference":           {with("asset_decimals = 6", "reference = \"eur\"\nasset_decimals = 6"), `vault "alpha": reference: want one of usd, other, got "eur"`},
		"MinAssetsNegative":   {"[start]\nmin_total_assets = -1\n" + alphaVault + goodArchive, "c.toml:2: min_total_assets: want"},
		"NoVault":             {goodArchive, "c.toml: want at least one [[vault]]"},
		"NoArchive":           {alphaVault, "c.toml: want at least one [[archive]]"},
		"IDMissing":           {with("id = \"alpha\"\n", ""), "c.toml:2: [[vault]] number 1: id: want"},
		"IDWithSlash":         {with("alpha", "../alpha"), `id: want 1 to 100 of`},
		"IDsDifferInCase":     {alphaVault + strings.NewReplacer("alpha", "Alpha", "A1", "B2").Replace(alphaVault) + goodArchive, `"alpha" and "Alpha"`},
		"ChainMissing":        {with("chain_id = 1\n", ""), `vault "alpha": chain_id is missing`},
		"ChainZero":           {with("chain_id = 1", "chain_id = 0"), "chain_id: want 1 or more, got 0"},
		"AddressShort":        {with("00A1", "A1"), "address: want 0x and 40 hex digits"},
		"SafeShort":           {with("asset_symbol", "safe = \"0x1\"\nasset_symbol"), "safe: want 0x and 40 hex digits"},
		"DecimalsMissing":     {with("share_decimals = 18\n", ""), `vault "alpha": share_decimals is missing`},
		"DecimalsTooMany":     {with("share_decimals = 18", "share_decimals = 78"), "share_decimals: want a number from 0 to 77, got 78"},
		"LagoonShareDecimals": {with("share_decimals = 18", "share_decimals = 6"), `c.toml:2: vault "alpha": share_decimals: want 18, as a Lagoon vault has them for an asset of 6, got 6`},
		"LagoonAssetDecimals": {with("asset_decimals = 6", "asset_decimals = 20"), `vault "alpha": share_decimals: want 20, as a Lagoon`},
		"FamilyMissing":       {with("family = \"lagoon\"\n", ""), `family: want one of `},
		"PathMissing":         {alphaVault + "[[archive]]\nformat = \"auto\"\n", "[[archive]] number 1: path is missing"},
		"PathNoPattern":       {alphaVault + "[[archive]]\npath = \"[\"\n", `archive "[": path: want`},
		"FormatUnknown":       {alphaVault + goodArchive + "format = \"xls\"\n", `format: want one of auto`},
		"ArchiveKind":         {alphaVault + goodArchive + "kind = \"news\"\n", `archive "good.csv": kind: want site, markets, allocations, prices or none, got "news"`},
		"SiteFormat":          {alphaVault + goodArchive + "kind = \"site\"\nformat = \"cryo\"\n", `format, blocks, complete: an archive of kind site has none of them`},
		"BackingShare":        {"[thresholds]\nbacked_share = 1.5\n" + alphaVault + goodArchive, `backed_share: want a fraction above 0, at most 1, got 1.5`},
		"BackingDays":         {"[thresholds]\nfact_days = -1\n" + alphaVault + goodArchive, `fact_days: want whole days, 0 to 3650, got -1`},
		"MarketsBlocks":       {alphaVault + goodArchive + "kind = \"markets\"\nblocks = \"b\"\n", `format, blocks, complete: an archive of kind markets has none of them`},
		"MarketsColumn":       {alphaVault + goodArchive + "kind = \"markets\"\n[archive.columns]\nshare_price = \"p\"\n", `liquidity, utilisation, collateral, collateral_amount, loan_token, chain_id, got "share_price"`},
		"AllocationsUnit":     {alphaVault + goodArchive + "kind = \"allocations\"\n[archive.units]\nassets = \"percent\"\n", `units: want assets in one of raw, asset, usd, got "percent"`},
		"PricesUnit":          {alphaVault + goodArchive + "kind = \"prices\"\n[archive.units]\nprice = \"usd\"\n", `units: an archive of kind prices has no amounts, got "price"`},
		"SiteColumn":          {alphaVault + goodArchive + "kind = \"site\"\n[archive.columns]\nshare_price = \"p\"\n", `with ours one of site, figure, vault, observed_at, value, chain_id, got "share_price"`},
		"ArchiveVault":        {alphaVault + goodArchive + "vault = \"beta\"\n", `vault: want the id of a [[vault]], got "beta"`},
		"ContractAddress":     {alphaVault + contractBlock("0x1", "asset", "erc20") + goodArchive, `vault "alpha": contract "0x1": address: want 0x and 40 hex digits`},
		"ContractNoAddress":   {alphaVault + "[[vault.contract]]\nrole = \"asset\"\nfamily = \"erc20\"\n" + goodArchive, `[[vault.contract]] number 1: address: want`},
		"ContractRole":        {alphaVault + contractBlock(oneAddress, "bank", "erc20") + goodArchive, `role: want one of asset, account, roles,`},
		"ContractFamily":      {alphaVault + contractBlock(oneAddress, "asset", "erc721") + goodArchive, `family: want one of aave_token, aave_v2,`},
		"ContractKey":         {alphaVault + contractBlock(oneAddress, "asset", "erc20") + "rule = 1\n" + goodArchive, `unknown key "vault.contract.rule"`},
		"ContractShared":      {alphaVault + contractBlock(oneAddress, "lending", "compound_v2") + "shared = true\n" + goodArchive, `shared: a lending of family compound_v2 cannot be shared: its logs have who owes in their data`},
		"ContractPoolShared":  {alphaVault + contractBlock(oneAddress, "pool", "uniswap_v3") + "shared = true\n" + goodArchive, `cannot be shared: everybody's trades are wanted`},
		"ContractTwice":       {alphaVault + contractBlock(oneAddress, "asset", "erc20") + contractBlock(oneAddress, "asset", "erc20") + goodArchive, `address and role: want each only once`},
		"ContractFamilies":    {alphaVault + contractBlock(oneAddress, "venue", "aave_v3") + contractBlock(oneAddress, "lending", "aave_v2") + goodArchive, `family: want one family for each contract, got aave_v2, but vault "alpha": contract`},
		"ContractIsVault":     {alphaVault + contractBlock("0x00000000000000000000000000000000000000a1", "venue", "erc4626") + goodArchive, `got erc4626, but vault "alpha" gives it as lagoon`},
		"PoolID":              {alphaVault + contractBlock(oneAddress, "pool", "uniswap_v4") + goodArchive, `pool_id: want the pool's id in the manager, 0x and 64 hex digits`},
		"PoolIDElsewhere":     {alphaVault + contractBlock(oneAddress, "pool", "uniswap_v3") + "pool_id = \"0x1\"\n" + goodArchive, `pool_id: only a pool of family uniswap_v4 has one`},
		"PoolCoins":           {alphaVault + contractBlock(oneAddress, "pool", "curve") + goodArchive, `coins: want the pool's coins in the order of coins(0)`},
		"PoolCoinForm":        {alphaVault + contractBlock(oneAddress, "pool", "curve") + "coins = [\"0x1\", \"0x2\"]\n" + goodArchive, `coins: want addresses`},
		"MarketCoins":         {alphaVault + contractBlock(oneAddress, "lending", "compound_v3") + "coins = [\"" + oneAddress + "\", \"" + oneAddress + "\"]\n" + goodArchive, `coins: want the token that it lends and nothing else, got 2`},
		"PoolCoinsElsewhere":  {alphaVault + contractBlock(oneAddress, "asset", "erc20") + "coins = [\"" + oneAddress + "\"]\n" + goodArchive, `coins: only a pool, a venue and a lending market have them`},
		"AccountForm":         {with("share_decimals = 18", "share_decimals = 18\naccounts = [\"0x1\"]"), `accounts: want addresses`},
		"ArchiveChain":        {alphaVault + goodArchive + "chain_id = -1\n", "chain_id: want 1 or more, got -1"},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := Parse("c.toml", "", []byte(c.text))
			if err == nil || !strings.Contains(err.Error(), c.want) {
				t.Errorf("error %v, want %q", err, c.want)
			}
			var refused *Error
			if !errors.As(err, &refused) {
				t.Errorf("error of type %T, want *Error", err)
			}
		})
	}
}

const oneAddress = "0x00000000000000000000000000000000000000c1"

func contractBlock(address, role, family string) string {
	return fmt.Sprintf("[[vault.contract]]\naddress = %q\nrole = %q\nfamily = %q\n", address, role, family)
}

func TestAllFaultsOfAConfigAreNamed(t *testing.T) {
	_, err := Parse("c.toml", "", []byte("max_pages = 0\n[[vault]]\n[[archive]]\n"))
	if n := strings.Count(err.Error(), "\n") + 1; n != 8 {
		t.Errorf("%d faults, want 8:\n%v", n, err)
	}
}

func TestNamesAreNoFormats(t *testing.T) {
	_, err := Parse("50%d.toml", "", []byte("max_pages = 0\n"+alphaVault+goodArchive))
	if want := "50%d.toml:1: max_pages: want 1 or more, got 0"; err == nil || err.Error() != want {
		t.Errorf("error %v, want %s", err, want)
	}
}

// TestNamesAndNotes: what people read is short, on one line and free of what acts on a
// terminal; the message names the line of the key.
func TestNamesAndNotes(t *testing.T) {
	long := strings.Repeat("é", LongestText+1)
	const contracts = "[[vault.contract]]\naddress = \"0x00000000000000000000000000000000000000B2\"\nrole = \"asset\"\nfamily = \"erc20\"\n"
	inline := alphaVault + "contract = [{address = \"0x00000000000000000000000000000000000000B2\", role = \"asset\", family = \"erc20\", name = \"A\"}]\nname = \"Alpha\"\n"
	second := strings.NewReplacer("alpha", "beta", "A1", "B1").Replace(alphaVault) + contracts
	for text, want := range map[string]string{
		alphaVault + "name = \"a\\u001b[31m\"\n" + goodArchive:                              `c.toml:10: vault "alpha": name: want one line of plain text, got the control or formatting character U+001B`,
		alphaVault + "name = \"" + long + "\"\n" + goodArchive:                              `c.toml:10: vault "alpha": name: want at most 200 characters, got 201`,
		alphaVault + "name = \"\"\"a\nb\"\"\"\n" + goodArchive:                              `c.toml:10: vault "alpha": name: want one line of plain text, got the control or formatting character U+000A`,
		alphaVault + "name = \"\u202egnp\"\n" + goodArchive:                                 `c.toml:10: vault "alpha": name: want one line of plain text, got the control or formatting character U+202E`,
		alphaVault + "name = \"a\u200b\"\n" + goodArchive:                                   `c.toml:10: vault "alpha": name: want one line of plain text, got the control or formatting character U+200B`,
		alphaVault + "name = \"a\U000e0041\"\n" + goodArchive:                               `c.toml:10: vault "alpha": name: want one line of plain text, got the control or formatting character U+E0041`,
		strings.Replace(alphaVault, `"USDC"`, `"US\u0000DC"`, 1) + goodArchive:              `c.toml:7: vault "alpha": asset_symbol: want one line`,
		alphaVault + contracts + contracts + "name = \"\\u0007\"\n" + goodArchive:           `c.toml:18: vault "alpha": contract "0x00000000000000000000000000000000000000B2": name: want one line`,
		inline + second + "name = \"\\u0007\"\n" + goodArchive:                              `c.toml:25: vault "beta": contract "0x00000000000000000000000000000000000000B2": name: want one line`,
		strings.Replace(inline, "A\"", "\\u0007\"", 1) + second + goodArchive:               `c.toml:10: vault "alpha": contract "0x00000000000000000000000000000000000000B2": name: want one line`,
		alphaVault + goodArchive + goodArchive + "chain_id = 1\nnote = \"\\u009b\"\n":       `c.toml:17: archive "good.csv": note: want one line of plain text, got the control or formatting character U+009B`,
		alphaVault + goodArchive + "[[benchmark]]\nname = \"b\"\nnote = \"" + long + "\"\n": `c.toml:15: benchmark "b": note: want at most 200 characters, got 201`,
	} {
		_, err := Parse("c.toml", "", []byte(text))
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s\ngot %v\nwant %s", text, err, want)
		}
	}
	if _, err := Parse("c.toml", "", []byte(alphaVault+"name = \""+long[len("é"):]+"\"\n"+goodArchive+"note = \"„Ω“ \U0001F642\"\n")); err != nil {
		t.Errorf("a name of %d characters and a note of many kinds: %v", LongestText, err)
	}
}
