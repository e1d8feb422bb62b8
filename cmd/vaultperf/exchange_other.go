//go:build !linux

package main

// exchange swaps two names, here not at once.
func exchange(from, to string) error {
	return exchangeByRenaming(from, to)
}
