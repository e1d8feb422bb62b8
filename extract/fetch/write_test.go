package fetch

import (
	"math/rand/v2"
	"reflect"
	"testing"
	"time"

	"github.com/vaultperf/vaultperf/extract/rpc"
)

// TestLogRowsDoNotDependOnTheOneBefore makes rows of logs that have much in common,
// and wants each as a row of its own would be.
func TestLogRowsDoNotDependOnTheOneBefore(t *testing.T) {
	rng := rand.New(rand.NewPCG(5, 6))
	any2 := func() byte { return byte(rng.IntN(2)) }
	var r logRow
	for range 5000 {
		l := &rpc.Log{
			Block: uint64(any2()), Index: uint64(any2()), TxIndex: uint64(any2()), Time: 1_700_000_000 + int64(any2()),
			BlockHash: rpc.Word{any2()}, TxHash: rpc.Word{any2()}, Address: rpc.Address{any2()},
			TopicCount: rng.IntN(5), Data: []byte{any2()},
		}
		want := []any{
			int64(7), int64(l.Block), int64(l.Index), l.BlockHash[:], time.Unix(l.Time, 0).UTC(), l.TxHash[:],
			int64(l.TxIndex), l.Address[:], nil, nil, nil, nil, l.Data, int32(3),
		}
		for k := range l.TopicCount {
			l.Topics[k] = rpc.Word{any2()}
			want[8+k] = l.Topics[k][:]
		}
		err := r.add(func(got ...any) error {
			if !reflect.DeepEqual(got, want) {
				t.Fatalf("got %v, want %v", got, want)
			}
			return nil
		}, 7, l, 3)
		if err != nil {
			t.Fatal(err)
		}
	}
}
