package extracttest

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"math/big"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/ethereum/go-ethereum"
	"github.com/ethereum/go-ethereum/common"
	"github.com/ethereum/go-ethereum/ethclient"

	"github.com/vaultperf/vaultperf/extract/rpc"
	"github.com/vaultperf/vaultperf/extract/testchain"
	"github.com/vaultperf/vaultperf/extract/vault"
	"github.com/vaultperf/vaultperf/sql/sqltest"
)

// twoYears is the test chain of two years, made once for all tests.
var twoYears = sync.OnceValues(func() (*testchain.Chain, error) { return testchain.Start(context.Background(), testchain.Options{}) })

// StartDevchain is the test chain of two years, which all tests share, and a pool of its
// node. The test is skipped where the contracts are not compiled, and under the race
// detector.
func StartDevchain(t testing.TB) (*testchain.Chain, *rpc.Pool) {
	t.Helper()
	if RaceDetector {
		t.Skip("the EVM is too slow under the race detector; make test runs this without it")
	}
	c, err := twoYears()
	if errors.Is(err, testchain.ErrNotCompiled) {
		t.Skip(err)
	}
	if err != nil {
		t.Fatal(err)
	}
	pool, err := rpc.Dial(t.Context(), rpc.Options{ChainID: testchain.ChainID, URLs: []string{c.URL}})
	if err != nil {
		t.Fatal(err)
	}
	return c, pool
}

// DevVault is the configuration of one of its vaults.
func DevVault(v *testchain.Vault) vault.Vault {
	lower := func(a common.Address) string {
		if a == (common.Address{}) {
			return ""
		}
		return strings.ToLower(a.Hex())
	}
	return vault.Vault{
		ID: v.ID, Name: v.Name, ChainID: testchain.ChainID, Address: lower(v.Address), Family: v.Family, AssetSymbol: "USD",
		AssetDecimals: v.AssetDecimals, ShareDecimals: v.ShareDecimals, Safe: lower(v.Safe),
	}
}

// DevHistory is a database with the logs of all vaults and their Safes.
func DevHistory(t testing.TB, c *testchain.Chain) (*sql.DB, []vault.Vault) {
	t.Helper()
	db := sqltest.Open(t)
	client, err := ethclient.DialContext(t.Context(), c.URL)
	if err != nil {
		t.Fatal(err)
	}
	defer client.Close()
	var vaults []vault.Vault
	var contracts []common.Address
	for _, v := range c.Vaults {
		vaults = append(vaults, DevVault(v))
		contracts = append(contracts, v.Address)
		if v.Safe != (common.Address{}) {
			contracts = append(contracts, v.Safe)
		}
		HoldWhole(t, db, v.Address, c.Head)
	}
	logs, err := client.FilterLogs(t.Context(), ethereum.FilterQuery{FromBlock: new(big.Int), ToBlock: new(big.Int).SetUint64(c.Head), Addresses: contracts})
	if err != nil {
		t.Fatal(err)
	}
	AppendLogs(t, db, logs)
	return db, vaults
}

// SafeNow are a Safe's owners and threshold, after all that changed.
func SafeNow(v *testchain.Vault) (owners, threshold string) {
	var list []string
	for _, o := range v.SafeOwners {
		list = append(list, strings.ToLower(o.Hex()))
	}
	threshold = fmt.Sprint(v.SafeThreshold)
	for _, c := range v.Truth.Changes {
		switch c.Event {
		case "ChangedThreshold":
			threshold = c.After
		case "AddedOwner":
			list = append(list, strings.ToLower(c.After))
		case "RemovedOwner":
			list = slices.DeleteFunc(list, func(o string) bool { return o == strings.ToLower(c.Before) })
		}
	}
	return strings.Join(list, " "), threshold
}
