//go:build !race

package realvaults

import (
	"bytes"
	"compress/gzip"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/ethereum/go-ethereum/accounts/abi"
	"github.com/ethereum/go-ethereum/common"
)

// An artifact is what a compiler made of one contract.
type artifact struct {
	ABI   json.RawMessage // of a library not one that go-ethereum reads
	Bin   string          // creation code in hex, with gaps for the libraries
	Links map[string]map[string][]struct{ Start int }
}

// artifacts are contracts by name; a name that several sources have is written
// source:name.
type artifacts map[string]artifact

// sharedFolder is where other people's compiled code lies, next to the project.
var sharedFolder = filepath.Join("..", "..", "..", "shared", "sketch", "real-contracts")

// sharedCode reads one file of compiled code; the test skips where it is absent.
func sharedCode(t testing.TB, name string) artifacts {
	t.Helper()
	path := filepath.Join(sharedFolder, name+".json.gz")
	file, err := os.Open(path)
	if errors.Is(err, fs.ErrNotExist) {
		t.Skipf("%s is absent", path)
	}
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = file.Close() }()
	unzipped, err := gzip.NewReader(file)
	if err != nil {
		t.Fatalf("%s: %v", path, err)
	}
	var all artifacts
	if err := json.NewDecoder(unzipped).Decode(&all); err != nil {
		t.Fatalf("%s: %v", path, err)
	}
	return all
}

// compiled is the code of contracts/, with OpenZeppelin's from npm, compiled once.
var compiled = sync.OnceValues(func() (artifacts, error) {
	cmd := exec.Command("node", "build.mjs")
	cmd.Dir = "contracts"
	out, err := cmd.Output()
	if err != nil {
		if exit, ok := errors.AsType[*exec.ExitError](err); ok {
			err = fmt.Errorf("%w: %s", err, exit.Stderr)
		}
		return nil, fmt.Errorf("compile the contracts: %w", err)
	}
	var all artifacts
	if err := json.Unmarshal(out, &all); err != nil {
		return nil, fmt.Errorf("compile the contracts: %w", err)
	}
	return all, nil
})

// plainCode is what compiled gives.
func plainCode(t testing.TB) artifacts {
	t.Helper()
	all, err := compiled()
	if err != nil {
		t.Fatal(err)
	}
	return all
}

// find is the artifact of a name, or of the only one that ends so.
func (a artifacts) find(t testing.TB, name string) artifact {
	t.Helper()
	if exact, ok := a[name]; ok {
		return exact
	}
	for full, one := range a {
		if strings.HasSuffix(full, ":"+name) {
			return one
		}
	}
	t.Fatalf("no contract %s among those compiled", name)
	return artifact{}
}

// A deployer deploys the contracts of one compilation, and each library once.
type deployer struct {
	w         *world
	from      common.Address
	all       artifacts
	libraries map[string]common.Address
}

func newDeployer(w *world, from common.Address, all artifacts) *deployer {
	return &deployer{w, from, all, map[string]common.Address{}}
}

// deploy creates a contract with its constructor's arguments, and before it the
// libraries that it needs.
func (d *deployer) deploy(name string, args ...any) *contract {
	d.w.t.Helper()
	return d.deployAs(d.from, name, args...)
}

func (d *deployer) deployAs(from common.Address, name string, args ...any) *contract {
	t := d.w.t
	t.Helper()
	understood := d.understood(name)
	packed, err := understood.Pack("", fit(understood.Constructor.Inputs, args)...)
	if err != nil {
		t.Fatalf("deploy %s: %v", name, err)
	}
	return &contract{d.w, name, d.create(from, name, packed), understood}
}

// create sends a contract's code, linked, with its encoded arguments.
func (d *deployer) create(from common.Address, name string, arguments []byte) common.Address {
	d.w.t.Helper()
	found := d.all.find(d.w.t, name)
	text := []byte(strings.TrimPrefix(found.Bin, "0x"))
	for source, libraries := range found.Links {
		for library, places := range libraries {
			full := source + ":" + library
			address, known := d.libraries[full]
			if !known {
				address = d.create(d.from, full, nil)
				d.libraries[full] = address
			}
			for _, place := range places {
				hex.Encode(text[2*place.Start:], address[:])
			}
		}
	}
	code, err := hex.DecodeString(string(text))
	if err != nil {
		d.w.t.Fatalf("code of %s: %v", name, err)
	}
	r := d.w.send("deploy "+name, from, nil, append(code, arguments...))
	d.w.deployed[r.ContractAddress] = d.w.head
	return r.ContractAddress
}

// understood is a contract's ABI.
func (d *deployer) understood(name string) abi.ABI {
	d.w.t.Helper()
	parsed, err := abi.JSON(bytes.NewReader(d.all.find(d.w.t, name).ABI))
	if err != nil {
		d.w.t.Fatalf("ABI of %s: %v", name, err)
	}
	return parsed
}

// bind is a contract that another one has just deployed.
func (d *deployer) bind(name string, address common.Address) *contract {
	d.w.t.Helper()
	d.w.deployed[address] = d.w.head
	return &contract{d.w, name, address, d.understood(name)}
}
