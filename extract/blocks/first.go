package blocks

import (
	"context"
)

// First is the first block from low to high at which is holds. It must hold at high.
func First(ctx context.Context, low, high int64, is func(context.Context, int64) (bool, error)) (int64, error) {
	for low < high {
		middle := low + (high-low)/2
		ok, err := is(ctx, middle)
		switch {
		case err != nil:
			return 0, err
		case ok:
			high = middle
		default:
			low = middle + 1
		}
	}
	return low, nil
}
