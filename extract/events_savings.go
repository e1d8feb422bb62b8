package extract

// The events of the savings vaults of Ethena and Sky, beside ERC-4626's.

// susdeEvents are those of sUSDe, from ethena-labs/bbp-public-assets. Copies of
// the contract may have indexed the amount, and an older one named two.
var susdeEvents = []string{
	"RewardsReceived(uint256 amount)",
	"LockedAmountRedistributed(address indexed from, address indexed to, uint256 amount)",
	"CooldownDurationUpdated(uint24 previousDuration, uint24 newDuration)",
	"AdminTransferred(address indexed oldAdmin, address indexed newAdmin)",
	"AdminTransferRequested(address indexed oldAdmin, address indexed newAdmin)",
	"RewardsReceived(uint256 indexed amount, uint256 newVestingUSDeAmount)",
	"RewardsReceived(uint256 indexed amount)",
}

// susdsEvents are those of sUSDS. chi is the price in ray.
var susdsEvents = []string{
	"Drip(uint256 chi, uint256 diff)",
	"File(bytes32 indexed what, uint256 data)",
	"Rely(address indexed usr)",
	"Deny(address indexed usr)",
}

// savingsReferralEvents are shared by sUSDS and sDAI, makerdao/sdai.
var savingsReferralEvents = []string{
	"Referral(uint16 indexed referral, address indexed owner, uint256 assets, uint256 shares)",
}
