package extract

import (
	"context"
	"database/sql"
	"fmt"
	"slices"
	"time"

	"github.com/vaultperf/vaultperf/extract/discover"
	"github.com/vaultperf/vaultperf/extract/family"
	"github.com/vaultperf/vaultperf/extract/fetch"
	"github.com/vaultperf/vaultperf/extract/prove"
	"github.com/vaultperf/vaultperf/extract/rpc"
	"github.com/vaultperf/vaultperf/extract/state"
	"github.com/vaultperf/vaultperf/extract/vault"
)

// A NodePlan is what a run would fetch from the node of a chain.
type NodePlan struct {
	ChainID   uint64
	Endpoints []string // masked, in the order of preference
	Final     uint64   // the last final block
	FinalAt   time.Time
	Work      []PlannedWork
	Steps     []PlannedStep // what the work takes, in order
	Unknown   []string      // vaults whose family a run would discover first; the plan does not cover them
}

// PlannedWork is a range of blocks for which the logs of some contracts are missing.
type PlannedWork struct {
	From, To  uint64 // both included
	Contracts int
}

// A PlannedStep is what one step expects to request, not counting retries.
type PlannedStep struct {
	Name     string // logs, states or proofs
	Requests int64
	Units    int64         // compute units of those, as Alchemy counts them
	Each     int64         // further requests for each block with logs; how many there are is not known before the logs are
	EachDay  int64         // further requests for each day since the first log, where that is not known yet
	Least    time.Duration // that the requests take under the rate limit; 0: no limit
}

// Assumptions of a plan: how many blocks most providers answer in one request, how many
// headers the search for a day's last block takes where blocks are evenly spaced, and
// the compute units of a request, from Alchemy's price list.
const (
	plannedBlocks = 10_000
	plannedSearch = 4
	unitsLogs     = 60
	unitsCall     = 26
	unitsBlock    = 20
)

// Plan says what Run would request from the nodes. It asks them for their chain, their
// last final block and the time of the first missing block, and writes nothing.
func Plan(ctx context.Context, db *sql.DB, opt Options) (plans []NodePlan, err error) {
	all, _, err := discover.Recall(ctx, db, opt.Vaults)
	if err != nil {
		return nil, fmt.Errorf("plan: %w", err)
	}
	r := &runner{db: db, opt: opt}
	for _, node := range opt.Nodes {
		vaults := discover.Vaults(discover.OnChain(all, node.ChainID))
		if len(vaults) == 0 {
			continue
		}
		plan, err := r.plan(ctx, node, vaults)
		if err != nil {
			return nil, asNodeError(ctx, node.ChainID, fmt.Errorf("plan: %w", err))
		}
		plans = append(plans, plan)
	}
	return plans, nil
}

func (r *runner) plan(ctx context.Context, node Node, vaults []vault.Vault) (plan NodePlan, err error) {
	link, err := r.dial(ctx, node)
	if err != nil {
		return plan, err
	}
	work, err := fetch.Missing(ctx, r.db, node.ChainID, link.head, vaults)
	if err != nil {
		return plan, err
	}
	p := planner{db: r.db, node: node, link: link, vaults: vaults}
	return p.plan(ctx, work)
}

// A planner plans the work with one chain's node.
type planner struct {
	db     *sql.DB
	node   Node
	link   dialedChain
	vaults []vault.Vault
}

func (n *planner) plan(ctx context.Context, work []fetch.WorkRange) (plan NodePlan, err error) {
	plan = NodePlan{
		ChainID: n.node.ChainID, Endpoints: n.link.pool.Endpoints(),
		Final: n.link.head.Number, FinalAt: time.Unix(n.link.head.Time, 0).UTC(),
	}
	for _, v := range n.vaults {
		if v.Family == discover.FamilyAuto {
			plan.Unknown = append(plan.Unknown, v.ID)
		}
	}
	logs := PlannedStep{Name: "logs"}
	for _, p := range work {
		requests := int64((p.Count() + plannedBlocks - 1) / plannedBlocks)
		headers := requests/10 + 1 // the last blocks of chunks
		logs.add(requests, unitsLogs)
		logs.add(headers, unitsBlock)
		plan.Work = append(plan.Work, PlannedWork{From: p.From, To: p.To, Contracts: len(p.Filters)})
	}
	if len(work) > 0 {
		plan.Steps = append(plan.Steps, logs)
	}
	if n.node.Archive {
		if plan.Steps, err = n.plannedStates(ctx, plan.Steps); err != nil {
			return plan, err
		}
	}
	if n.node.Verify > 0 {
		if plan.Steps, err = n.plannedProofs(ctx, plan.Steps); err != nil {
			return plan, err
		}
	}
	if len(work) == 0 { // then no new block has logs
		plan.Steps = slices.DeleteFunc(plan.Steps, func(s PlannedStep) bool { return s.Requests == 0 && s.EachDay == 0 })
	}
	if n.node.RequestsPerSecond > 0 {
		for i := range plan.Steps {
			s := &plan.Steps[i]
			s.Least = time.Duration(float64(s.Requests) / n.node.RequestsPerSecond * float64(time.Second))
		}
	}
	return plan, nil
}

func (s *PlannedStep) add(requests, units int64) {
	s.Requests += requests
	s.Units += requests * units
}

// plannedStates adds the search for each day's last block, the reads of all vaults at
// those blocks, and the reads at each block with logs.
func (n *planner) plannedStates(ctx context.Context, steps []PlannedStep) ([]PlannedStep, error) {
	from, err := n.begin(ctx, "raw.states where chain_id = $1 and status <> 'failed' and field not like 'proxy.%' and field not like 'code.%'")
	if err != nil || from > n.link.head.Number {
		return steps, err
	}
	reads := 0
	for _, v := range n.vaults {
		f, _ := family.Of(v.Family)
		reads += len(f.Price) + len(f.Daily)
	}
	calls := int64(max(1, (reads+state.MostCalls-1)/state.MostCalls))
	step := PlannedStep{Name: "states", Each: 1, EachDay: plannedSearch + calls}
	if at, isKnown := n.timeOf(ctx, from); isKnown {
		days := int64(time.Unix(n.link.head.Time, 0).Sub(at) / state.Day)
		step.EachDay = 0
		step.add(days*plannedSearch, unitsBlock)
		step.add(days*calls, unitsCall)
	}
	return append(steps, step), nil
}

// plannedProofs adds the headers, and from level 2 on the receipts, of the blocks with
// logs and of the sampled blocks without.
func (n *planner) plannedProofs(ctx context.Context, steps []PlannedStep) ([]PlannedStep, error) {
	from, err := n.begin(ctx, "raw.verified_blocks where chain_id = $1")
	if err != nil || from > n.link.head.Number {
		return steps, err
	}
	step := PlannedStep{Name: "proofs", Each: 1}
	if n.node.Verify >= 2 {
		step.Each++
	}
	others := int64(n.link.head.Number - from + 1)
	if others > prove.WholeSpan {
		others = 2 * prove.SampleSize
	}
	step.add(others, unitsBlock)
	return append(steps, step), nil
}

// begin is the block after the last one of the chain in a table, or else the first
// with a log, or else the first in the config; 0: not known.
func (n *planner) begin(ctx context.Context, table string) (uint64, error) {
	var from uint64
	err := n.db.QueryRowContext(ctx, `
select coalesce(
    (select max(block_number) + 1 from `+table+`),
    (select min(block_number) from raw.logs where chain_id = $1),
    0
)`, int64(n.node.ChainID)).Scan(&from)
	if err != nil || from > 0 {
		return from, err
	}
	from = n.vaults[0].StartBlock
	for _, v := range n.vaults {
		from = min(from, v.StartBlock)
	}
	return from, nil
}

// timeOf is a block's time, from the database or the node.
func (n *planner) timeOf(ctx context.Context, block uint64) (at time.Time, isKnown bool) {
	if block == 0 {
		return at, false
	}
	var stored sql.NullTime
	err := n.db.QueryRowContext(ctx, "select min(block_timestamp) from raw.headers where chain_id = ? and block_number >= ?",
		int64(n.node.ChainID), int64(block)).Scan(&stored)
	if err == nil && stored.Valid {
		return stored.Time, true
	}
	headers, err := rpc.FetchHeaders(ctx, n.link.pool, []int64{int64(block)})
	if err != nil {
		return at, false
	}
	return headers[0].At, true
}
