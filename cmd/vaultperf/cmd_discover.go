package main

import (
	"errors"
	"fmt"
	"io"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/pelletier/go-toml/v2"
	"github.com/spf13/cobra"

	"github.com/vaultperf/vaultperf/extract"
)

// discovery are the flags of discover.
type discovery struct {
	chain   int64
	address string
	urls    []string
}

func (a *app) discoverCommand() *cobra.Command {
	var d discovery
	cmd := &cobra.Command{
		Use:   "discover",
		Short: "Ask a node what a vault is, and print it as a config block",
		Args:  noArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			node, err := a.node(d)
			if err != nil {
				return err
			}
			found, err := extract.Discover(cmd.Context(), extract.Options{}, node, d.address)
			if err != nil {
				return fmt.Errorf("discover: %w", err)
			}
			return printDiscovery(a.std.out, found)
		},
	}
	flags := cmd.Flags()
	flags.Int64Var(&d.chain, "chain", 0, "the chain's `number`, 1 for Ethereum")
	flags.StringVar(&d.address, "address", "", "the vault's `address`")
	flags.StringArrayVar(&d.urls, "rpc", nil, "`URL` of an archive node, or env:NAME; may be given several times")
	flags.StringVar(&a.config, "config", "", "config `file` whose [[rpc]] for the chain is asked instead")
	return cmd
}

// node are the endpoints to ask: those of --rpc, else the config's.
func (a *app) node(d discovery) (extract.Node, error) {
	switch {
	case d.chain < 1:
		return extract.Node{}, usageErrorf("--chain: want the chain's number, 1 for Ethereum")
	case !addressForm.MatchString(d.address):
		return extract.Node{}, usageErrorf("--address: want 0x and 40 hex digits, got %q", d.address)
	case len(d.urls) > 0 == (a.config != ""):
		return extract.Node{}, usageErrorf("want --rpc or --config, and not both")
	}
	c := &Config{name: "--rpc", RPCs: []RPC{{ChainID: &d.chain, URLs: d.urls}}}
	if a.config != "" {
		var err error
		if c, err = readConfig(a.config); err != nil {
			return extract.Node{}, err
		}
	}
	faults := &faults{config: c}
	c.validateRPCs(faults)
	if err := errors.Join(faults.all...); err != nil {
		return extract.Node{}, &usageError{err}
	}
	nodes, err := c.nodes(false)
	if err != nil {
		return extract.Node{}, err
	}
	at := slices.IndexFunc(nodes, func(n extract.Node) bool { return n.ChainID == uint64(d.chain) })
	if at < 0 {
		return extract.Node{}, usageErrorf("%s: no [[rpc]] is of chain %d", a.config, d.chain)
	}
	return nodes[at], nil
}

// vaultBlock is a [[vault]] as it is printed. Numbers that may be zero are
// pointers, so that none is left out.
type vaultBlock struct {
	ID            string          `toml:"id"`
	Name          string          `toml:"name,omitempty"`
	ChainID       uint64          `toml:"chain_id"`
	Address       string          `toml:"address"`
	Family        string          `toml:"family"`
	AssetSymbol   string          `toml:"asset_symbol"`
	AssetDecimals int             `toml:"asset_decimals"`
	ShareDecimals int             `toml:"share_decimals"`
	Safe          string          `toml:"safe,omitempty"`
	StartBlock    int64           `toml:"start_block,omitempty"`
	Contracts     []contractBlock `toml:"contract,omitempty"`
}

type contractBlock struct {
	Address string `toml:"address"`
	Role    string `toml:"role"`
	Family  string `toml:"family"`
	Name    string `toml:"name,omitempty"`
}

var notInIDs = regexp.MustCompile(`[^a-z0-9._-]+`)

// printDiscovery writes a config block, and above it in comments what a config
// does not hold. What contracts call themselves is anybody's choice: it is made
// harmless, and the encoder quotes it.
func printDiscovery(out io.Writer, d extract.Discovery) error {
	block := vaultBlock{
		ID: discoveredID(d), Name: oneLine(d.Name), ChainID: d.ChainID, Address: d.Address, Family: d.Family,
		AssetSymbol: oneLine(d.AssetSymbol), AssetDecimals: d.AssetDecimals, ShareDecimals: d.ShareDecimals, Safe: d.Safe,
		StartBlock: d.StartBlock,
	}
	for _, c := range d.Contracts {
		block.Contracts = append(block.Contracts, contractBlock{c.Address, c.Role, c.Family, oneLine(c.Name)})
	}
	text, err := toml.Marshal(struct {
		Vaults []vaultBlock `toml:"vault"`
	}{[]vaultBlock{block}})
	if err != nil {
		return fmt.Errorf("write the config block: %w", err)
	}
	var head strings.Builder
	for _, line := range discoveryLines(d) {
		fmt.Fprintf(&head, "# %s\n", oneLine(line))
	}
	_, err = fmt.Fprintf(out, "%s%s", head.String(), text)
	return err
}

// discoveredID is the symbol as far as an id may hold it, else the address.
func discoveredID(d extract.Discovery) string {
	id := strings.Trim(notInIDs.ReplaceAllString(strings.ToLower(d.Symbol), "-"), ".-")
	if id == "" || len(id) > 40 {
		return d.Address
	}
	return id
}

func discoveryLines(d extract.Discovery) []string {
	version := d.Version
	if version == "" {
		version = "version not stated"
	}
	lines := []string{fmt.Sprintf("%s, %s, read at block %d", d.Family, version, d.Block)}
	if d.FirstBlock > 0 {
		lines = append(lines, fmt.Sprintf("first block %d, %s", d.FirstBlock, d.FirstAt.Format(time.RFC3339)))
	}
	switch p := d.Proxy; {
	case p.Beacon != "":
		lines = append(lines, fmt.Sprintf("code %s, named by the beacon %s", p.Implementation, p.Beacon))
	case p.Implementation != "":
		lines = append(lines, fmt.Sprintf("code %s, upgradable by %s", p.Implementation, orNobody(p.Admin)))
	}
	for _, u := range d.Proxy.Upgrades {
		lines = append(lines, fmt.Sprintf("upgrade at block %d to %s, logged by %s", u.Block, u.To, u.Logs))
	}
	if len(d.SafeOwners) > 0 {
		lines = append(lines, fmt.Sprintf("Safe: %d of %s", d.SafeThreshold, strings.Join(d.SafeOwners, ", ")))
	}
	for _, r := range d.Roles {
		lines = append(lines, fmt.Sprintf("%s: %s", r.Name, r.Holder))
	}
	for _, n := range d.Notes {
		lines = append(lines, "note: "+n)
	}
	return lines
}

func orNobody(address string) string {
	if address == "" {
		return "its own code"
	}
	return address
}
