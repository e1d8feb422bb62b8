package testchain

import (
	"bytes"
	"fmt"
	"math/big"
	"slices"

	"github.com/ethereum/go-ethereum/common"
	"github.com/ethereum/go-ethereum/crypto"
)

// A safe is a multi-signature account and those who sign for it.
type safe struct {
	b         *builder
	address   common.Address
	owners    []*person
	threshold int
	module    *person // may execute alone
	nonce     int64
}

var (
	domainType = crypto.Keccak256([]byte("EIP712Domain(uint256 chainId,address verifyingContract)"))
	safeTxType = crypto.Keccak256([]byte("SafeTx(address to,uint256 value,bytes data,uint8 operation,uint256 safeTxGas,uint256 baseGas,uint256 gasPrice,address gasToken,address refundReceiver,uint256 nonce)"))
)

func word(n *big.Int) []byte { return common.LeftPadBytes(n.Bytes(), 32) }

func wordOf(a common.Address) []byte { return common.LeftPadBytes(a[:], 32) }

// transactionHash is what owners sign (EIP-712).
func (s *safe) transactionHash(to common.Address, data []byte) []byte {
	none := make([]byte, 32)
	domain := crypto.Keccak256(domainType, word(s.b.config.ChainID), wordOf(s.address))
	content := crypto.Keccak256(safeTxType, wordOf(to), none, crypto.Keccak256(data), none,
		none, none, none, none, none, word(num(s.nonce)))
	return crypto.Keccak256([]byte{0x19, 0x01}, domain, content)
}

// exec calls a contract for the Safe, signed by as many owners as it asks for.
func (s *safe) exec(to common.Address, method string, args ...any) Point {
	data := s.b.pack(to, method, args...)
	hash := s.transactionHash(to, data)
	signers := slices.Clone(s.owners[:s.threshold])
	slices.SortFunc(signers, func(a, b *person) int { return bytes.Compare(a.address[:], b.address[:]) })
	var signatures []byte
	for _, signer := range signers {
		signature, err := crypto.Sign(hash, signer.key)
		if err != nil {
			panic(fmt.Errorf("sign for the safe: %w", err))
		}
		signature[64] += 27
		signatures = append(signatures, signature...)
	}
	s.nonce++
	return s.b.call(s.owners[0], s.address, "execTransaction", to, zero(), data, uint8(0),
		zero(), zero(), zero(), common.Address{}, common.Address{}, signatures)
}

// execByModule calls a contract for the Safe on the module's word alone.
func (s *safe) execByModule(to common.Address, method string, args ...any) Point {
	return s.b.call(s.module, s.address, "execTransactionFromModule", to, zero(), s.b.pack(to, method, args...), uint8(0))
}
