package decode

import (
	"bufio"
	"encoding/json"
	"os"
	"strconv"
	"strings"
	"testing"

	"github.com/ethereum/go-ethereum/common"
)

// Accounts and tokens of the logs below, as topics and as arguments.
const (
	safeAddress  = "0x00000000000000000000000000000000000000aa"
	tokenAddress = "0x00000000000000000000000000000000000000bb"
	word32       = "0x7f00000000000000000000000000000000000000000000000000000000000001"
)

// TestDecodeFamilies decodes one log, encoded by hand, of each source of each
// family, and both forms where versions differ in what is indexed.
func TestDecodeFamilies(t *testing.T) {
	const a, b = "0xaa", "0xbb"
	tests := []struct {
		family, signature, topics, data, want string
	}{
		{"yearn_v2", "Deposit(address,uint256,uint256)", a, "0x5 0x6", `Deposit {"recipient":"A","shares":"5","amount":"6"}`},
		{"yearn_v2", "StrategyReported(address,uint256,uint256,uint256,uint256,uint256,uint256,uint256)", a, "1 2 3 4 5 6 7", `StrategyReported {"strategy":"A","gain":"1","loss":"2","totalGain":"3","totalLoss":"4","totalDebt":"5","debtAdded":"6","debtRatio":"7"}`},
		{"yearn_v2", "StrategyReported(address,uint256,uint256,uint256,uint256,uint256,uint256,uint256,uint256)", a, "1 2 3 4 5 6 7 8", `StrategyReported {"strategy":"A","gain":"1","loss":"2","debtPaid":"3","totalGain":"4","totalLoss":"5","totalDebt":"6","debtAdded":"7","debtRatio":"8"}`},
		{"yearn_v2", "UpdateWithdrawalQueue(address[20])", "", "0xaa" + strings.Repeat(" 0x0", 19), `UpdateWithdrawalQueue {"queue":["A"` + strings.Repeat(`,"0x0000000000000000000000000000000000000000"`, 19) + `]}`},
		{"yearn_v3", "DebtUpdated(address,uint256,uint256)", a, "0x7 0x9", `DebtUpdated {"strategy":"A","current_debt":"7","new_debt":"9"}`},
		{"yearn_v3", "RoleSet(address,uint256)", a + " 0x3fff", "", `RoleSet {"account":"A","role":"16383"}`},
		{"yearn_v3", "RoleStatusChanged(uint256,uint256)", "0x10 0x1", "", `RoleStatusChanged {"role":"16","status":"1"}`},
		{"yearn_v3", "Reported(uint256,uint256,uint256,uint256)", "", "1 2 3 4", `Reported {"profit":"1","loss":"2","protocolFees":"3","performanceFees":"4"}`},
		{"metamorpho", "ReallocateSupply(address,bytes32,uint256,uint256)", a + " " + word32, "5 6", `ReallocateSupply {"caller":"A","id":"` + word32 + `","suppliedAssets":"5","suppliedShares":"6"}`},
		{"metamorpho", "UpdateLostAssets(uint256)", "", "5", `UpdateLostAssets {"newLostAssets":"5"}`},
		{"morpho_v2", "Allocate(address,address,uint256,bytes32[],int256)", a + " " + b, "0x9 0x60 ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff 0x1 " + word32, `Allocate {"sender":"A","adapter":"B","assets":"9","ids":["` + word32 + `"],"change":"-1"}`},
		{"morpho_v2", "SetLiquidityAdapterAndData(address,address,bytes)", a + " " + b + " " + word32, "", `SetLiquidityAdapterAndData {"sender":"A","newLiquidityAdapter":"B","newLiquidityData":"` + word32 + `"}`},
		{"euler_earn", "SetCap(address,address,uint256)", a + " " + b, "5", `SetCap {"caller":"A","id":"B","cap":"5"}`},
		{"evk", "VaultStatus(uint256,uint256,uint256,uint256,uint256,uint256,uint256)", "", "1 2 3 4 5 6 7", `VaultStatus {"totalShares":"1","totalBorrows":"2","accumulatedFees":"3","cash":"4","interestAccumulator":"5","interestRate":"6","timestamp":"7"}`},
		{"evk", "GovSetCaps(uint16,uint16)", "", "1 2", `GovSetCaps {"newSupplyCap":"1","newBorrowCap":"2"}`},
		{"evk_factory", "ProxyCreated(address,bool,address,bytes)", a, "1 0xbb 0x60 0x1 ff00000000000000000000000000000000000000000000000000000000000000", `ProxyCreated {"proxy":"A","upgradeable":true,"implementation":"B","trailingData":"0xff"}`},
		{"morpho_adapter", "Allocate(bytes32,uint256,uint256)", word32, "5 6", `Allocate {"marketId":"` + word32 + `","newAllocation":"5","mintedShares":"6"}`},
		{"morpho_gate", "SetIsWhitelister(address,bool)", a, "1", `SetIsWhitelister {"account":"A","newIsWhitelister":true}`},
		{"morpho_allocator", "SetPenalty(address,address,uint64)", a + " " + b, "5", `SetPenalty {"sender":"A","vault":"B","newPenalty":"5"}`},
		{"public_allocator", "SetFlowCaps(address,address,(bytes32,(uint128,uint128))[])", a + " " + b, "0x20 1 " + word32 + " 5 6", `SetFlowCaps {"sender":"A","vault":"B","config":[["` + word32 + `",["5","6"]]]}`},
		{"evc", "OwnerRegistered(bytes19,address)", "0x11223344556677889900112233445566778899" + strings.Repeat("0", 26) + " 0xaa", "", `OwnerRegistered {"addressPrefix":"0x11223344556677889900112233445566778899","owner":"A"}`},
		{"evc", "ControllerStatus(address,address,bool)", a + " " + b, "1", `ControllerStatus {"account":"A","controller":"B","enabled":true}`},
		{"susde", "RewardsReceived(uint256)", "", "5", `RewardsReceived {"amount":"5"}`},
		{"susde", "RewardsReceived(uint256)", "5", "", `RewardsReceived {"amount":"5"}`},
		{"susde", "RewardsReceived(uint256,uint256)", "5", "6", `RewardsReceived {"amount":"5","newVestingUSDeAmount":"6"}`},
		{"susds", "Drip(uint256,uint256)", "", "5 6", `Drip {"chi":"5","diff":"6"}`},
		{"sdai", "Referral(uint16,address,uint256,uint256)", "7 " + a, "5 6", `Referral {"referral":"7","owner":"A","assets":"5","shares":"6"}`},
		{"veda", "Enter(address,address,uint256,address,uint256)", a + " " + b + " " + a, "5 6", `Enter {"from":"A","asset":"B","amount":"5","to":"A","shares":"6"}`},
		{"veda_accountant", "ExchangeRateUpdated(uint96,uint96,uint64)", "", "5 6 7", `ExchangeRateUpdated {"oldRate":"5","newRate":"6","currentTime":"7"}`},
		{"veda_authority", "OwnershipTransferred(address,address)", a + " " + b, "", `OwnershipTransferred {"user":"A","newOwner":"B"}`},
		{"veda_accountant", "Paused()", "", "", `Paused {}`},
		{"veda_teller", "BulkDeposit(address,uint256)", a, "5", `BulkDeposit {"asset":"A","depositAmount":"5"}`},
		{"veda_manager", "ManageRootUpdated(address,bytes32,bytes32)", a, word32 + " " + word32, `ManageRootUpdated {"strategist":"A","oldRoot":"` + word32 + `","newRoot":"` + word32 + `"}`},
		{"veda_queue", "WithdrawRequested(address,address,uint96,uint40)", a + " " + b, "5 6", `WithdrawRequested {"account":"A","asset":"B","shares":"5","maturity":"6"}`},
		{"ipor_fusion", "MarketSubstratesGranted(uint256,bytes32[])", "", "7 0x40 1 " + word32, `MarketSubstratesGranted {"marketId":"7","substrates":["` + word32 + `"]}`},
		{"ipor_fusion", "InstantWithdrawalFusesConfigured((address,bytes32[])[])", "", "0x20 1 0x20 0xaa 0x40 1 " + word32, `InstantWithdrawalFusesConfigured {"fuses":[["A",["` + word32 + `"]]]}`},
		{"ipor_fusion", "MarketBalancesUpdated(uint256[],int256)", "", "0x40 ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff 2 1 7", `MarketBalancesUpdated {"marketIds":["1","7"],"deltaInUnderlying":"-1"}`},
		{"ipor_access_manager", "MinimalExecutionDelayForRoleUpdated(uint64,uint256)", "", "7 5", `MinimalExecutionDelayForRoleUpdated {"roleId":"7","delay":"5"}`},
		{"ipor_fee_manager", "PerformanceFeeUpdated(uint256,address[],uint256[])", "", "5 0x60 0xa0 1 0xaa 1 6", `PerformanceFeeUpdated {"totalFee":"5","recipients":["A"],"fees":["6"]}`},
		{"ipor_withdraw_manager", "WithdrawRequestUpdated(address,uint256,uint32)", "", "0xaa 5 6", `WithdrawRequestUpdated {"account":"A","shares":"5","endWithdrawWindow":"6"}`},
		{"midas", "SetGreenlistEnable(address,bool)", a, "1", `SetGreenlistEnable {"sender":"A","enable":true}`},
		{"price_feed", "AnswerUpdated(int256,uint256,uint256)", "5 6", "7", `AnswerUpdated {"answer":"5","roundId":"6","updatedAt":"7"}`},
		{"price_feed", "AnswerUpdated(int256,uint256,uint256)", "5 6 7", "", `AnswerUpdated {"answer":"5","roundId":"6","updatedAt":"7"}`},
		{"price_feed", "AnswerUpdated(int256,uint256,uint256,int80)", "5 6 7", "8", `AnswerUpdated {"answer":"5","roundId":"6","updatedAt":"7","growthApr":"8"}`},
		{"safe", "AddedOwner(address)", "", a, `AddedOwner {"owner":"A"}`},
		{"safe", "AddedOwner(address)", a, "", `AddedOwner {"owner":"A"}`},
		{"safe", "ExecutionSuccess(bytes32,uint256)", word32, "5", `ExecutionSuccess {"txHash":"` + word32 + `","payment":"5"}`},
		{"safe", "ExecutionSuccess(bytes32,uint256)", "", word32 + " 5", `ExecutionSuccess {"txHash":"` + word32 + `","payment":"5"}`},
		{"safe", "SafeSetup(address,address[],uint256,address,address)", a, "0x80 2 0xbb 0x0 0x2 0xaa 0xbb", `SafeSetup {"initiator":"A","owners":["A","B"],"threshold":"2","initializer":"B","fallbackHandler":"0x0000000000000000000000000000000000000000"}`},
		{"safe", "ChangedThreshold(uint256)", "", "3", `ChangedThreshold {"threshold":"3"}`},
		{"zodiac_roles", "AssignRoles(address,bytes32[],bool[])", "", "0xaa 0x60 0xa0 1 " + word32 + " 1 1", `AssignRoles {"module":"A","roleKeys":["` + word32 + `"],"memberOf":[true]}`},
		{"zodiac_roles", "EnabledModule(address)", "", a, `EnabledModule {"module":"A"}`},
		{"zodiac_delay", "TxCooldownSet(uint256)", "", "5", `TxCooldownSet {"cooldown":"5"}`},
		{"access", "OwnershipTransferStarted(address,address)", a + " " + b, "", `OwnershipTransferStarted {"previousOwner":"A","newOwner":"B"}`},
		{"access", "RoleGranted(bytes32,address,address)", word32 + " " + a + " " + b, "", `RoleGranted {"role":"` + word32 + `","account":"A","sender":"B"}`},
		{"access", "Paused(address)", "", a, `Paused {"account":"A"}`},
		{"access", "Upgraded(address)", a, "", `Upgraded {"implementation":"A"}`},
		{"access", "AdminChanged(address,address)", "", "0xaa 0xbb", `AdminChanged {"previousAdmin":"A","newAdmin":"B"}`},
		{"access", "BeaconUpgraded(address)", a, "", `BeaconUpgraded {"beacon":"A"}`},
		{"access_manager", "RoleGranted(uint64,address,uint32,uint48,bool)", "7 " + a, "1 2 1", `RoleGranted {"roleId":"7","account":"A","delay":"1","since":"2","newMember":true}`},
		{"timelock", "MinDelayChange(uint256,uint256)", "", "5 6", `MinDelayChange {"oldDuration":"5","newDuration":"6"}`},
		{"lagoon_proxy", "DelayUpdated(uint256,uint256)", "", "5 6", `DelayUpdated {"newDelay":"5","oldDelay":"6"}`},
		{"lagoon_registry", "CustomRateUpdated(address,uint16,bool)", "", "0xaa 5 1", `CustomRateUpdated {"vault":"A","rate":"5","isActivated":true}`},
		{"aave_v3", "Borrow(address,address,address,uint256,uint8,uint256,uint16)", b + " " + a + " 0", "0xaa 5 2 7", `Borrow {"reserve":"B","user":"A","onBehalfOf":"A","amount":"5","interestRateMode":"2","borrowRate":"7","referralCode":"0"}`},
		{"aave_v2", "Borrow(address,address,address,uint256,uint256,uint256,uint16)", b + " " + a + " 0", "0xaa 5 2 7", `Borrow {"reserve":"B","user":"A","onBehalfOf":"A","amount":"5","borrowRateMode":"2","borrowRate":"7","referral":"0"}`},
		{"aave_token", "Mint(address,address,uint256,uint256,uint256)", a + " " + b, "5 6 7", `Mint {"caller":"A","onBehalfOf":"B","value":"5","balanceIncrease":"6","index":"7"}`},
		{"aave_token", "BorrowAllowanceDelegated(address,address,address,uint256)", a + " " + b + " " + b, "5", `BorrowAllowanceDelegated {"fromUser":"A","toUser":"B","asset":"B","amount":"5"}`},
		{"morpho_blue", "Borrow(bytes32,address,address,address,uint256,uint256)", word32 + " " + a + " " + b, "0xaa 5 6", `Borrow {"id":"` + word32 + `","caller":"A","onBehalf":"A","receiver":"B","assets":"5","shares":"6"}`},
		{"morpho_blue", "CreateMarket(bytes32,(address,address,address,address,uint256))", word32, "0xaa 0xbb 0xaa 0xbb 5", `CreateMarket {"id":"` + word32 + `","marketParams":["A","B","A","B","5"]}`},
		{"compound_v3", "Withdraw(address,address,uint256)", a + " " + b, "5", `Withdraw {"src":"A","to":"B","amount":"5"}`},
		{"compound_v2", "Borrow(address,uint256,uint256,uint256)", "", "0xaa 5 6 7", `Borrow {"borrower":"A","borrowAmount":"5","accountBorrows":"6","totalBorrows":"7"}`},
		{"fluid_liquidity", "LogOperate(address,address,int256,int256,address,address,uint256,uint256)", a + " " + b, "ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff 5 0xaa 0xbb 6 7", `LogOperate {"user":"A","token":"B","supplyAmount":"-1","borrowAmount":"5","withdrawTo":"A","borrowTo":"B","totalAmounts":"6","exchangePricesAndConfig":"7"}`},
		{"fluid_vault", "LogOperate(address,uint256,int256,int256,address)", "", "0xaa 1 2 3 0xbb", `LogOperate {"user_":"A","nftId_":"1","colAmt_":"2","debtAmt_":"3","to_":"B"}`},
		{"fluid_token", "LogRebalance(uint256)", "", "5", `LogRebalance {"assets":"5"}`},
		{"uniswap_v2", "Swap(address,uint256,uint256,uint256,uint256,address)", a + " " + b, "1 2 3 4", `Swap {"sender":"A","amount0In":"1","amount1In":"2","amount0Out":"3","amount1Out":"4","to":"B"}`},
		{"uniswap_v3", "Swap(address,address,int256,int256,uint160,uint128,int24)", a + " " + b, "ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff 2 3 4 ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff", `Swap {"sender":"A","recipient":"B","amount0":"-1","amount1":"2","sqrtPriceX96":"3","liquidity":"4","tick":"-1"}`},
		{"uniswap_v4", "Swap(bytes32,address,int128,int128,uint160,uint128,int24,uint24)", word32 + " " + a, "1 2 3 4 5 6", `Swap {"id":"` + word32 + `","sender":"A","amount0":"1","amount1":"2","sqrtPriceX96":"3","liquidity":"4","tick":"5","fee":"6"}`},
		{"curve", "TokenExchange(address,int128,uint256,int128,uint256)", a, "0 5 1 6", `TokenExchange {"buyer":"A","sold_id":"0","tokens_sold":"5","bought_id":"1","tokens_bought":"6"}`},
		{"curve", "TokenExchange(address,uint256,uint256,uint256,uint256)", a, "0 5 1 6", `TokenExchange {"buyer":"A","sold_id":"0","tokens_sold":"5","bought_id":"1","tokens_bought":"6"}`},
		{"curve", "TokenExchange(address,uint256,uint256,uint256,uint256,uint256,uint256)", "", "0xaa 0 5 1 6 7 8", `TokenExchange {"buyer":"A","sold_id":"0","tokens_sold":"5","bought_id":"1","tokens_bought":"6","fee":"7","price_scale":"8"}`},
	}
	sets, err := Sets()
	if err != nil {
		t.Fatal(err)
	}
	tested := map[string]bool{"observed": true, "erc20": true, "erc4626": true, "erc7540": true, "lagoon": true} // elsewhere, or of others' events
	for _, test := range tests {
		tested[test.family] = true
		topics := [][]byte{common.FromHex(topic(test.signature))}
		for rest := words(test.topics); len(rest) > 0; rest = rest[32:] {
			topics = append(topics, rest[:32])
		}
		e, text, err := decodeLog(sets[test.family], topics, words(test.data), nil)
		if err != nil {
			t.Errorf("%s %s: %v", test.family, test.signature, err)
			continue
		}
		want := strings.NewReplacer(`"A"`, `"`+safeAddress+`"`, `"B"`, `"`+tokenAddress+`"`).Replace(test.want)
		if got := e.Name + " " + string(text); got != want {
			t.Errorf("%s: got\n%s\nwant\n%s", test.family, got, want)
		}
	}
	for family := range sets {
		if !tested[family] {
			t.Errorf("no log of family %s is decoded here", family)
		}
	}
}

// repeatedAmounts are the arguments that a transfer of tokens in the same transaction
// must repeat.
var repeatedAmounts = map[string][]string{
	"aave_v3 Supply": {"amount"}, "aave_v3 Withdraw": {"amount"}, "aave_v3 Borrow": {"amount"}, "aave_v3 Repay": {"amount"},
	"aave_v2 Borrow": {"amount"}, "morpho_blue Supply": {"assets"}, "morpho_blue Withdraw": {"assets"},
	"yearn_v2 Deposit": {"amount", "shares"}, "yearn_v2 Withdraw": {"shares"},
	"curve TokenExchange": {"tokens_sold"}, "uniswap_v3 Swap": {"amount0", "amount1"},
}

// TestDecodeRealReceipts decodes the logs of real transactions as every family
// that knows their topic0 and number of topics. What a market or vault says was
// moved must have been transferred in the same transaction, by the token's word.
func TestDecodeRealReceipts(t *testing.T) {
	file, err := os.Open("../../../shared/data/rotki-test-caching/receipts_with_vault_or_aave_logs.ndjson")
	if err != nil {
		t.Skip("needs ../shared/data/rotki-test-caching beside the repository")
	}
	defer func() { _ = file.Close() }()
	sets, err := Sets()
	if err != nil {
		t.Fatal(err)
	}
	decoded, compared := map[string]int{}, map[string]int{}
	lines := bufio.NewScanner(file)
	lines.Buffer(nil, 1<<24)
	for lines.Scan() {
		var line struct {
			Receipt struct {
				Logs []struct {
					Address, Data string
					Topics        []string
				}
			}
		}
		if err := json.Unmarshal(lines.Bytes(), &line); err != nil {
			t.Fatal(err)
		}
		moved := map[string]bool{}
		type said struct{ event, amount string }
		var all []said
		for _, l := range line.Receipt.Logs {
			var topics [][]byte
			for _, text := range l.Topics {
				topics = append(topics, common.FromHex(text))
			}
			for family, set := range sets {
				e, failed := set.find(topics)
				if failed != nil {
					continue
				}
				_, text, err := decodeLog(set, topics, common.FromHex(l.Data), nil)
				if err != nil {
					t.Errorf("%s: %s of %s: %v", family, e.Name, l.Address, err)
					continue
				}
				decoded[family+" "+e.Name]++
				var arguments map[string]any
				if err := json.Unmarshal(text, &arguments); err != nil {
					t.Fatal(err)
				}
				if e.Name == "Transfer" {
					moved[arguments["value"].(string)] = true
				}
				for _, name := range repeatedAmounts[family+" "+e.Name] {
					all = append(all, said{family + " " + e.Name, strings.TrimPrefix(arguments[name].(string), "-")})
				}
			}
		}
		for _, s := range all {
			compared[s.event]++
			if !moved[s.amount] {
				t.Errorf("%s of %s: no token moved by that", s.event, s.amount)
			}
		}
	}
	if err := lines.Err(); err != nil {
		t.Fatal(err)
	}
	for event := range repeatedAmounts {
		if compared[event] == 0 {
			t.Errorf("%s: none to compare", event)
		}
	}
	for _, event := range []string{"metamorpho AccrueInterest", "metamorpho UpdateLastTotalAssets", "morpho_v2 Allocate", "safe EnabledModule", "safe ExecutionSuccess", "susds Drip"} {
		if decoded[event] == 0 {
			t.Errorf("%s: none decoded", event)
		}
	}
	t.Log("compared ", compared, ", decoded "+strconv.Itoa(len(decoded))+" kinds of events")
}
