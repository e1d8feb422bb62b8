package testchain

import (
	"embed"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"sync"

	"github.com/ethereum/go-ethereum/accounts/abi"
)

// The contracts are compiled by extract/testchain/contracts and not committed.
//
//go:embed compiled
var compiledFiles embed.FS

// ErrNotCompiled says that the program was built before the contracts were
// compiled (`make contracts`).
var ErrNotCompiled = errors.New("the contracts are not compiled: run make contracts")

// A contract is what the compiler made of one.
type contract struct {
	name    string
	abi     abi.ABI
	code    []byte // what creates it, without its constructor's arguments
	runtime []byte
}

// contracts parses the compiled contracts once, by name.
var contracts = sync.OnceValues(func() (map[string]*contract, error) {
	text, err := compiledFiles.ReadFile("compiled/contracts.json")
	if errors.Is(err, fs.ErrNotExist) {
		return nil, ErrNotCompiled
	}
	if err != nil {
		return nil, fmt.Errorf("read contracts: %w", err)
	}
	var file struct {
		Contracts map[string]struct {
			ABI           abi.ABI
			Code, Runtime string
		}
	}
	if err := json.Unmarshal(text, &file); err != nil {
		return nil, fmt.Errorf("read contracts: %w", err)
	}
	all := make(map[string]*contract, len(file.Contracts))
	for name, c := range file.Contracts {
		code, err := hex.DecodeString(c.Code)
		if err != nil {
			return nil, fmt.Errorf("read contract %s: %w", name, err)
		}
		runtime, err := hex.DecodeString(c.Runtime)
		if err != nil {
			return nil, fmt.Errorf("read contract %s: %w", name, err)
		}
		all[name] = &contract{name: name, abi: c.ABI, code: code, runtime: runtime}
	}
	return all, nil
})
