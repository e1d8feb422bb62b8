// Package crash lets the command end in order when any of its goroutines panics: Go
// itself ends the process with a trace on the terminal and exit code 2, which means
// wrong usage here.
package crash

import (
	"runtime/debug"
	"sync/atomic"
)

// A Handler is told what a goroutine panicked with, and its stack. It does not return.
type Handler func(value any, stack []byte)

var handler atomic.Pointer[Handler]

// Handle makes h the handler of all panics that Watch sees. Without one, as in most
// tests, they take their course.
func Handle(h Handler) { handler.Store(&h) }

// Watch is deferred as the first thing in every goroutine that this module starts.
func Watch() {
	value := recover()
	if value == nil {
		return
	}
	if h := handler.Load(); h != nil {
		(*h)(value, debug.Stack())
	}
	panic(value)
}
