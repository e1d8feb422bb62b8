// Package realvaults tests the command against the vaults' own code: it plays
// seeded days on a node of its own, asks the contracts what they answer, and
// compares that with what vaultperf publishes of them.
//
// A scenario is one file per family. What is known to be wrong today is listed in
// deviations_test.go, and a figure that is listed there and right is a failure too.
// No other party's code is kept here: OpenZeppelin's comes from npm, that of the
// other vaults from a folder next to the project, and a test skips where it is absent.
package realvaults
