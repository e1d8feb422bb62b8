package family

// Vaults of which only readings of the price are known.

// observed vaults' logs are not decoded.
var observed = Family{Name: "observed", Label: "Observed prices", IsVault: true, Flows: "events"}
