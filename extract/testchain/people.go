package testchain

import (
	"crypto/ecdsa"
	"fmt"

	"github.com/ethereum/go-ethereum/common"
	"github.com/ethereum/go-ethereum/crypto"
)

// A person is an account with a key that everybody can compute.
type person struct {
	name    string
	key     *ecdsa.PrivateKey
	address common.Address
}

func newPerson(seed uint64, name string) (*person, error) {
	key, err := crypto.ToECDSA(crypto.Keccak256(fmt.Appendf(nil, "vaultperf devchain %d %s", seed, name)))
	if err != nil {
		return nil, fmt.Errorf("key of %s: %w", name, err)
	}
	return &person{name: name, key: key, address: crypto.PubkeyToAddress(key.PublicKey)}, nil
}
