package family

// Price feeds with the interface of Chainlink's aggregators.

// priceFeed is any of them. Only the contract that keeps the answers logs them: of
// Chainlink's own that is the aggregator behind the proxy that is asked.
var priceFeed = Family{Name: "price_feed", Label: "price feed", Events: [][]string{feedEvents, vaultEvents}}

// feedAnswer is the answer of the feed that a vault is priced by, the second word of
// latestRoundData.
var feedAnswer = []Read{{Name: "latestRoundData", Kind: KindInteger, On: OnAccountant, Word: 1}}

// feedEvents are AnswerUpdated of smartcontractkit/chainlink, of feeds that index its time
// too, and of those whose answer grows by a rate until the next (midas-apps/contracts).
// What the sources call current or data is the answer here.
var feedEvents = []string{
	"AnswerUpdated(int256 indexed answer, uint256 indexed roundId, uint256 updatedAt)",
	"AnswerUpdated(int256 indexed answer, uint256 indexed roundId, uint256 indexed updatedAt)",
	"AnswerUpdated(int256 indexed answer, uint256 indexed roundId, uint256 indexed updatedAt, int80 growthApr)",
	"MaxGrowthAprUpdated(int80 newMaxGrowthApr)",
	"MinGrowthAprUpdated(int80 newMinGrowthApr)",
	"OnlyUpUpdated(bool newOnlyUp)",
}
