// Package lists compares lists of sentences in tests.
package lists

import (
	"slices"
	"testing"
)

// Equal says where two lists of sentences first differ.
func Equal(t testing.TB, what string, got, want []string) {
	t.Helper()
	if len(want) == 0 {
		t.Errorf("%s: none", what)
	}
	if slices.Equal(got, want) {
		return
	}
	for i := range max(len(got), len(want)) {
		g, w := "nothing", "nothing"
		if i < len(got) {
			g = got[i]
		}
		if i < len(want) {
			w = want[i]
		}
		if g != w {
			t.Errorf("%s: %d and %d; number %d:\n got %s\nwant %s", what, len(got), len(want), i, g, w)
			return
		}
	}
}
