package family

// The contracts that govern Lagoon's vaults, from hopperlabsxyz/lagoon-v0.

var (
	lagoonRegistry = Family{Name: "lagoon_registry", Label: "lagoon registry", Events: [][]string{lagoonRegistryEvents, vaultEvents}}
	lagoonProxy    = Family{Name: "lagoon_proxy", Label: "lagoon proxy", Events: [][]string{lagoonProxyEvents, vaultEvents}}
)

// lagoonRegistryEvents are those of the registry: the protocol's fee, and which
// logic a vault may run.
var lagoonRegistryEvents = []string{
	"ProtocolFeeReceiverUpdated(address oldReceiver, address newReceiver)",
	"DefaultRateUpdated(uint256 oldRate, uint256 newRate)",
	"CustomRateUpdated(address vault, uint16 rate, bool isActivated)",
	"DefaultLogicUpdated(address previous, address newImpl)",
	"LogicAdded(address Logic)",
	"LogicRemoved(address Logic)",
}

// lagoonProxyEvents are those of the delayed proxy admin.
var lagoonProxyEvents = []string{
	"ImplementationUpdateSubmited(address indexed newImplementation, uint256 implementationUpdateTime)",
	"DelayUpdateSubmited(uint256 currentDelay, uint256 newDelay, uint256 delayUpdateTime)",
	"DelayUpdated(uint256 newDelay, uint256 oldDelay)",
}
