package main

import (
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/vaultperf/vaultperf/cmd/vaultperf/config"
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
	flags.StringArrayVar(&d.urls, "rpc", nil, "`URL` of an archive node, or env:NAME; may be repeated")
	flags.StringVar(&a.config, "config", "", "config `file` whose [[rpc]] for the chain is used instead")
	return cmd
}

// node is the node to ask: that of --rpc, or else the config's.
func (a *app) node(d discovery) (extract.Node, error) {
	switch {
	case d.chain < 1:
		return extract.Node{}, usageErrorf("--chain: want the chain's number, 1 for Ethereum")
	case !config.IsAddress(d.address):
		return extract.Node{}, usageErrorf("--address: want 0x and 40 hex digits, got %q", d.address)
	case len(d.urls) > 0 == (a.config != ""):
		return extract.Node{}, usageErrorf("want --rpc or --config, and not both")
	}
	if a.config == "" {
		return config.Node("--rpc", d.chain, d.urls)
	}
	c, err := config.Read(a.config)
	if err != nil {
		return extract.Node{}, err
	}
	nodes, err := c.Nodes(false)
	if err != nil {
		return extract.Node{}, err
	}
	at := slices.IndexFunc(nodes, func(n extract.Node) bool { return n.ChainID == uint64(d.chain) })
	if at < 0 {
		return extract.Node{}, usageErrorf("%s: no [[rpc]] is of chain %d", a.config, d.chain)
	}
	return nodes[at], nil
}

// printDiscovery writes a config block, preceded by comments for what a config has
// no key for. Anybody can choose what a contract calls itself, so control characters
// are removed from names, which are cut to what a config takes, and the encoder quotes
// them.
func printDiscovery(out io.Writer, d extract.Discovery) error {
	lines := discoveryLines(d)
	d.Name, d.AssetSymbol = configName(d.Name), configName(d.AssetSymbol)
	d.Contracts = slices.Clone(d.Contracts)
	for i := range d.Contracts {
		d.Contracts[i].Name = configName(d.Contracts[i].Name)
	}
	block, err := config.Block(d)
	if err != nil {
		return err
	}
	var head strings.Builder
	for _, line := range lines {
		fmt.Fprintf(&head, "# %s\n", oneLine(line))
	}
	_, err = fmt.Fprintf(out, "%s%s", head.String(), block)
	return err
}

// configName is a name as a config takes it.
func configName(text string) string {
	runes := []rune(oneLine(text))
	return string(runes[:min(len(runes), config.LongestText)])
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
		lines = append(lines, fmt.Sprintf("code %s, %s", p.Implementation, upgradable(p)))
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

// upgradable says who may change the code behind a proxy without a beacon.
func upgradable(p extract.Proxy) string {
	switch {
	case p.Admin != "":
		return "upgradable by " + p.Admin
	case p.CanUpgrade:
		return "upgradable by its own code"
	case p.IsFixed:
		return "which the contract's own code names: it cannot be upgraded"
	default:
		return "which no function that is known upgrades"
	}
}
