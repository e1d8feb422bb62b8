package family

// Any token. Names and indexed flags follow OpenZeppelin Contracts v5.2.0.

var erc20 = Family{Name: "erc20", Label: "erc20", Events: [][]string{erc20Events}}

var erc20Events = []string{
	"Transfer(address indexed from, address indexed to, uint256 value)",
	"Approval(address indexed owner, address indexed spender, uint256 value)",
}
