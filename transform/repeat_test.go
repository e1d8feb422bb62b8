package transform

import (
	"testing"
	"time"
)

// TestManyVaultsRepeatToTheLastBit runs a run of many vaults several times:
// sums that threads share out differently each time would differ in their last
// digit, and so would the files made of them.
func TestManyVaultsRepeatToTheLastBit(t *testing.T) {
	t.Parallel()
	if testing.Short() {
		t.Skip("three runs of 300 vaults")
	}
	db := database(t)
	fillReadings(t, db, 300)
	const digest = "select bit_xor(hash(performance)) from marts.performance"
	var first string
	for i := range 3 {
		if err := Run(t.Context(), db, Options{AsOf: time.Date(2024, 12, 31, 0, 0, 0, 0, time.UTC)}); err != nil {
			t.Fatal(err)
		}
		var got string
		if err := db.QueryRowContext(t.Context(), digest).Scan(&got); err != nil {
			t.Fatal(err)
		}
		if i == 0 {
			first = got
		}
		if got != first {
			t.Fatalf("run %d differs from the first", i+1)
		}
	}
}
