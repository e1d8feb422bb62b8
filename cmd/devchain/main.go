// Devchain serves a deterministic test chain of two years with vaults whose whole
// history is known, by go-ethereum's real JSON-RPC service:
//
//	devchain [--addr HOST:PORT] [--seed N]    until it is interrupted
//	devchain --export DIR                     its archived logs and readings, then ends
//
// It prints the addresses of the vaults and the incidents built into them.
package main

import (
	"context"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"syscall"

	"github.com/vaultperf/vaultperf/cmd/devchain/chain"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	if err := run(ctx, os.Args[1:], os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, "devchain:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context, args []string, out io.Writer) error {
	flags := flag.NewFlagSet("devchain", flag.ContinueOnError)
	addr := flags.String("addr", "127.0.0.1:8545", "serve at this host and port")
	seed := flags.Uint64("seed", 0, "another seed, another chain")
	if err := flags.Parse(args); err != nil {
		return err
	}
	c, err := chain.Start(ctx, chain.Options{Seed: *seed, Addr: *addr})
	if err != nil {
		return err
	}
	fmt.Fprintf(out, "%s chain %d head %d tip %s\n", c.URL, chain.ChainID, c.Head, c.Tip)
	for _, v := range c.Vaults {
		fmt.Fprintln(out, v.ID, v.Address, v.Safe, len(v.Truth.Settlements))
	}
	<-ctx.Done()
	return c.Close()
}
