//go:build !race

package realvaults

import (
	"encoding/json"
	"io/fs"
	"math/big"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/ethereum/go-ethereum/common"
	"github.com/ethereum/go-ethereum/common/hexutil"
)

// TestAaveV3 plays Aave V3. What else can go wrong: one pool has the tokens of all, its
// receipts grow without a log, and a receipt that is followed besides the pool is the
// same money.
func TestAaveV3(t *testing.T) {
	testLending(t, "aave_v3", func(lw *lendingWorld) lender { return newAaveV3(lw) })
}

// TestAaveV2 plays Aave V2. What else can go wrong: its events have other names, and
// its receipts' transfers do not tell what had been earned.
func TestAaveV2(t *testing.T) {
	testLending(t, "aave_v2", func(lw *lendingWorld) lender { return newAaveV2(lw) })
}

// npmCode is the compiled code of a package that has it.
func npmCode(t testing.TB, name string) artifacts {
	t.Helper()
	all := artifacts{}
	root := filepath.Join("contracts", "node_modules", filepath.FromSlash(name), "artifacts", "contracts")
	err := filepath.WalkDir(root, func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() || !strings.HasSuffix(path, ".json") || strings.HasSuffix(path, ".dbg.json") {
			return err
		}
		text, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		var one struct {
			SourceName, ContractName, Bytecode string
			ABI                                json.RawMessage
			LinkReferences                     map[string]map[string][]struct{ Start int }
		}
		if err := json.Unmarshal(text, &one); err != nil {
			return err
		}
		all[one.SourceName+":"+one.ContractName] = artifact{one.ABI, one.Bytecode, one.LinkReferences}
		return nil
	})
	if err != nil {
		t.Skipf("%s is not installed: run make anvil: %v", name, err)
	}
	return all
}

// An aave is a pool of either version with the asset, which can be borrowed, and the
// other token, against which it can.
type aave struct {
	lw                   *lendingWorld
	pool, oracle         *contract
	receipt, debt        *contract
	supplying, family    string
	priceUnit            *big.Int
	followsReceiptAsWell bool
}

func ray(hundredths int64) *big.Int { return mulDiv(power(27), num(hundredths), num(100)) }

type aaveReserve struct {
	ATokenImpl, StableDebtTokenImpl, VariableDebtTokenImpl                   common.Address
	UnderlyingAssetDecimals                                                  uint8
	InterestRateStrategyAddress, UnderlyingAsset, Treasury                   common.Address
	IncentivesController                                                     common.Address
	ATokenName, ATokenSymbol, VariableDebtTokenName, VariableDebtTokenSymbol string
	StableDebtTokenName, StableDebtTokenSymbol                               string
	Params                                                                   []byte
}

func newAaveV3(lw *lendingWorld) *aave {
	d, admin := newDeployer(lw.world, lw.admin, npmCode(lw.t, "@aave/core-v3")), lw.admin
	m := &aave{lw: lw, supplying: "supply", family: "aave_v3", priceUnit: power(8), followsReceiptAsWell: true}
	provider := d.deploy("contracts/protocol/configuration/PoolAddressesProvider.sol:PoolAddressesProvider", "Played", admin)
	provider.send(admin, "setACLAdmin", admin)
	acl := d.deploy("ACLManager", provider)
	provider.send(admin, "setACLManager", acl)
	acl.send(admin, "addPoolAdmin", admin)
	acl.send(admin, "addAssetListingAdmin", admin)
	m.oracle = d.deploy("contracts/mocks/oracle/PriceOracle.sol:PriceOracle")
	provider.send(admin, "setPriceOracle", m.oracle)
	provider.send(admin, "setPoolImpl", d.deploy("contracts/protocol/pool/Pool.sol:Pool", provider))
	provider.send(admin, "setPoolConfiguratorImpl", d.deploy("PoolConfigurator"))
	m.pool = d.bind("contracts/protocol/pool/Pool.sol:Pool", provider.ask(lw.head, "getPool")[0].(common.Address))
	configurator := d.bind("PoolConfigurator", provider.ask(lw.head, "getPoolConfigurator")[0].(common.Address))
	const tokens = "contracts/protocol/tokenization/"
	receipt := d.deploy(tokens+"AToken.sol:AToken", m.pool)
	stable, variable := d.deploy(tokens+"StableDebtToken.sol:StableDebtToken", m.pool), d.deploy(tokens+"VariableDebtToken.sol:VariableDebtToken", m.pool)
	rates := d.deploy("contracts/protocol/pool/DefaultReserveInterestRateStrategy.sol:DefaultReserveInterestRateStrategy",
		provider, ray(80), ray(5), ray(10), ray(60), ray(5), ray(60), ray(1), ray(5), ray(20))
	for i, token := range []*contract{lw.coin, lw.other} {
		configurator.send(admin, "initReserves", []aaveReserve{{
			ATokenImpl: receipt.address, StableDebtTokenImpl: stable.address, VariableDebtTokenImpl: variable.address,
			UnderlyingAssetDecimals: []uint8{6, 18}[i], InterestRateStrategyAddress: rates.address, UnderlyingAsset: token.address, Treasury: admin,
			ATokenName: "a", ATokenSymbol: "a", VariableDebtTokenName: "v", VariableDebtTokenSymbol: "v", StableDebtTokenName: "s", StableDebtTokenSymbol: "s", Params: []byte{},
		}})
		m.oracle.send(admin, "setAssetPrice", token, m.priceUnit)
	}
	configurator.send(admin, "setReserveBorrowing", lw.coin, true)
	configurator.send(admin, "setReserveFactor", lw.coin, 1000)
	configurator.send(admin, "configureReserveAsCollateral", lw.other, 8000, 8500, 10500)
	m.bind(d, 8, tokens)
	return m
}

func newAaveV2(lw *lendingWorld) *aave {
	d, admin := newDeployer(lw.world, lw.admin, npmCode(lw.t, "@aave/protocol-v2")), lw.admin
	m := &aave{lw: lw, supplying: "deposit", family: "aave_v2", priceUnit: power(18)}
	provider := d.deploy("LendingPoolAddressesProvider", "Played")
	provider.send(admin, "setPoolAdmin", admin)
	provider.send(admin, "setEmergencyAdmin", admin)
	m.oracle = d.deploy("contracts/mocks/oracle/PriceOracle.sol:PriceOracle")
	rateOracle := d.deploy("contracts/mocks/oracle/LendingRateOracle.sol:LendingRateOracle")
	provider.send(admin, "setPriceOracle", m.oracle)
	provider.send(admin, "setLendingRateOracle", rateOracle)
	provider.send(admin, "setLendingPoolImpl", d.deploy("contracts/protocol/lendingpool/LendingPool.sol:LendingPool"))
	provider.send(admin, "setLendingPoolConfiguratorImpl", d.deploy("LendingPoolConfigurator"))
	provider.send(admin, "setLendingPoolCollateralManager", d.deploy("LendingPoolCollateralManager"))
	m.pool = d.bind("contracts/protocol/lendingpool/LendingPool.sol:LendingPool", provider.ask(lw.head, "getLendingPool")[0].(common.Address))
	configurator := d.bind("LendingPoolConfigurator", provider.ask(lw.head, "getLendingPoolConfigurator")[0].(common.Address))
	const tokens = "contracts/protocol/tokenization/"
	rates := d.deploy("contracts/protocol/lendingpool/DefaultReserveInterestRateStrategy.sol:DefaultReserveInterestRateStrategy",
		provider, ray(80), ray(5), ray(10), ray(60), ray(5), ray(60))
	for i, token := range []*contract{lw.coin, lw.other} {
		configurator.send(admin, "initReserve",
			d.deploy(tokens+"AToken.sol:AToken", m.pool, token, admin, "a", "a", common.Address{}),
			d.deploy(tokens+"StableDebtToken.sol:StableDebtToken", m.pool, token, "s", "s", common.Address{}),
			d.deploy(tokens+"VariableDebtToken.sol:VariableDebtToken", m.pool, token, "v", "v", common.Address{}),
			[]uint8{6, 18}[i], rates)
		m.oracle.send(admin, "setAssetPrice", token, m.priceUnit)
		rateOracle.send(admin, "setMarketBorrowRate", token, ray(5))
	}
	configurator.send(admin, "enableBorrowingOnReserve", lw.coin, false)
	configurator.send(admin, "setReserveFactor", lw.coin, 1000)
	configurator.send(admin, "configureReserveAsCollateral", lw.other, 8000, 8500, 10500)
	m.bind(d, 7, tokens)
	return m
}

// bind finds the asset's tokens; getReserveData has the first as its word.
func (m *aave) bind(d *deployer, word int, tokens string) {
	m.lw.t.Helper()
	var answer hexutil.Bytes
	m.lw.node.must(m.lw.t, &answer, "eth_call", map[string]any{
		"to": m.pool.address, "data": hexutil.Bytes(m.pool.data("getReserveData", []any{m.lw.coin})),
	}, blockArg(m.lw.head))
	at := func(n int) common.Address { return common.BytesToAddress(answer[32*(word+n) : 32*(word+n+1)]) }
	m.receipt = d.bind(tokens+"AToken.sol:AToken", at(0))
	m.debt = d.bind(tokens+"VariableDebtToken.sol:VariableDebtToken", at(2))
}

func (m *aave) approve(who actor) {
	who.send(m.lw.coin, "approve", m.pool, maxUint(256))
	who.send(m.lw.other, "approve", m.pool, maxUint(256))
}

func (m *aave) supply(who actor, amount *big.Int) {
	who.send(m.pool, m.supplying, m.lw.coin, amount, who.address(), uint16(0))
}

func (m *aave) withdraw(who actor, amount *big.Int) {
	if amount == nil {
		amount = maxUint(256)
	}
	who.send(m.pool, "withdraw", m.lw.coin, amount, who.address())
}

func (m *aave) pledge(who actor, amount *big.Int) {
	who.send(m.pool, m.supplying, m.lw.other, amount, who.address(), uint16(0))
}

func (m *aave) borrow(who actor, amount *big.Int) {
	who.send(m.pool, "borrow", m.lw.coin, amount, 2, uint16(0), who.address())
}

func (m *aave) repay(payer, of actor, amount *big.Int) {
	if amount == nil {
		amount = maxUint(256)
	}
	payer.send(m.pool, "repay", m.lw.coin, amount, 2, of.address())
}

func (m *aave) give(from, to actor, assets *big.Int) bool {
	from.send(m.receipt, "transfer", to.address(), assets)
	return true
}

func (m *aave) touch() {}

func (m *aave) crash(millionths int64) {
	m.oracle.send(m.lw.admin, "setAssetPrice", m.lw.other, mulDiv(m.priceUnit, num(millionths), num(1_000_000)))
}

func (m *aave) liquidate(by, who actor) {
	by.send(m.pool, "liquidationCall", m.lw.other, m.lw.coin, who.address(), maxUint(256), false)
}

func (m *aave) supplied(who actor, block uint64) *big.Int {
	return m.receipt.at(block, "balanceOf", who.address())
}

func (m *aave) owed(who actor, block uint64) *big.Int {
	return m.debt.at(block, "balanceOf", who.address())
}

func (m *aave) contracts() []string {
	lines := []string{placeLine(m.pool.address, "lending", m.family)}
	if m.followsReceiptAsWell {
		lines = append(lines, placeLine(m.receipt.address, "venue", "aave_token"))
	}
	return lines
}
