// Devchain serves a deterministic test chain of two years with vaults whose whole
// history is known, by go-ethereum's own JSON-RPC service:
//
//	devchain [--addr HOST:PORT]    until it is interrupted
//	devchain --export DIR          the archive of two of its vaults, then ends
//
// --seed makes another chain, --until one that ends earlier.
//
// It prints the vaults' addresses and the incidents built into them.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"strings"
	"syscall"
	"time"

	"github.com/ethereum/go-ethereum/common"

	"github.com/vaultperf/vaultperf/extract/testchain"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	err := run(ctx, os.Args[1:], os.Stdout, os.Stderr)
	stop()
	switch {
	case errors.Is(err, flag.ErrHelp):
	case err != nil:
		fmt.Fprintln(os.Stderr, "devchain:", err)
		os.Exit(1)
	}
}

// run is the command but for its process; it ends when ctx does.
func run(ctx context.Context, args []string, out, messages io.Writer) (err error) {
	flags := flag.NewFlagSet("devchain", flag.ContinueOnError)
	flags.SetOutput(messages)
	addr := flags.String("addr", "127.0.0.1:8545", "serve at this `host:port`; port 0 is a free one")
	seed := flags.Uint64("seed", 0, "another seed, another chain")
	until := flags.String("until", "", "end the history after this `day`, as 2023-12-31 (default: two years)")
	dir := flags.String("export", "", "write the archive of two vaults into this `folder` and end")
	if err := flags.Parse(args); err != nil {
		return err
	}
	if flags.NArg() > 0 {
		return fmt.Errorf("unexpected argument %q", flags.Arg(0))
	}
	opt := testchain.Options{Seed: *seed, Addr: *addr}
	if *until != "" {
		if opt.Until, err = time.Parse(time.DateOnly, *until); err != nil {
			return fmt.Errorf("until: want a day as 2023-12-31, got %q", *until)
		}
	}
	if *dir != "" {
		opt.Addr = ""
	}
	c, err := testchain.Start(ctx, opt)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, c.Close()) }()
	if *dir != "" {
		if _, err := fmt.Fprintf(out, "tip %s\n", c.Tip); err != nil {
			return err
		}
		return c.Export(ctx, *dir)
	}
	if _, err := io.WriteString(out, describe(c)); err != nil {
		return err
	}
	<-ctx.Done()
	return nil
}

// describe says what stands where.
func describe(c *testchain.Chain) string {
	var out strings.Builder
	fmt.Fprintf(&out, "chain %d, %d blocks, %d transactions, %d logs, tip %s\n", testchain.ChainID, c.Head, c.Transactions, c.Logs, c.Tip)
	fmt.Fprintf(&out, "finalized %d, safe %d, last day %s\n", c.Finalized, c.Safe, c.LastDay.Format("2006-01-02"))
	fmt.Fprintf(&out, "asset %s, lending pool %s, multicall %s\n", c.Asset, c.LendingPool, testchain.Multicall3)
	for _, v := range c.Vaults {
		fmt.Fprintf(&out, "\n%s %s, block %d", v.ID, v.Address, v.Deployed.Block)
		if v.Safe != (common.Address{}) {
			fmt.Fprintf(&out, ", safe %s", v.Safe)
		}
		fmt.Fprintf(&out, "\n  %d settlements, %d flows, %d trades, %d changes\n",
			len(v.Truth.Settlements), len(v.Truth.Flows), len(v.Truth.Trades), len(v.Truth.Changes))
		for _, n := range v.Truth.Incidents {
			fmt.Fprintf(&out, "  %-18s block %d, %s: %s\n", n.Kind, n.From.Block, n.From.Time.Format("2006-01-02"), n.Note)
		}
	}
	fmt.Fprintf(&out, "\n%s\n", c.URL)
	return out.String()
}
