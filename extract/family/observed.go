package family

// Vaults of which only readings of the price are known.

// observed vaults' logs are not decoded, and what they stand for need not be on a chain.
var observed = Family{Name: "observed", Label: "Observed prices", IsVault: true, Flows: "events", PredatesChains: true}
