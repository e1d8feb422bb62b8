// Vaultperf turns the archived history of vaults into performance figures and
// reports: a batch job, run once a day or again for any past date.
//
//	vaultperf run        extract, transform and report in one go
//	vaultperf extract    archived files and nodes into the working database
//	vaultperf transform  prices, returns and metrics from what was extracted
//	vaultperf report     pages and workbooks, then publish them
//	vaultperf sql        query the published database
//	vaultperf discover   ask a node what a vault is, and print it as config
//	vaultperf version    what this binary is made of
//
// Everything it writes is in one folder, --out. Pages, workbooks, the manifest
// run.json and the database vaultperf.duckdb appear there only once they are
// complete; the folder .work in it is private to the command. Results go to stdout,
// progress and messages to stderr as text.
//
// Exit codes: 0 done; 1 failed, input was refused, or an internal error; 2 wrong usage
// or config; 3 done, but rows were set aside or a vault has no reading; 4 a check
// failed; 5 another process holds the out folder or the database; 6 a chain's
// endpoints cannot be used. After 1, 2, 4, 5 and 6 what was published before is untouched.
package main

import (
	"context"
	"io"
	"os"
	"os/signal"
	"syscall"
	"time"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	context.AfterFunc(ctx, stop) // a second signal ends the process at once
	a := newApp(streams{os.Stdin, os.Stdout, os.Stderr}, time.Now())
	a.endOnPanic()
	os.Exit(a.execute(ctx, os.Args[1:]))
}

// streams are where a command reads and writes.
type streams struct {
	in       io.Reader
	out, err io.Writer
}

// vaultperf is the whole command except for the process around it: it returns the
// exit code. now is the only clock.
func vaultperf(ctx context.Context, args []string, std streams, now time.Time) int {
	return newApp(std, now).execute(ctx, args)
}

func newApp(std streams, now time.Time) *app { return &app{std: std, now: now.UTC()} }

func (a *app) execute(ctx context.Context, args []string) (code int) {
	defer a.recovered(&code)
	root := a.command()
	root.SetArgs(args)
	root.SetIn(a.std.in)
	root.SetOut(a.std.out)
	root.SetErr(a.std.err)
	if err := root.ExecuteContext(ctx); err != nil {
		a.complain(err)
		return exitCode(err)
	}
	return a.code
}
