package extract

import (
	"maps"
	"slices"
)

// Families are the kinds of vault that a config may name: what events a vault's
// contract emits. An observed vault's logs are not decoded.
var Families = []string{
	"lagoon", "erc7540", "erc4626", "yearn_v2", "yearn_v3", "metamorpho", "morpho_v2",
	"euler_earn", "evk", "susde", "susds", "sdai", "veda", "observed",
}

// ContractFamilies are the kinds of contract that [[vault.contract]] may name, in
// order of the alphabet: vaults, and whatever else a vault's figures need.
func ContractFamilies() []string { return slices.Sorted(maps.Keys(familyEvents)) }

// vaultEvents are what any vault may inherit: who owns it, who may do what,
// whether it is paused, and what code runs behind its proxy.
var vaultEvents = slices.Concat(ownableEvents, accessControlEvents, accessManagedEvents, pausableEvents, proxyEvents)

// vedaControlEvents govern every contract of Veda.
var vedaControlEvents = slices.Concat(ownableEvents, solmateAuthEvents)

// familyEvents are the events of each family, in Solidity's notation.
var familyEvents = map[string][][]string{
	// vaults
	"observed":   nil,
	"erc4626":    {erc20Events, erc4626Events, vaultEvents},
	"erc7540":    {erc20Events, erc4626Events, erc7540Events, vaultEvents},
	"lagoon":     {erc20Events, erc4626Events, erc7540Events, vaultEvents, lagoonEvents, lagoonV5Events, lagoonV6Events, lagoonInheritedEvents},
	"yearn_v2":   {erc20Events, yearnV2Events, yearnV2OldEvents},
	"yearn_v3":   {erc20Events, erc4626Events, yearnV3Events, tokenizedStrategyEvents},
	"metamorpho": {erc20Events, erc4626Events, vaultEvents, metaMorphoEvents},
	"morpho_v2":  {erc20Events, erc4626Events, morphoV2Events},
	"euler_earn": {erc20Events, erc4626Events, vaultEvents, eulerEarnEvents},
	"evk":        {erc20Events, erc4626Events, proxyEvents, evkEvents},
	"susde":      {erc20Events, erc4626Events, vaultEvents, susdeEvents},
	"susds":      {erc20Events, erc4626Events, proxyEvents, susdsEvents, savingsReferralEvents},
	"sdai":       {erc20Events, erc4626Events, savingsReferralEvents},
	"veda":       {erc20Events, boringVaultEvents, vedaControlEvents},

	// what governs them
	"safe":            {safeEvents},
	"zodiac_roles":    {zodiacRolesEvents, zodiacModuleEvents, ownableEvents, proxyEvents},
	"zodiac_delay":    {zodiacDelayEvents, zodiacModuleEvents, ownableEvents, proxyEvents},
	"access":          {vaultEvents}, // an owner, roles, a proxy, a proxy's admin, a beacon
	"access_manager":  {accessManagerEvents},
	"timelock":        {timelockEvents, accessControlEvents},
	"lagoon_registry": {lagoonRegistryEvents, vaultEvents},
	"lagoon_proxy":    {lagoonProxyEvents, vaultEvents},
	"veda_accountant": {accountantEvents, vedaControlEvents},
	"veda_teller":     {tellerEvents, vedaControlEvents},
	"veda_manager":    {managerEvents, vedaControlEvents},
	"veda_queue":      {withdrawQueueEvents, vedaControlEvents},
	"veda_authority":  {vedaControlEvents},

	// where it puts assets, and where it could borrow
	"erc20":           {erc20Events},
	"aave_v3":         {aaveV3Events},
	"aave_v2":         {aaveV2Events},
	"aave_token":      {erc20Events, aaveTokenEvents},
	"morpho_blue":     {morphoBlueEvents},
	"compound_v3":     {compoundV3Events, erc20Events},
	"compound_v2":     {compoundV2Events, erc20Events},
	"evc":             {evcEvents},
	"fluid_liquidity": {fluidLiquidityEvents},
	"fluid_vault":     {fluidVaultEvents},
	"fluid_token":     {erc20Events, erc4626Events, fluidTokenEvents},

	// where its shares trade
	"uniswap_v2": {uniswapV2Events, erc20Events},
	"uniswap_v3": {uniswapV3Events},
	"uniswap_v4": {uniswapV4Events},
	"curve":      {curveEvents, erc20Events},
}
