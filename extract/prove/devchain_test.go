package prove

import (
	"fmt"
	"regexp"
	"testing"
	"time"

	"github.com/vaultperf/vaultperf/extract/extracttest"
	"github.com/vaultperf/vaultperf/extract/state"
	"github.com/vaultperf/vaultperf/extract/testchain"
)

func TestDevchainIsProved(t *testing.T) {
	c, pool := extracttest.StartDevchain(t)
	db, vaults := extracttest.DevHistory(t, c)
	if _, err := state.Read(t.Context(), db, pool, state.Options{ChainID: testchain.ChainID, Vaults: vaults, To: int64(c.Head)}); err != nil {
		t.Fatal(err)
	}
	options := Options{ChainID: testchain.ChainID, Vaults: vaults, To: int64(c.Head), Level: 3}
	// of a history that is too long for it, not every block is looked at
	short := options
	short.whole = 500
	all, err := Verify(t.Context(), db, pool, short)
	if err != nil {
		t.Fatal(err)
	}
	for _, v := range all {
		if v.Level == "L2" && (v.Verdict != Checked || !regexp.MustCompile(`; \d+ of \d+ other blocks looked at`).MatchString(v.Detail)) {
			t.Errorf("sampled: %+v, want it checked", v)
		}
	}
	start := time.Now()
	if all, err = Verify(t.Context(), db, pool, options); err != nil {
		t.Fatal(err)
	}
	t.Logf("every block looked at in %s", time.Since(start))
	for i := range vaults {
		part := all[4*i : 4*i+4]
		if got := verdicts(part); got != allProved {
			t.Errorf("%s: %s\n%+v", vaults[i].ID, got, part)
		}
	}
	before := pool.Stats().Requests
	count, err := state.Read(t.Context(), db, pool, state.Options{ChainID: testchain.ChainID, Vaults: vaults, To: int64(c.Head)})
	if err != nil || count != (state.Count{}) {
		t.Errorf("a second reading did %+v, %v", count, err)
	}
	if _, err := Verify(t.Context(), db, pool, options); err != nil {
		t.Error(err)
	}
	if after := pool.Stats().Requests; after != before {
		t.Errorf("a second run sent %d requests", after-before)
	}

	// a settlement whose supply is not the sum, and one whose assets are not the vault's
	for column, word := range map[string]int{"assets": 0, "supply": 1} {
		good := c.Vault("synthetic-good")
		s := good.Truth.Settlements[len(good.Truth.Settlements)/2]
		_, err := db.ExecContext(t.Context(), `
create or replace temp table kept as select * from raw.logs;
update raw.logs set data = unhex(left(hex(data), `+fmt.Sprint(64*word+62)+`) || 'AB' || substr(hex(data), `+fmt.Sprint(64*word+65)+`))
where block_number = `+fmt.Sprint(s.Block)+` and length(hex(data)) = 256 and hex(topic0) ilike '26be8b1a%' or block_number = `+fmt.Sprint(s.Block)+` and length(hex(data)) = 256 and hex(topic0) ilike 'a8fe241e%'`)
		if err != nil {
			t.Fatal(err)
		}
		all, err := Verify(t.Context(), db, pool, options)
		if err != nil {
			t.Fatal(err)
		}
		for _, v := range all {
			if v.VaultID == good.ID && v.Level == "L3" && (v.Verdict != Unproved || v.FaultBlock != int64(s.Block)) {
				t.Errorf("a settlement's %s changed: %+v, want a fault at %d", column, v, s.Block)
			}
		}
		if _, err := db.ExecContext(t.Context(), "delete from raw.logs; insert into raw.logs select * from temp.kept"); err != nil {
			t.Fatal(err)
		}
	}
}
