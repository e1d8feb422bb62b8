package config

import (
	"strings"
	"testing"
	"time"
)

// nodeKey is in a URL and must be in no message.
const nodeKey = "s3cr3tk3ys3cr3tk3y"

func TestConfigOfNodes(t *testing.T) {
	for text, want := range map[string]string{
		"[[rpc]]\nurls = [\"env:A\"]\n":                                                          "c.toml:10: [[rpc]] number 1: chain_id is missing: want the chain's number, 1 for Ethereum",
		"[[rpc]]\nchain_id = 0\nurls = [\"env:A\"]\n":                                            "chain_id: want 1 or more, got 0",
		"[[rpc]]\nchain_id = 1\n":                                                                `urls is missing: want ["env:NAME"]`,
		"[[rpc]]\nchain_id = 1\nurls = [\"env:A\", \"ws://h/" + nodeKey + "\"]\n":                "urls: want env:NAME or an http or https URL, number 2 is neither",
		"[[rpc]]\nchain_id = 1\nurls = [\"env:A-B\"]\n":                                          "urls: want env:NAME or an http or https URL, number 1 is neither",
		"[[rpc]]\nchain_id = 1\nurls = [\"env:A\"]\nrequests_per_second = -1\n":                  "requests_per_second: want a number above 0, or none for no limit, got -1",
		"[[rpc]]\nchain_id = 1\nurls = [\"env:A\"]\nmax_batch = -1\n":                            "max_batch: want 1 to 10000, got -1",
		"[[rpc]]\nchain_id = 1\nurls = [\"env:A\"]\nconfirmations = -1\n":                        "confirmations: want 0 or more blocks, got -1",
		"[[rpc]]\nchain_id = 1\nurls = [\"env:A\"]\ngive_up_after = \"3\"\n":                     `give_up_after: want a time from 10s to 24h as "3m", got "3"`,
		"[[rpc]]\nchain_id = 1\nurls = [\"env:A\"]\ngive_up_after = \"9s\"\n":                    `give_up_after: want a time from 10s to 24h as "3m", got "9s"`,
		"[[rpc]]\nchain_id = 1\nurls = [\"env:A\"]\n[[rpc]]\nchain_id = 1\nurls = [\"env:B\"]\n": "number 2: chain_id: want one [[rpc]] per chain, with all its urls, got 1 twice",
		"[[rpc]]\nchain_id = 1\nurls = [\"env:A\"]\nurl = \"x\"\n":                               `unknown key "rpc.url"`,
	} {
		_, err := Parse("c.toml", "", []byte(alphaVault+text))
		if err == nil || !strings.Contains(err.Error(), want) || strings.Contains(err.Error(), nodeKey) {
			t.Errorf("%s\ngot %v\nwant %s", text, err, want)
		}
	}
	c, err := Parse("c.toml", "", []byte(alphaVault+"start_block = 17\n[[rpc]]\nchain_id = 1\nurls = [\"http://127.0.0.1:8545\"]\nrequests_per_second = 2.5\nmax_batch = 7\nconfirmations = 9\ngive_up_after = \"1m30s\"\n"))
	if err != nil {
		t.Fatal(err)
	}
	nodes, err := c.Nodes(false)
	if err != nil || c.Vaults[0].StartBlock != 17 {
		t.Fatal(c.Vaults, err)
	}
	if n := nodes[0]; n.ChainID != 1 || n.URLs[0] != "http://127.0.0.1:8545" || n.RequestsPerSecond != 2.5 || n.MaxBatch != 7 || n.Confirmations != 9 || n.GiveUpAfter != 90*time.Second {
		t.Errorf("node: %+v", n)
	}
}

func TestFamilyAutoNeedsANode(t *testing.T) {
	const vault = "[[vault]]\nid = \"v\"\nchain_id = 5\naddress = \"0xdcd0f5ab30856f28385f641580bbd85f88349124\"\nfamily = \"auto\"\n"
	_, err := Parse("c", ".", []byte(vault+"[[archive]]\npath = \"a\"\n"))
	if err == nil || !strings.Contains(err.Error(), "want an [[rpc]] of the vault's chain") {
		t.Errorf("without a node: %v", err)
	}
	c, err := Parse("c", ".", []byte(vault+"[[rpc]]\nchain_id = 5\nurls = [\"http://127.0.0.1\"]\nverify = \"L2\"\n"))
	if err != nil {
		t.Fatal(err)
	}
	if v := c.Vaults[0]; v.AssetDecimals != -1 || v.ShareDecimals != -1 {
		t.Errorf("decimals that are not given: got %d and %d, want -1", v.AssetDecimals, v.ShareDecimals)
	}
	nodes, err := c.Nodes(false)
	if err != nil || nodes[0].Verify != 2 {
		t.Errorf("got level %+v, %v, want 2", nodes, err)
	}
	_, err = Parse("c", ".", []byte(vault+"[[rpc]]\nchain_id = 5\nurls = [\"http://127.0.0.1\"]\nverify = \"L4\"\n"))
	if err == nil || !strings.Contains(err.Error(), "verify: want one of L0, L1, L2, L3") {
		t.Errorf("L4: %v", err)
	}
}
