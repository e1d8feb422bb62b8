package extract

// Names and indexed flags follow OpenZeppelin Contracts v5.2.0; the topic0 of
// each is computed from its signature, never typed.

var erc20Events = []string{
	"Transfer(address indexed from, address indexed to, uint256 value)",
	"Approval(address indexed owner, address indexed spender, uint256 value)",
}

var erc4626Events = []string{
	"Deposit(address indexed sender, address indexed owner, uint256 assets, uint256 shares)",
	"Withdraw(address indexed sender, address indexed receiver, address indexed owner, uint256 assets, uint256 shares)",
}

var erc7540Events = []string{
	"OperatorSet(address indexed controller, address indexed operator, bool approved)",
	"DepositRequest(address indexed controller, address indexed owner, uint256 indexed requestId, address sender, uint256 assets)",
	"RedeemRequest(address indexed controller, address indexed owner, uint256 indexed requestId, address sender, uint256 shares)",
}
