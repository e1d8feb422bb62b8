package testchain

import (
	"bytes"
	"cmp"
	"compress/gzip"
	"context"
	"encoding/json"
	"fmt"
	"math/big"
	"os"
	"path/filepath"
	"slices"
	"time"

	"github.com/ethereum/go-ethereum"
	"github.com/ethereum/go-ethereum/common"
	"github.com/ethereum/go-ethereum/common/hexutil"
	"github.com/ethereum/go-ethereum/ethclient"
	"github.com/ethereum/go-ethereum/rpc"
)

// Names of the files that Export writes.
const (
	LogsFile     = "synthetic-logs.ndjson.gz"
	ReadingsFile = "synthetic-readings.csv.gz"
	ConfigFile   = "synthetic.toml"
)

// Exported are the ids of the vaults that Export writes.
var Exported = []string{"synthetic-good", "synthetic-bad"}

// Export writes what an archive of two of the vaults would hold, as the node gives
// it, into dir: every log of their contracts as raw eth_getLogs answers, one a
// line; assets and supply at each UTC day's last block from the first settlement;
// and a config that names them. The same chain gives the same bytes.
func (c *Chain) Export(ctx context.Context, dir string) error {
	for _, id := range Exported {
		if v := c.Vault(id); v == nil || v.StablePool == (common.Address{}) {
			return fmt.Errorf("export: the chain ends on %s, before %s has its markets", c.LastDay.Format(time.DateOnly), id)
		}
	}
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return fmt.Errorf("export: %w", err)
	}
	logs, err := c.ExportLogs(ctx, Exported...)
	if err != nil {
		return fmt.Errorf("export: %w", err)
	}
	client, err := rpc.DialContext(ctx, c.URL)
	if err != nil {
		return fmt.Errorf("export: %w", err)
	}
	defer client.Close()
	readings, err := c.exportReadings(ctx, ethclient.NewClient(client))
	if err != nil {
		return fmt.Errorf("export readings: %w", err)
	}
	for name, content := range map[string][]byte{LogsFile: logs, ReadingsFile: zip(readings), ConfigFile: c.config()} {
		if err := os.WriteFile(filepath.Join(dir, name), content, 0o644); err != nil {
			return fmt.Errorf("export: %w", err)
		}
	}
	return nil
}

func zip(content []byte) []byte {
	var buffer bytes.Buffer
	w, _ := gzip.NewWriterLevel(&buffer, gzip.BestCompression) // the level is one
	_, _ = w.Write(content)                                    // a buffer takes all
	_ = w.Close()
	return buffer.Bytes()
}

// A rawLog is a log as the node wrote it, and where it stands.
type rawLog struct {
	block, index uint64
	text         json.RawMessage
}

// ExportLogs is a gzipped file of all logs of the vaults' own contracts, and of those of
// contracts that others use too in which one of the vaults' accounts is a topic.
func (c *Chain) ExportLogs(ctx context.Context, ids ...string) ([]byte, error) {
	client, err := rpc.DialContext(ctx, c.URL)
	if err != nil {
		return nil, err
	}
	defer client.Close()
	logs, err := c.exportLogs(ctx, client, ids)
	if err != nil {
		return nil, fmt.Errorf("read logs: %w", err)
	}
	return zip(logs), nil
}

func (c *Chain) exportLogs(ctx context.Context, client *rpc.Client, ids []string) ([]byte, error) {
	var own, shared []common.Address
	var accounts []common.Hash
	for _, id := range ids {
		v := c.Vault(id)
		for _, k := range v.Contracts(c) {
			if k.Shared {
				shared = append(shared, k.Address)
			} else {
				own = append(own, k.Address)
			}
		}
		for _, account := range []common.Address{v.Address, v.Safe} {
			if account != (common.Address{}) {
				own, accounts = append(own, account), append(accounts, common.BytesToHash(account[:]))
			}
		}
	}
	unique := map[[2]uint64]rawLog{}
	ask := func(addresses []common.Address, topics []any) error {
		var answer []json.RawMessage
		filter := map[string]any{"fromBlock": "0x0", "toBlock": hexutil.EncodeUint64(c.Finalized), "address": addresses, "topics": topics}
		if err := client.CallContext(ctx, &answer, "eth_getLogs", filter); err != nil {
			return err
		}
		for _, text := range answer {
			var at struct{ BlockNumber, LogIndex hexutil.Uint64 }
			if err := json.Unmarshal(text, &at); err != nil {
				return err
			}
			unique[[2]uint64{uint64(at.BlockNumber), uint64(at.LogIndex)}] = rawLog{uint64(at.BlockNumber), uint64(at.LogIndex), text}
		}
		return nil
	}
	if err := ask(own, []any{}); err != nil {
		return nil, err
	}
	for place := 1; place <= 3; place++ {
		topics := make([]any, place+1)
		topics[place] = accounts
		if err := ask(shared, topics); err != nil {
			return nil, err
		}
	}
	all := make([]rawLog, 0, len(unique))
	for _, l := range unique {
		all = append(all, l)
	}
	slices.SortFunc(all, func(a, b rawLog) int {
		return cmp.Or(cmp.Compare(a.block, b.block), cmp.Compare(a.index, b.index))
	})
	var out bytes.Buffer
	for _, l := range all {
		if err := json.Compact(&out, l.text); err != nil {
			return nil, err
		}
		out.WriteByte('\n')
	}
	return out.Bytes(), nil
}

// exportReadings reads the contracts at each day's last block.
func (c *Chain) exportReadings(ctx context.Context, client *ethclient.Client) ([]byte, error) {
	all, err := contracts()
	if err != nil {
		return nil, err
	}
	methods := all["AsyncVault"].abi
	var out bytes.Buffer
	out.WriteString("vault,observed_at,block_number,total_assets,total_supply\n")
	for _, id := range Exported {
		v := c.Vault(id)
		for _, day := range v.Truth.Closes {
			if day.TotalSupply.Sign() == 0 {
				continue
			}
			fmt.Fprintf(&out, "%s,%s,%d", id, day.Time.Format(time.RFC3339), day.Block)
			for _, method := range []string{"totalAssets", "totalSupply"} {
				answer, err := client.CallContract(ctx, ethereum.CallMsg{To: &v.Address, Data: methods.Methods[method].ID}, new(big.Int).SetUint64(day.Block))
				if err != nil {
					return nil, fmt.Errorf("%s of %s at block %d: %w", method, id, day.Block, err)
				}
				fmt.Fprintf(&out, ",%d", new(big.Int).SetBytes(answer))
			}
			out.WriteByte('\n')
		}
	}
	return out.Bytes(), nil
}

// A Watched contract is one whose logs a vault's figures need, as a config names
// it.
type Watched struct {
	Address      common.Address
	Role, Family string
	Name         string
	Shared       bool
	Coins        []common.Address
}

// Contracts are those of a vault other than itself and its Safe.
func (v *Vault) Contracts(c *Chain) []Watched {
	if v.Accountant != (common.Address{}) {
		return []Watched{
			{v.Asset, "asset", "erc20", "rUSD", true, nil},
			{v.Accountant, "accountant", "veda_accountant", "accountant", false, nil},
			{v.Teller, "governor", "veda_teller", "teller", false, nil},
			{v.Bridge, "governor", "veda_teller", "teller", false, nil},
			{v.Authority, "governor", "veda_authority", "authority", false, nil},
			{v.Manager, "governor", "veda_manager", "manager", false, nil},
			{v.Queue, "governor", "veda_queue", "queue", false, nil},
		}
	}
	list := []Watched{{v.Asset, "asset", "erc20", "dUSD", true, nil}}
	for _, venue := range c.Venues {
		if slices.Contains(v.Venues, venue.Address) {
			list = append(list, Watched{venue.Address, "venue", "erc4626", venue.Name, true, nil})
		}
	}
	list = append(list,
		Watched{c.LendingPool, "lending", "aave_v3", "Dev Lending", true, nil},
		Watched{c.AToken, "lending", "aave_token", "Dev Lending supply", true, nil},
		Watched{c.DebtToken, "lending", "aave_token", "Dev Lending debt", true, nil},
		Watched{c.FeeRegistry, "governor", "lagoon_registry", "fee registry", false, nil})
	if v.Beacon != (common.Address{}) {
		list = append(list, Watched{v.Beacon, "beacon", "access", "beacon", false, nil})
	}
	if v.ProxyAdmin != (common.Address{}) {
		list = append(list, Watched{v.ProxyAdmin, "proxy_admin", "access", "proxy admin", false, nil})
	}
	if v.StablePool != (common.Address{}) {
		coins := []common.Address{v.Address, v.Asset}
		inOrder := slices.SortedFunc(slices.Values(coins), common.Address.Cmp)
		list = append(list,
			Watched{v.StablePool, "pool", "curve", "stable pool", false, coins},
			Watched{v.RangePool, "pool", "uniswap_v3", "ranged pool", false, inOrder})
	}
	return list
}

// config names the exported vaults as vaultperf's config does.
func (c *Chain) config() []byte {
	var out bytes.Buffer
	fmt.Fprintf(&out, "# Two synthetic vaults of the test chain (devchain --export): nobody's money.\n")
	fmt.Fprintf(&out, "as_of = %q\nrisk_free_rate = 0.043\n", c.LastDay.Format(time.DateOnly))
	for _, id := range Exported {
		v := c.Vault(id)
		fmt.Fprintf(&out, "\n[[vault]]\nid = %q\nname = \"%s (synthetic)\"\nchain_id = %d\naddress = %q\nfamily = %q\n",
			v.ID, v.Name, ChainID, v.Address, v.Family)
		fmt.Fprintf(&out, "asset_symbol = \"dUSD\"\nasset_decimals = %d\nshare_decimals = %d\nsafe = %q\n",
			v.AssetDecimals, v.ShareDecimals, v.Safe)
		for _, k := range v.Contracts(c) {
			fmt.Fprintf(&out, "[[vault.contract]]\naddress = %q\nrole = %q\nfamily = %q\nname = %q\n", k.Address, k.Role, k.Family, k.Name)
			if k.Shared {
				out.WriteString("shared = true\n")
			}
			if len(k.Coins) > 0 {
				fmt.Fprintf(&out, "coins = [%q, %q]\n", k.Coins[0], k.Coins[1])
			}
		}
	}
	const note = "synthetic: made by vaultperf's test chain, nobody's money"
	fmt.Fprintf(&out, "\n[[archive]]\npath = %q\nchain_id = %d\ncomplete = true\nnote = %q\n", LogsFile, ChainID, note)
	fmt.Fprintf(&out, "\n[[archive]]\npath = %q\nnote = %q\n", ReadingsFile, note)
	return out.Bytes()
}
