package extract

import (
	"context"
	"database/sql"
	"fmt"
	"time"
)

// A NodePlan is what a night would fetch from the node of a chain.
type NodePlan struct {
	ChainID   uint64
	Endpoints []string // masked, in the order of preference
	Final     uint64   // the last final block
	FinalAt   time.Time
	Work      []PlannedWork
	Requests  int64         // expected, without refusals
	Units     int64         // compute units of those, as Alchemy counts them
	Least     time.Duration // that the rate limit makes of them; 0: no limit
}

// PlannedWork is blocks of which some contracts lack logs.
type PlannedWork struct {
	From, To  uint64 // both included
	Contracts int
}

// What a plan is reckoned with: blocks that most providers answer at once, and
// the compute units of a request.
const (
	plannedBlocks = 10_000
	unitsLogs     = 75
	unitsBlock    = 16
)

// PlanNodes says what Run would ask of the nodes. It asks them for their chain
// and their last final block, and writes nothing.
func PlanNodes(ctx context.Context, db *sql.DB, opt Options) (plans []NodePlan, err error) {
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
	for _, p := range work {
		requests := int64((p.blocks() + plannedBlocks - 1) / plannedBlocks)
		headers := requests/10 + 1 // the last blocks of units
		plan.Requests += requests + headers
		plan.Units += requests*unitsLogs + headers*unitsBlock
		plan.Work = append(plan.Work, PlannedWork{From: p.from, To: p.to, Contracts: len(p.filters)})
	}
	if node.RequestsPerSecond > 0 {
		plan.Least = time.Duration(float64(plan.Requests) / node.RequestsPerSecond * float64(time.Second))
	}
	return plan, nil
}
