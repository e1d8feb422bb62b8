package main

import (
	"fmt"
	"os"
	"path/filepath"
	"runtime/debug"

	"github.com/vaultperf/vaultperf/cmd/vaultperf/publish"
	"github.com/vaultperf/vaultperf/crash"
)

// endOnPanic makes a panic of any other goroutine end the process as one of the main
// goroutine does.
func (a *app) endOnPanic() {
	crash.Handle(func(value any, stack []byte) {
		a.panicked(value, stack)
		os.Exit(exitFailed)
	})
}

// panicked says in one line that the command is at fault, and leaves the trace in a file
// for whoever mends it.
func (a *app) panicked(value any, stack []byte) {
	const mostShown = 200
	what := []rune(oneLine(fmt.Sprint(value)))
	if len(what) > mostShown {
		what = append(what[:mostShown], '…')
	}
	where, err := a.writeTrace(fmt.Appendf(nil, "vaultperf %s\npanic: %v\n\n%s", version(), value, stack))
	if err != nil {
		a.complain(fmt.Errorf("internal error: %s (its trace cannot be written: %w)", string(what), err))
		return
	}
	a.complain(fmt.Errorf("internal error: %s; its trace is in %s", string(what), where))
}

// writeTrace writes a trace under .work, or among the system's temporary files where there
// is no out folder, as most commands need none, or it cannot be written.
func (a *app) writeTrace(text []byte) (path string, err error) {
	if info, err := os.Stat(a.out); err == nil && info.IsDir() {
		folder := publish.Folder(a.out).Work()
		if err := os.MkdirAll(folder, 0o755); err == nil {
			if path, err = a.writeTraceIn(folder, text); err == nil {
				return path, nil
			}
		}
	}
	return a.writeTraceIn(os.TempDir(), text)
}

func (a *app) writeTraceIn(folder string, text []byte) (path string, err error) {
	f, err := os.CreateTemp(folder, "trace-"+a.now.Format("20060102T150405Z")+"-*.txt")
	if err != nil {
		return "", err
	}
	if _, err := f.Write(text); err != nil {
		_ = f.Close()
		return "", err
	}
	return filepath.ToSlash(f.Name()), f.Close()
}

// recovered turns a panic of the main goroutine into its exit code; it is deferred.
func (a *app) recovered(code *int) {
	if value := recover(); value != nil {
		a.panicked(value, debug.Stack())
		*code = exitFailed
	}
}
