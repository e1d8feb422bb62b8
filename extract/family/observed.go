package family

// A vault of which nothing but readings of its price is known.

// observed vaults' logs are not decoded.
var observed = Family{Name: "observed", Label: "Observed prices", IsVault: true, Flows: "events"}
