package state

import (
	"testing"
	"time"

	"github.com/vaultperf/vaultperf/extract/extracttest"
	"github.com/vaultperf/vaultperf/extract/family"
	"github.com/vaultperf/vaultperf/extract/testchain"
	"github.com/vaultperf/vaultperf/sql/sqltest"
)

// BenchmarkStates reads five values a block over as many blocks as the chain has,
// into a database. The target is 3,000 blocks a second on two cores.
func BenchmarkStates(b *testing.B) {
	c, pool := extracttest.StartDevchain(b)
	v := c.Vault("synthetic-good")
	reads := []family.Read{
		{Name: "totalAssets"},
		{Name: "totalSupply"},
		{Name: "convertToAssets", TakesShares: true},
		{Name: "decimals"},
		{Name: "paused"},
	}
	for b.Loop() {
		s := &stateRun{
			conn: sqltest.OpenConn(b), node: pool, times: map[int64]time.Time{},
			opt:    Options{ChainID: testchain.ChainID, To: int64(c.Head)},
			vaults: []*scheduled{{vault: extracttest.DevVault(v)}},
		}
		s.caller = multicaller{node: pool, chainID: testchain.ChainID}
		for _, r := range reads {
			s.caller.targets = append(s.caller.targets, callTarget{read: r, to: v.Address, data: callData(r, 6, 18), argument: argumentOf(r, 6, 18)})
		}
		for n := int64(v.Deployed.Block) + 1; n <= int64(c.Head); n++ {
			s.times[n] = time.Unix(extracttest.GenesisTime+n, 0)
			for i := range reads {
				s.due = append(s.due, dueRead{n, i})
			}
		}
		if err := s.probe(b.Context()); err != nil {
			b.Fatal(err)
		}
		start := time.Now()
		if err := s.work(b.Context()); err != nil {
			b.Fatal(err)
		}
		b.ReportMetric(float64(s.count.Blocks)/time.Since(start).Seconds(), "blocks/s")
		if s.count.Failed > 0 {
			b.Fatalf("%d reads failed", s.count.Failed)
		}
	}
}
