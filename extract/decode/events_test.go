package decode

import (
	"encoding/json"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/ethereum/go-ethereum/common"

	"github.com/vaultperf/vaultperf/extract/family"
)

// listed are our families by what the list of events has them under.
var listed = map[string]string{
	"erc20": "erc20", "erc4626": "erc4626", "erc7540": "erc7540", "erc7575": "lagoon",
	"lagoon-v0.1..v0.5": "lagoon", "lagoon-v0.5": "lagoon", "lagoon-v0.6": "lagoon",
	"lagoon-registry": "lagoon_registry", "lagoon-proxy": "lagoon_proxy",
	"yearn-v2": "yearn_v2", "yearn-v2(0.3.0-0.3.1)": "yearn_v2", "yearn-v2(0.2.x)": "yearn_v2",
	"yearn-v3-vault": "yearn_v3", "yearn-v3-tokenized-strategy": "yearn_v3",
	"metamorpho-v1.0": "metamorpho", "metamorpho-v1.1": "metamorpho", "morpho-vault-v2": "morpho_v2", "morpho-blue": "morpho_blue",
	"euler-earn": "euler_earn", "euler-evk": "evk", "euler-evk-governance": "evk", "euler-evc": "evc",
	"susde": "susde", "susde-audit-version": "susde", "susds": "susds", "sdai/susds": "sdai",
	"veda-boringvault": "veda", "veda-accountant": "veda_accountant", "veda-accountant-fixed": "veda_accountant",
	"veda-teller": "veda_teller", "veda-manager": "veda_manager", "veda-queue": "veda_queue", "veda-delayed-withdraw": "veda_queue",
	"oz-ownable": "access", "oz-ownable2step": "access", "oz-iaccesscontrol": "access",
	"oz-iaccesscontroldefaultadminrules": "access", "oz-pausable": "access", "oz-ierc1967": "access",
	"oz-initializable": "access", "oz4-initializable": "access", "oz-iaccessmanager": "access_manager",
	"oz-iaccessmanaged": "access", "oz-timelockcontroller": "timelock",
	"safe-v1.3.0": "safe", "safe-v1.4.1": "safe", "safe-v1.5.0": "safe",
	"zodiac-roles-v2": "zodiac_roles", "zodiac-delay": "zodiac_delay",
	"aave-v3-pool": "aave_v3", "aave-v3-token": "aave_token", "aave-v3-debt-delegation": "aave_token", "aave-v2-pool": "aave_v2",
	"compound-v3": "compound_v3", "compound-v2": "compound_v2",
	"fluid-liquidity": "fluid_liquidity", "fluid-vault": "fluid_vault", "fluid-ftoken": "fluid_token",
	"uniswap-v2-pair": "uniswap_v2", "uniswap-v3-pool": "uniswap_v3", "uniswap-v4-poolmanager": "uniswap_v4",
	"curve-stableswap-ng": "curve", "curve-stableswap-legacy": "curve", "curve-twocrypto-ng": "curve", "curve-crypto-legacy": "curve",
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

// unlisted are topic0 of events that the list lacks, as other codebases or the contracts'
// compiled code have them; those without one are variants of what is listed, or known by
// name only.
var unlisted = map[string]string{
	"Collect(address,address,int24,int24,uint128,uint128)":   "0x70935338e69775456a85ddef226c395fb668b63fa0115f5f20610b388e6ca9c0",
	"Flash(address,address,uint256,uint256,uint256,uint256)": "0xbdbdb71d7860376ba52b25a5028beea23581364a40522f6bcfb86bb1f2dca633",
	"IncreaseObservationCardinalityNext(uint16,uint16)":      "0xac49e518f90a358f652e4400164f05a5d8f7e35e7747279bc3a93dbf584e125a",
	"SetFeeProtocol(uint8,uint8,uint8,uint8)":                "0x973d8d92bb299f4af6ce49b52a8adb85ae46b9f214c4c4fc06ac77401237b133",
	"CollectProtocol(address,address,uint128,uint128)":       "0x596b573906218d3411850b26a6b437d6c4522fdb43d2d2386263f86d50b8b151",

	"AuthorityUpdated(address,address)":                "0xa3396fd7f6e0a21b50e5089d2da70d5ac0a3bbbd1f617a93f134b76389980198",
	"UserRoleUpdated(address,uint8,bool)":              "0x4c9bdd0c8e073eb5eda2250b18d8e5121ff27b62064fbeeeed4869bb99bc5bf2",
	"PublicCapabilityUpdated(address,bytes4,bool)":     "0x950a343f5d10445e82a71036d3f4fb3016180a25805141932543b83e2078a93e",
	"RoleCapabilityUpdated(uint8,address,bytes4,bool)": "0xa52ea92e6e955aa8ac66420b86350f7139959adfcc7e6a14eee1bd116d09860e",
	"Genesis()":                                                                   "0x6bf6eaff5e9af8fbccb949f4c38cc016936f8775363ccf4224db160365785d52",
	"AccountStatusCheck(address,address)":                                         "0x889a4d4628b31342e420737e2aeb45387087570710d26239aa8a5f13d3e829d4",
	"VaultStatusCheck(address)":                                                   "0xaea973cfb51ea8ca328767d72f105b5b9d2360c65f5ac4110a2c4470434471c9",
	"NonceStatus(bytes19,uint256,uint256,uint256)":                                "0x3b8510174a91acb36200f7427c1889f934941fd89ed86faf390749b4c2b46337",
	"NonceUsed(bytes19,uint256,uint256)":                                          "0xb0dcec731e48090736be6db10ad9f9581d0ec5fc0f1925a8e267b64b614b08d6",
	"PermitDisabledModeStatus(bytes19,bool)":                                      "0x6321df4e44267d425279195e7488fadba1a42d5cce9e84f596d5cf696f4449cd",
	"ProxyCreated(address,bool,address,bytes)":                                    "0x04e664079117e113faa9684bc14aecb41651cbf098b14eda271248c6d0cda57c",
	"SetImplementation(address)":                                                  "0xddebe6de740fe0dd01cc33ffa314d11c6ac6acbbe50b80513c4c360ae7aa4f04",
	"SetUpgradeAdmin(address)":                                                    "0x7b1ebd0f3ec81bf1cd5f478166ec87beaea1eee7f3bc2612295ae161048a239f",
	"Allocate(bytes32,uint256,uint256)":                                           "0x67bd2993814767565e883edd1e76edf105cdd33766384ca8495e53562e20bea7",
	"Deallocate(bytes32,uint256,uint256)":                                         "0xc3505702fbdd1c334673aa66559f4546d749681c4d2509c99c07fabf01b3227f",
	"BurnShares(bytes32,uint256)":                                                 "0x82234a83a62d451b7758221f55cd21fe22d35d7798bdfea8a44168fd355880cb",
	"Skim(address,uint256)":                                                       "0x5e99aaf6d3588fb2497fde044168e8c046704a3223559cfe107f8f94b42cefdd",
	"SetUnwrapAdapter(address,bytes4,address)":                                    "0x1330d96b64c7e86736f77e027ca34223dd3d1d08049281281c9d597d8098ed59",
	"AvatarSet(address,address)":                                                  "",
	"TargetSet(address,address)":                                                  "",
	"HashExecuted(bytes32)":                                                       "",
	"HashInvalidated(bytes32)":                                                    "",
	"AllocateFromIdle(address,address,address,bytes32,uint128,uint256)":           "",
	"Constructor(address)":                                                        "0x385bc760a35ad4b8b2c11c6a4c6d27daa5e72ce47836b34da36a3f1258ec45ec",
	"PublicReallocateTo(address,address,bytes32,uint256)":                         "",
	"PublicWithdrawal(address,address,bytes32,uint256)":                           "",
	"Reallocate(address,address,address,bytes32,address,bytes32,uint128,uint256)": "",
	"StrategyUpdateRateLimit(address,uint256)":                                    "",
	"RoleStatusChanged(uint256,uint256)":                                          "",
	"SetAbsoluteCap(address,address,address,(address,address,address,address,uint256),uint256)":    "",
	"SetCanPullFromIdle(address,address,bool)":                                                     "",
	"SetCanPullFromMarket(address,address,address,(address,address,address,address,uint256),bool)": "",
	"SetFee(address,address,uint256)":                                                              "",
	"SetFlowCaps(address,address,(bytes32,(uint128,uint128))[])":                                   "",
	"SetIsActiveAdapter(address,address,address,bool)":                                             "",
	"SetIsIntermediary(address,address,bool)":                                                      "0xe1b8ad3dd4230f12e229488aa941697aea3486b5dceb325b72f76555c856e788",
	"SetIsWhitelisted(address,address,bool)":                                                       "0x02df3506b6a81e50f7e4dd2af49ee367000095b9e12d7761de5a15ce7729b38b",
	"SetIsWhitelistedWithSig(address,address,bool)":                                                "0x45be89335d646a7c0829a94438b5d6783a06d43c0df92e406806c31631f2a4ea",
	"SetIsWhitelister(address,bool)":                                                               "0x0cb914c552bceec5a0e9908055dc82538d4eba8029f7568fdbb0cce77999a8be",
	"SetPenalty(address,address,uint64)":                                                           "",
	"SetRoleSetter(address)":                                                                       "0x358c2e79948268accd81a80fa201c92db9ed2d8361c9c1f53ae7ed3ba11b8edf",
	"TransferFee(address,address,uint256,address)":                                                 "",
	// of the ABIs in @aave/protocol-v2 and @aave/core-v3
	"BalanceTransfer(address,address,uint256,uint256)":          "",
	"Burn(address,address,uint256,uint256)":                     "",
	"Deposit(address,address,address,uint256,uint16)":           "",
	"Repay(address,address,address,uint256)":                    "",
	"Swap(address,address,uint256)":                             "",
	"RebalanceStableBorrowRate(address,address)":                "",
	"FlashLoan(address,address,address,uint256,uint256,uint16)": "",
	// of compound-finance/compound-protocol, CTokenInterfaces.sol
	"LiquidateBorrow(address,address,uint256,address,uint256)": "",
	"ReservesAdded(address,uint256,uint256)":                   "",
	// of Se7en-Seas/boring-vault and Veda-Labs/boring-vault: accountants, tellers, DelayedWithdraw.sol, AtomicQueue.sol
	"ExchangeRateUpdated(uint256)":                                                  "",
	"YieldRecorded(uint256,uint64)":                                                 "",
	"LossRecorded(uint256)":                                                         "",
	"MaximumVestDurationUpdated(uint64)":                                            "",
	"MinimumVestDurationUpdated(uint64)":                                            "",
	"MaximumDeviationYieldUpdated(uint64)":                                          "",
	"MaximumDeviationLossUpdated(uint64)":                                           "",
	"Deposit(uint256,address,address,uint256,uint256,uint256,uint256,address)":      "",
	"Withdraw(address,uint256)":                                                     "",
	"PermissionedTransfersSet(bool)":                                                "",
	"AllowPermissionedOperator(address)":                                            "",
	"DenyPermissionedOperator(address)":                                             "",
	"DepositCapSet(uint112)":                                                        "",
	"SharesUndergoingRemediation(address)":                                          "",
	"SharesRemediated(address,address,uint256)":                                     "",
	"RemediationCancelled(address)":                                                 "",
	"MessageSent(bytes32,uint256,address)":                                          "",
	"MessageReceived(bytes32,uint256,address)":                                      "",
	"ChainAdded(uint256,bool,bool,address)":                                         "",
	"ChainRemoved(uint256)":                                                         "",
	"ChainAllowMessagesFrom(uint256,address)":                                       "",
	"ChainAllowMessagesTo(uint256,address)":                                         "",
	"ChainStopMessagesFrom(uint256)":                                                "",
	"ChainStopMessagesTo(uint256)":                                                  "",
	"ChainSetGasLimit(uint256,uint128)":                                             "",
	"ChainAdded(uint256,bool,bool,address,uint64)":                                  "",
	"ChainSetGasLimit(uint256,uint64)":                                              "",
	"WithdrawCapacityUpdated(address,uint256)":                                      "",
	"FeeAddressSet(address)":                                                        "",
	"SetupWithdrawalsInAsset(address,uint64,uint16,uint16)":                         "",
	"WithdrawDelayUpdated(address,uint32)":                                          "",
	"CompletionWindowUpdated(address,uint32)":                                       "",
	"WithdrawFeeUpdated(address,uint16)":                                            "",
	"MaxLossUpdated(address,uint16)":                                                "",
	"WithdrawalsStopped(address)":                                                   "",
	"ThirdPartyCompletionChanged(address,address,bool)":                             "",
	"PullFundsFromVaultUpdated(bool)":                                               "",
	"AtomicRequestUpdated(address,address,address,uint256,uint256,uint256,uint256)": "",
	"AtomicRequestFulfilled(address,address,address,uint256,uint256,uint256)":       "",
	// of Se7en-Seas/boring-vault, BoringOnChainQueue.sol
	"WithdrawAssetSetup(address,uint24,uint24,uint16,uint16,uint96)":   "",
	"WithdrawAssetUpdated(address,uint24,uint24,uint16,uint16,uint96)": "",
	"WithdrawAssetStopped(address)":                                    "",
	"TrackWithdrawsOnChainToggled(bool)":                               "",

	// IPOR-Labs/ipor-fusion and midas-apps/contracts, hashed anew from their sources by another
	// program; AnswerUpdated also as in many readers of Chainlink's feeds
	"ManagementFeeRealized(uint256,uint256)":                                  "0xbb92eb7521ac4e9e56f7e75ea06a10cbc121c444e5d175fff5e8e0bc9e804937",
	"DepositFeeRealized(address,uint256)":                                     "0xc36625e4a50f8a90f24ec6e613a4443effaea73460206e2e7e82a60d0cbb6091",
	"PerformanceFeeDataConfigured(address,uint256)":                           "0xb51da3e1921b4e807ca7fadcf4582ef9ebbabde509ec7cecd222ca1fd4375df5",
	"ManagementFeeDataConfigured(address,uint256)":                            "0x72a8ee4b89f4194ad7e618624c280d66eb07d10b8cd84ab0376c16534413aa40",
	"ExecuteFinished(address,uint256,uint256[])":                              "0x2af77635631a69c5edb90176f4179da37272c3dd1ec49181d2e0a4d1c79640aa",
	"MarketBalancesUpdated(uint256[],int256)":                                 "0xf1adf92ee604e0c353dfd4481bacd575b0419a97b473374d7822e0c3cdfb2954",
	"MarketSubstratesGranted(uint256,bytes32[])":                              "0x7e2fec298d6e81dab091490fc6ab01dc37a9077786c1d533a01cdc6a8e0f4263",
	"MarketLimitUpdated(uint256,uint256)":                                     "0x4c6d2c98209c0ce5c8fbbcc11919604fb09cec3c5e57d44b883e0f503a7714fc",
	"MarketsLimitsActivated()":                                                "0x844e310696d5462b9717e9a9e705b0119c545a7e1848808c4b67ce45440e70c8",
	"MarketsLimitsDeactivated()":                                              "0x75234aba5a783606f277af07d2159b4878f36e45d9d8e1582d68277285589311",
	"DependencyBalanceGraphChanged(uint256,uint256[])":                        "0xb48d142f846529428157323fc9d957bd2cd61342a70e92910b66a903fdbc2dac",
	"FuseAdded(address)":                                                      "0xa6900b674d94d1ecd696c66ec6762dcb661729307e0f90a5a4bc0513b1390d73",
	"FuseRemoved(address)":                                                    "0x78464d629b261dcdc053f071c694250a86fc2a7ad6315364a81c7cd7cd98482e",
	"BalanceFuseAdded(uint256,address)":                                       "0x275b1b6e4a8352ce8fa292b767afe7d6f3cff10a31042d4f2328a51e3c17d607",
	"BalanceFuseRemoved(uint256,address)":                                     "0x2667629b7f8c1784d92ff6232875e8a84cc468c00daede0da11faf72f320c25b",
	"InstantWithdrawalFusesConfigured((address,bytes32[])[])":                 "0x709163391491f99340a8c1425dafce5e3c77ec8d2fe631cfc8900c8771b20384",
	"CallbackHandlerUpdated(address,address,bytes4)":                          "0xf52261028300639b867ee59a20c5b1fed5722cff7d08b923130deb8da77128a4",
	"PriceOracleMiddlewareChanged(address)":                                   "0xd51f0f0ead29844497f2889430c7143324b01211d610174de544ac915ae5943f",
	"RewardsClaimManagerAddressChanged(address)":                              "0x70d04c70b02f1cb95bda0b7836754f3a59c7be75bf70a61673b9f284ce32688d",
	"WithdrawManagerChanged(address)":                                         "0xd8f38238faf978f3ebd926ef7a8ea95baf4119bb290941e49c523f093ea30d94",
	"TotalSupplyCapChanged(uint256)":                                          "0x24c49e2dc0029eefb42af678618270579f496b2054ba986e70e23a9a6f725e25",
	"PriceOracleChanged(address)":                                             "0xb36d86785c7d32b1ad714bb705e00e93eccc37b8cf47549043e61e10908ad251",
	"SetGreenlistEnable(address,bool)":                                        "0xa8434267b880129bc4ba30249aa4a2ac349e8997c699282a9f70562f0f152f54",
	"IporFusionAccessManagerInitialized()":                                    "0xb54d712960684daa449dd48da65696020bd235d9589433ccfa4b075a7cb43b50",
	"RedemptionDelayForAccountUpdated(address,uint256)":                       "0x112bf9476a9dede256e63220549319653003f259281acdde16d536e0d64acdcc",
	"MinimalExecutionDelayForRoleUpdated(uint64,uint256)":                     "0xc7bb31b15cf43f1b87219681155266b9026771e099177146a7913d68cfbabd02",
	"HarvestManagementFee(address,uint256)":                                   "0xb5a36fd729e09ec7fe13989322bec49d7ae4fcc0ef29ec015d9fd503a3d95dd5",
	"HarvestPerformanceFee(address,uint256)":                                  "0x4da920870f7a5edc67ccc9f6cc4019b324d54267ceef8652ac9ae5e9b924ef85",
	"PerformanceFeeUpdated(uint256,address[],uint256[])":                      "0xcdf46cf41258025ca131bdec889140cde38fb49c1e82dd1e654851481d3e8c99",
	"ManagementFeeUpdated(uint256,address[],uint256[])":                       "0x46a6b8fd5cd56501b3b8d5a5c49801cea4d59daf42d346ec95d689e661a95d51",
	"FeeAccountDeployed(address,address)":                                     "0x6e121e132e70dc3c68d1d6dea74c9c76809878663eedbb6d4c94e473c01d4ed2",
	"WithdrawRequestUpdated(address,uint256,uint32)":                          "0x5c3e92c4d5dedb8016f8d599bcbd4d3857bf6a1c4738f0bfb36488be7c25c9d8",
	"ReleaseFundsUpdated(uint32,uint128)":                                     "0x5d187546fdce813e07dfd97f64081753987bb8962286a3ec1c60d5c7dbcc12e3",
	"WithdrawWindowLengthUpdated(uint256)":                                    "0xe6030ec76050752a9d82f0e6dcffcc89e44ca21c69ff3e153e36893d926131ed",
	"RequestFeeUpdated(uint256)":                                              "0x07695b29775442d5e4836f94223aa3460d93774d5cb9e03119815f418e2a61c4",
	"WithdrawFeeUpdated(uint256)":                                             "0x9a1f74aeeb037eb3d45b22a56376dadd6ba6ded25ec3727e520415f6c76768a9",
	"PlasmaVaultAddressUpdated(address)":                                      "0xb6e5732bd92fdae36e9586f87b8f366b4e97aeec538a023bfd5e7f2ce0cdc526",
	"UnallocatedWithdrawalValidated(address,uint256,uint256,uint256,uint256)": "0xcbf0dfaab992655c4c3f6360cae03762956e90d267e05308424cc24b6dcba3ef",
	"AnswerUpdated(int256,uint256,uint256)":                                   "0x0559884fd3a460db3073b7fc896cc77986f16e378210ded43186175bf646fc5f",
	"AnswerUpdated(int256,uint256,uint256,int80)":                             "0xe012d696f661afa25265e797b4eb1ba2e0c146a00d39c97014bac5aba66ff220",
	"MaxGrowthAprUpdated(int80)":                                              "0xcd51367323c435753cd72033c269fd23adf29dd7658d99066cc317b2a66c134a",
	"MinGrowthAprUpdated(int80)":                                              "0x4b683323effb375384b3f2393007727b4c689bbb5f8b6925829e4e3d97d88d7a",
	"OnlyUpUpdated(bool)":                                                     "0x23d813e3f029087311d85d161f55b4b9c21ac27166a208a84c996eb1d08dd7fe",
}

// TestEventTopics checks names, indexed flags and topic0 of every event against
// a list that was made from the contracts' sources.
func TestEventTopics(t *testing.T) {
	text, err := os.ReadFile("../../../shared/reference/events.json")
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
		name, isListed := listed[want.Family]
		if !isListed || left[want.Family+" "+want.Event] {
			continue
		}
		checked[want.Family]++
		var arguments []argument
		for _, p := range want.Params {
			arguments = append(arguments, argument{p.Name, p.Indexed, `"` + p.Name + `":`})
		}
		f, _ := family.Of(name)
		found := slices.ContainsFunc(slices.Concat(f.Events...), func(text string) bool {
			e, err := parseEvent(text)
			return err == nil && e.topic0 == common.HexToHash(want.Topic0) && slices.Equal(e.arguments, arguments) &&
				e.Signature == strings.ReplaceAll(want.Signature, " ", "")
		})
		if !found {
			t.Errorf("%s: no event of ours is %s %v", want.Family, want.Signature, arguments)
		}
	}
	for source := range listed {
		if checked[source] == 0 && source != "yearn-v2(0.2.x)" {
			t.Errorf("%s: nothing of it is in the list", source)
		}
	}
	for _, f := range family.All() {
		for _, event := range slices.Concat(f.Events...) {
			e, err := parseEvent(event)
			if err != nil {
				t.Fatal(err)
			}
			topic0, other := unlisted[e.Signature]
			if !known[e.topic0.Hex()] && !other || topic0 != "" && topic0 != e.topic0.Hex() {
				t.Errorf("%s: %s has topic0 %s, which nothing confirms: put it into unlisted with its source", f.Name, e.Signature, e.topic0.Hex())
			}
		}
	}
}

// TestFamilies: every family parses, and no two of its events look alike in a
// log. The official ABIs of Lagoon have 28 events in v0.5 and 49 in v0.6, of
// which RatesUpdated replaced one; a proxy, its old version, the roles and
// ERC-7575 add the others.
func TestFamilies(t *testing.T) {
	sets, err := Sets()
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range family.Vaults() {
		if _, known := sets[name]; !known {
			t.Errorf("no events of vault family %s", name)
		}
	}
	inherited := 2 + 7 + 1 + 2 + 5
	for name, want := range map[string]int{
		"observed": 0, "erc4626": 4 + inherited, "erc7540": 7 + inherited, "lagoon": 49 + 1 + 3 + 7 + 1 + 1 + 1, "safe": 17,
	} {
		if len(sets[name]) != want {
			t.Errorf("%s: %d events, want %d", name, len(sets[name]), want)
		}
	}
}

func TestParseEvent(t *testing.T) {
	e, err := parseEvent("E((uint16,(bool,bytes32)[]) indexed a, uint40[2] b, string indexed c)")
	if err != nil {
		t.Fatal(err)
	}
	if e.Signature != "E((uint16,(bool,bytes32)[]),uint40[2],string)" || len(e.topics) != 2 || e.topics[0].Type.String() != "bytes32" {
		t.Errorf("got %s, topics %v", e.Signature, e.topics)
	}
	for _, text := range []string{
		"", "E", "E(", "(uint256 a)", "E(uint256)", "E(uint256 a b)", "E(word a)", "E(uint256 a,)", "E((uint256 a)", "E((uint256) indexed)",
		"E(uint256 indexed a, uint256 indexed b, uint256 indexed c, uint256 indexed d)", "E(uint256 a))",
	} {
		if e, err := parseEvent(text); err == nil {
			t.Errorf("%q: got %s, want an error", text, e.Signature)
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
