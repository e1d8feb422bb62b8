package extract

import (
	"context"
	"database/sql"
	"fmt"
	"slices"
	"time"
)

// A NodePlan is what a night would fetch from the node of a chain.
type NodePlan struct {
	ChainID   uint64
	Endpoints []string // masked, in the order of preference
	Final     uint64   // the last final block
	FinalAt   time.Time
	Work      []PlannedWork
	Steps     []PlannedStep // what the work takes, in order
	Unknown   []string      // vaults whose family is found out first, which this plan has not done
}

// PlannedWork is blocks of which some contracts lack logs.
type PlannedWork struct {
	From, To  uint64 // both included
	Contracts int
}

// A PlannedStep is what one step expects to ask for, without refusals.
type PlannedStep struct {
	Name     string // logs, states or proofs
	Requests int64
	Units    int64         // compute units of those, as Alchemy counts them
	Each     int64         // further requests for each block with logs, whose number only the logs say
	Least    time.Duration // that the rate limit makes of the requests; 0: no limit
}

// What a plan is reckoned with: blocks that most providers answer at once, headers
// that the search for a day's last block takes where blocks come evenly, and the
// compute units of a request, from Alchemy's price list.
const (
	plannedBlocks = 10_000
	plannedSearch = 4
	unitsLogs     = 60
	unitsCall     = 26
	unitsBlock    = 20
)

// PlanNodes says what Run would ask of the nodes. It asks them for their chain,
// their last final block and the time of the first that is missing, and writes
// nothing.
func PlanNodes(ctx context.Context, db *sql.DB, opt Options) (plans []NodePlan, err error) {
	opt.Vaults = slices.Clone(opt.Vaults)
	for i := range opt.Vaults {
		v := &opt.Vaults[i]
		if v.Family != FamilyAuto {
			continue
		}
		if _, err := recall(ctx, db, v); err != nil {
			return nil, fmt.Errorf("plan: find the family of vault %s: %w", v.ID, err)
		}
	}
	for _, node := range opt.Nodes {
		vaults := vaultsOf(opt.Vaults, node.ChainID)
		if len(vaults) == 0 {
			continue
		}
		plan, err := planNode(ctx, db, opt, node, vaults)
		if err != nil {
			return nil, asNodeError(ctx, node.ChainID, fmt.Errorf("plan: %w", err))
		}
		plans = append(plans, plan)
	}
	return plans, nil
}

func planNode(ctx context.Context, db *sql.DB, opt Options, node Node, vaults []Vault) (plan NodePlan, err error) {
	n, err := dialNode(ctx, db, opt, node, vaults)
	if err != nil {
		return plan, err
	}
	work, err := n.missing(ctx)
	if err != nil {
		return plan, err
	}
	plan = NodePlan{ChainID: node.ChainID, Endpoints: n.pool.Endpoints(), Final: n.head.Number, FinalAt: time.Unix(n.head.Time, 0).UTC()}
	for _, v := range vaults {
		if v.Family == FamilyAuto {
			plan.Unknown = append(plan.Unknown, v.ID)
		}
	}
	if len(work) == 0 {
		return plan, nil
	}
	logs := PlannedStep{Name: "logs"}
	from := n.head.Number
	for _, p := range work {
		from = min(from, p.from)
		requests := int64((p.blocks() + plannedBlocks - 1) / plannedBlocks)
		headers := requests/10 + 1 // the last blocks of units
		logs.add(requests, unitsLogs)
		logs.add(headers, unitsBlock)
		plan.Work = append(plan.Work, PlannedWork{From: p.from, To: p.to, Contracts: len(p.filters)})
	}
	plan.Steps = append(plan.Steps, logs)
	if node.Archive {
		states, err := n.plannedStates(ctx, from)
		if err != nil {
			return plan, err
		}
		plan.Steps = append(plan.Steps, states)
	}
	if node.Verify > 0 {
		plan.Steps = append(plan.Steps, n.plannedProofs(from))
	}
	if node.RequestsPerSecond > 0 {
		for i := range plan.Steps {
			s := &plan.Steps[i]
			s.Least = time.Duration(float64(s.Requests) / node.RequestsPerSecond * float64(time.Second))
		}
	}
	return plan, nil
}

func (s *PlannedStep) add(requests, units int64) {
	s.Requests += requests
	s.Units += requests * units
}

// plannedStates are the search for each day's last block and one read of all vaults
// there, and one at each block with logs.
func (n *chain) plannedStates(ctx context.Context, from uint64) (PlannedStep, error) {
	step := PlannedStep{Name: "states", Each: 1}
	headers, err := fetchHeaders(ctx, n.pool, []int64{int64(from)})
	if err != nil {
		return step, err
	}
	days := int64(time.Unix(n.head.Time, 0).Sub(headers[0].at) / day)
	step.add(days*plannedSearch, unitsBlock)
	step.add(days, unitsCall)
	return step, nil
}

// plannedProofs are the headers, from level 2 on the receipts too, of blocks with
// logs, and of those without that are looked at.
func (n *chain) plannedProofs(from uint64) PlannedStep {
	step := PlannedStep{Name: "proofs", Each: 1}
	if n.node.Verify >= 2 {
		step.Each++
	}
	others := int64(n.head.Number - from + 1)
	if others > wholeSpan {
		others = 2 * sampleSize
	}
	step.add(others, unitsBlock)
	return step
}
