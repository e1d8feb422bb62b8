package decode

import "math/big"

const (
	alusd = "0xdcd0f5ab30856f28385f641580bbd85f88349124"
	other = "0x5a97b0b97197299456af841f8605543b13b12ee3"
)

var maxUint256 = new(big.Int).Sub(new(big.Int).Lsh(big.NewInt(1), 256), big.NewInt(1))
