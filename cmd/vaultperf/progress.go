package main

import (
	"os"
	"time"

	"github.com/schollz/progressbar/v3"
	"golang.org/x/term"
)

// A bar shows a stage's progress on a terminal. Elsewhere it shows nothing, and the
// stage's line in the log has to do.
type bar struct{ inner *progressbar.ProgressBar }

func (a *app) progress(stage string, isBytes bool) *bar {
	file, ok := a.std.err.(*os.File)
	if !ok || !term.IsTerminal(int(file.Fd())) {
		return &bar{}
	}
	return &bar{progressbar.NewOptions64(-1,
		progressbar.OptionSetDescription(stage),
		progressbar.OptionSetWriter(file),
		progressbar.OptionShowBytes(isBytes),
		progressbar.OptionThrottle(100*time.Millisecond),
		progressbar.OptionClearOnFinish(),
	)}
}

// set moves the bar to done of total.
func (b *bar) set(done, total int64) {
	if b.inner == nil {
		return
	}
	if total > 0 && b.inner.GetMax64() != total {
		b.inner.ChangeMax64(total)
	}
	_ = b.inner.Set64(done) // a bar that cannot be drawn is no reason to stop
}

func (b *bar) done() {
	if b.inner != nil {
		_ = b.inner.Finish()
	}
}
