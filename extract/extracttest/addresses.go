package extracttest

// A real vault's address, and the largest word.
const (
	LagoonAddress = "0xdcd0f5ab30856f28385f641580bbd85f88349124"
	MaxWord       = "ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff" // 2^256-1
)

// Addresses of another vault, and of a contract that no vault tracks.
const (
	OtherAddress = "0x2222222222222222222222222222222222222222"
	Stranger     = "0x3333333333333333333333333333333333333333"
)
