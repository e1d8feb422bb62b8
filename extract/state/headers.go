package state

import (
	"context"
	"database/sql"

	"github.com/vaultperf/vaultperf/extract/rpc"
	models "github.com/vaultperf/vaultperf/sql"
)

// WriteHeaders adds headers that are not in raw.headers yet.
func WriteHeaders(ctx context.Context, conn *sql.Conn, chainID uint64, headers []rpc.Header) error {
	if len(headers) == 0 {
		return nil
	}
	return models.Append(ctx, conn, "raw", "headers", func(add func(values ...any) error) error {
		for _, h := range headers {
			err := add(int64(chainID), h.Number, h.Hash[:], h.Parent[:], h.ReceiptsRoot[:], h.At, h.IsRecomputed)
			if err != nil {
				return err
			}
		}
		return nil
	})
}
