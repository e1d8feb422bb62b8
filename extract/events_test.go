package extract

import (
	"encoding/json"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/ethereum/go-ethereum/common"
)

// listed are our tables by the family that the list of events has them under.
var listed = map[string][]string{
	"erc20": erc20Events, "erc4626": erc4626Events, "erc7540": erc7540Events, "erc7575": lagoonInheritedEvents,
	"lagoon-v0.1..v0.5": lagoonEvents, "lagoon-v0.5": lagoonV5Events, "lagoon-v0.6": lagoonV6Events,
	"lagoon-registry": lagoonRegistryEvents, "lagoon-proxy": lagoonProxyEvents,
	"yearn-v2": yearnV2Events, "yearn-v2(0.3.0-0.3.1)": yearnV2OldEvents, "yearn-v2(0.2.x)": yearnV2OldEvents,
	"yearn-v3-vault": yearnV3Events, "yearn-v3-tokenized-strategy": tokenizedStrategyEvents,
	"metamorpho-v1.0": metaMorphoEvents, "metamorpho-v1.1": metaMorphoEvents, "morpho-vault-v2": morphoV2Events, "morpho-blue": morphoBlueEvents,
	"euler-earn": eulerEarnEvents, "euler-evk": evkEvents, "euler-evk-governance": evkEvents, "euler-evc": evcEvents,
	"susde": susdeEvents, "susde-audit-version": susdeEvents, "susds": susdsEvents, "sdai/susds": savingsReferralEvents,
	"veda-boringvault": boringVaultEvents, "veda-accountant": accountantEvents, "veda-accountant-fixed": accountantEvents,
	"veda-teller": tellerEvents, "veda-manager": managerEvents, "veda-queue": withdrawQueueEvents, "veda-delayed-withdraw": withdrawQueueEvents,
	"oz-ownable": ownableEvents, "oz-ownable2step": ownableEvents, "oz-iaccesscontrol": accessControlEvents,
	"oz-iaccesscontroldefaultadminrules": accessControlEvents, "oz-pausable": pausableEvents, "oz-ierc1967": proxyEvents,
	"oz-initializable": proxyEvents, "oz4-initializable": proxyEvents, "oz-iaccessmanager": accessManagerEvents,
	"oz-iaccessmanaged": accessManagedEvents, "oz-timelockcontroller": timelockEvents,
	"safe-v1.3.0": safeEvents, "safe-v1.4.1": safeEvents, "safe-v1.5.0": safeEvents,
	"zodiac-roles-v2": zodiacRolesEvents, "zodiac-delay": zodiacDelayEvents,
	"aave-v3-pool": aaveV3Events, "aave-v3-token": aaveTokenEvents, "aave-v3-debt-delegation": aaveTokenEvents, "aave-v2-pool": aaveV2Events,
	"compound-v3": compoundV3Events, "compound-v2": compoundV2Events,
	"fluid-liquidity": fluidLiquidityEvents, "fluid-vault": fluidVaultEvents, "fluid-ftoken": fluidTokenEvents,
	"uniswap-v2-pair": uniswapV2Events, "uniswap-v3-pool": uniswapV3Events, "uniswap-v4-poolmanager": uniswapV4Events,
	"curve-stableswap-ng": curveEvents, "curve-stableswap-legacy": curveEvents, "curve-twocrypto-ng": curveEvents, "curve-crypto-legacy": curveEvents,
}

// left are events of those families that another contract emits than the one of
// the family, or that another table has.
var left = map[string]bool{
	"morpho-vault-v2 Deposit": true, "morpho-vault-v2 Withdraw": true, // ERC-4626's
	"yearn-v3-tokenized-strategy UpdateProfitMaxUnlockTime": true, // the vault's
	"yearn-v2(0.2.x) StrategyReported":                      true, // 0.3's, debtLimit for debtRatio
	"metamorpho-v1.0 CreateMetaMorpho":                      true, "euler-earn CreateEulerEarn": true, "euler-earn SetPerspective": true,
	"euler-earn PublicWithdrawal": true, "euler-earn PublicReallocateTo": true, "euler-earn SetAdmin": true,
	"euler-earn SetAllocationFee": true, "euler-earn TransferAllocationFee": true, "euler-earn SetFlowCaps": true,
	"safe-v1.3.0 ProxyCreation": true, "safe-v1.4.1 ProxyCreation": true,
}

// unlisted are topic0 of events that the list lacks, as other codebases have
// them; those without one are variants of what is listed, or known by name only.
var unlisted = map[string]string{
	"AuthorityUpdated(address,address)":                "0xa3396fd7f6e0a21b50e5089d2da70d5ac0a3bbbd1f617a93f134b76389980198",
	"UserRoleUpdated(address,uint8,bool)":              "0x4c9bdd0c8e073eb5eda2250b18d8e5121ff27b62064fbeeeed4869bb99bc5bf2",
	"PublicCapabilityUpdated(address,bytes4,bool)":     "0x950a343f5d10445e82a71036d3f4fb3016180a25805141932543b83e2078a93e",
	"RoleCapabilityUpdated(uint8,address,bytes4,bool)": "0xa52ea92e6e955aa8ac66420b86350f7139959adfcc7e6a14eee1bd116d09860e",
	"AvatarSet(address,address)":                       "",
	"TargetSet(address,address)":                       "",
	"HashExecuted(bytes32)":                            "",
	"HashInvalidated(bytes32)":                         "",
}

// TestEventTopics checks names, indexed flags and topic0 of every event against
// a list that was made from the contracts' sources.
func TestEventTopics(t *testing.T) {
	text, err := os.ReadFile("../../shared/reference/events.json")
	if err != nil {
		t.Skip("needs ../shared/reference/events.json beside the repository")
	}
	var list []struct {
		Family, Event, Signature, Topic0 string
		Params                           []struct {
			Name, Type string
			Indexed    bool
		}
	}
	if err := json.Unmarshal(text, &list); err != nil {
		t.Fatal(err)
	}
	known := map[string]bool{}
	checked := map[string]int{}
	for _, want := range list {
		known[want.Topic0] = true
		table, ours := listed[want.Family]
		if !ours || left[want.Family+" "+want.Event] {
			continue
		}
		checked[want.Family]++
		var arguments []argument
		for _, p := range want.Params {
			arguments = append(arguments, argument{p.Name, p.Indexed, `"` + p.Name + `":`})
		}
		found := slices.ContainsFunc(table, func(text string) bool {
			e, err := parseEvent(text)
			return err == nil && e.topic0 == common.HexToHash(want.Topic0) && slices.Equal(e.arguments, arguments) &&
				e.signature == strings.ReplaceAll(want.Signature, " ", "")
		})
		if !found {
			t.Errorf("%s: no event of ours is %s %v", want.Family, want.Signature, arguments)
		}
	}
	for family := range listed {
		if checked[family] == 0 && family != "yearn-v2(0.2.x)" {
			t.Errorf("%s: nothing of it is in the list", family)
		}
	}
	for family, tables := range familyEvents {
		for _, event := range slices.Concat(tables...) {
			e, err := parseEvent(event)
			if err != nil {
				t.Fatal(err)
			}
			topic0, other := unlisted[e.signature]
			if !known[e.topic0.Hex()] && !other || topic0 != "" && topic0 != e.topic0.Hex() {
				t.Errorf("%s: %s has topic0 %s, which nothing confirms", family, e.signature, e.topic0.Hex())
			}
		}
	}
}

// TestFamilies: every family parses, and no two of its events look alike in a
// log. The official ABIs of Lagoon have 28 events in v0.5 and 49 in v0.6, of
// which RatesUpdated replaced one; a proxy, its old version, the roles and
// ERC-7575 add the others.
func TestFamilies(t *testing.T) {
	sets, err := eventSets()
	if err != nil {
		t.Fatal(err)
	}
	for _, family := range Families {
		if _, known := sets[family]; !known {
			t.Errorf("no events of vault family %s", family)
		}
	}
	inherited := 2 + 7 + 1 + 2 + 5
	for family, want := range map[string]int{
		"observed": 0, "erc4626": 4 + inherited, "erc7540": 7 + inherited, "lagoon": 49 + 1 + 3 + 7 + 1 + 1 + 1, "safe": 17,
	} {
		if len(sets[family]) != want {
			t.Errorf("%s: %d events, want %d", family, len(sets[family]), want)
		}
	}
}

func TestParseEvent(t *testing.T) {
	e, err := parseEvent("E((uint16,(bool,bytes32)[]) indexed a, uint40[2] b, string indexed c)")
	if err != nil {
		t.Fatal(err)
	}
	if e.signature != "E((uint16,(bool,bytes32)[]),uint40[2],string)" || len(e.topics) != 2 || e.topics[0].Type.String() != "bytes32" {
		t.Errorf("got %s, topics %v", e.signature, e.topics)
	}
	for _, text := range []string{
		"", "E", "E(", "(uint256 a)", "E(uint256)", "E(uint256 a b)", "E(word a)", "E(uint256 a,)", "E((uint256 a)", "E((uint256) indexed)",
		"E(uint256 indexed a, uint256 indexed b, uint256 indexed c, uint256 indexed d)", "E(uint256 a))",
	} {
		if e, err := parseEvent(text); err == nil {
			t.Errorf("%q: got %s, want an error", text, e.signature)
		}
	}
}

// TestEventVariants: indexed flags are no part of topic0.
func TestEventVariants(t *testing.T) {
	const v130, v141 = "AddedOwner(address owner)", "AddedOwner(address indexed owner)"
	set, err := newEventSet([]string{v130, v141})
	if err != nil {
		t.Fatal(err)
	}
	owner := common.LeftPadBytes(common.FromHex(alusd), 32)
	topic0 := common.FromHex("0x9465fa0c962cc76958e6373a993326400c1c94f8be2fe3a952adfa7f60b2ea26")
	want := `{"owner":"` + alusd + `"}`
	for name, log := range map[string]struct {
		topics [][]byte
		data   []byte
	}{"in data": {[][]byte{topic0}, owner}, "in topics": {[][]byte{topic0, owner}, nil}} {
		if _, got, err := decodeLog(set, log.topics, log.data, nil); err != nil || string(got) != want {
			t.Errorf("%s: got %s, %v, want %s", name, got, err, want)
		}
	}
	if _, _, err := decodeLog(set, [][]byte{topic0, owner, owner}, nil, nil); err == nil || err.Error() != "undecodable: AddedOwner(address) has 3 topics, want 1 or 2" {
		t.Errorf("got %v", err)
	}
	if _, err := newEventSet([]string{v130}, []string{"AddedOwner(address who)"}); err == nil {
		t.Error("two events that no log tells apart: want an error")
	}
}
