//go:build !race

package realvaults

import (
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"math"
	"math/big"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/ethereum/go-ethereum/common"
)

// TestMarkets plays Uniswap's pairs and pools of vaults' shares, against the asset and
// against another coin of other decimals. What can go wrong: which coin is which, by
// addresses that fall out at random; a gain in the middle of a day, after which the same
// trade is at a discount; a fee that alone is more than what breaks the claim; a real
// discount; shares that lie in pools and belong to no investor; dust; events besides
// trades; and a chain that goes on after the as-of day.
func TestMarkets(t *testing.T) {
	forSeeds(t, func(t *testing.T, seed uint64) {
		const days = 32
		w := newWorld(t, seed, "markets")
		d := newDeployer(w, w.users[0], plainCode(t))
		m := newMarkets(d)
		near, costly, apart := m.newPlay("n6", 6, 12), m.newPlay("c18", 18, 0), m.newPlay("a8", 8, 1)
		apart.slumpOn = 11 + int(w.dice.between(0, 9))
		plays := []*marketPlay{near, costly, apart}
		w.startDay(0)
		for _, p := range plays {
			p.start()
		}
		near.addPair(near.asset, 6)
		near.addRange(near.asset, 6, 500)
		near.addRange(m.other, 8, 3000)
		costly.addRange(costly.asset, 18, 10_000)
		costly.addPair(m.other, 8)
		apart.addPair(apart.asset, 8)
		passDays(w, days, plays...)
		w.startDay(days) // a day that is not asked for
		for _, p := range plays {
			p.pools[0].swap(w.users[1], true, 100)
			p.trades = p.trades[:len(p.trades)-1]
			p.moves = p.moves[:len(p.moves)-1]
		}
		w.finish(days + 1)

		f := newFigures(t)
		config := fmt.Sprintf("as_of = %q\n", date(days-1)) + w.nodeBlock("archive = true", `verify = "L3"`)
		for _, p := range plays {
			config += w.discover(f, p.vault)
			for _, pool := range p.pools {
				config += fmt.Sprintf("\n[[vault.contract]]\naddress = %q\nrole = \"pool\"\nfamily = %q\nname = %q\n", pool.address.Hex(), pool.family, pool.name)
			}
		}
		f.run(config)
		c := newComparison("markets")
		for _, p := range plays {
			p.judge(c, f)
			p.judgeMarket(c, f)
			p.judgeWarnings(c, f, nil)
		}
		evidence := f.claim(costly.vault, "secondary_price_does_not_matter").text("evidence")
		c.note("a fee is named", strings.Contains(evidence, "fees of up to 1 %") && strings.Contains(evidence, "by which alone"), "%s", evidence)
		c.conclude(t)
	})
}

// npmArtifact is one contract as a package of npm has it compiled.
func npmArtifact(t testing.TB, path ...string) artifact {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(append([]string{"contracts", "node_modules"}, path...)...))
	if errors.Is(err, fs.ErrNotExist) {
		t.Skipf("%s is not installed: run make real", filepath.Join(path...))
	}
	if err != nil {
		t.Fatal(err)
	}
	var one struct {
		ABI      json.RawMessage `json:"abi"`
		Bytecode string          `json:"bytecode"`
	}
	if err := json.Unmarshal(text, &one); err != nil {
		t.Fatalf("%s: %v", filepath.Join(path...), err)
	}
	return artifact{ABI: one.ABI, Bin: one.Bytecode}
}

// markets are the factories of pools, and who trades.
type markets struct {
	d, uniswap    *deployer
	pairs, ranges *contract
	trader, other *contract
	traders       []common.Address
}

func newMarkets(d *deployer) *markets {
	t := d.w.t
	all := artifacts{
		"Pairs": npmArtifact(t, "@uniswap", "v2-core", "build", "UniswapV2Factory.json"), "Pair": npmArtifact(t, "@uniswap", "v2-core", "build", "UniswapV2Pair.json"),
		"Ranges": npmArtifact(t, "@uniswap", "v3-core", "artifacts", "contracts", "UniswapV3Factory.sol", "UniswapV3Factory.json"),
		"Range":  npmArtifact(t, "@uniswap", "v3-core", "artifacts", "contracts", "UniswapV3Pool.sol", "UniswapV3Pool.json"),
	}
	m := &markets{d: d, uniswap: newDeployer(d.w, d.from, all), traders: d.w.users[1:6]}
	m.pairs, m.ranges = m.uniswap.deploy("Pairs", d.from), m.uniswap.deploy("Ranges")
	m.trader, m.other = d.deploy("Trader"), d.deploy("Coin", "other", 8)
	for _, u := range m.traders {
		m.other.send(d.from, "mint", u, power(8+8))
		m.other.send(u, "approve", m.trader, maxUint(256))
	}
	return m
}

// A marketPlay is a vault whose shares trade.
type marketPlay struct {
	*book
	m       *markets
	users   []common.Address
	pools   []*poolPlay
	trades  []trade
	slumpOn int // day on which many shares are sold at once; 0: never
}

// A trade is what a user gave and was given.
type trade struct {
	block          uint64
	pool           *poolPlay
	isSale         bool
	shares, assets *big.Int // exact, of whatever coin the pool has
	after, value   float64  // of a share in the pool's coin and, by the vault, in its asset
}

func (m *markets) newPlay(symbol string, decimals, offset int) *marketPlay {
	d := m.d
	coin := d.deploy("Coin", symbol+"c", decimals)
	vault := d.deploy("PlainVault", symbol, coin, offset)
	p := &marketPlay{book: newBook(d.w, vault, coin, decimals, decimals+offset), m: m, users: m.traders}
	for _, u := range p.users {
		coin.send(d.from, "mint", u, power(decimals+8))
		coin.send(u, "approve", vault, maxUint(256))
		coin.send(u, "approve", m.trader, maxUint(256))
		vault.send(u, "approve", m.trader, maxUint(256))
	}
	return p
}

// start lets all users deposit: the first, who provides for pools, the most.
func (p *marketPlay) start() {
	for i, u := range p.users {
		amount := p.w.dice.odd(p.assetDecimals + 7)
		if i > 0 {
			amount.Quo(amount, num(10))
		}
		p.deposit(u, amount)
	}
	p.asset.send(p.w.users[0], "mint", p.vault, p.w.dice.part(p.vault.now("totalAssets"), 10_000, 300_000))
}

// play lets a day's trades and flows happen around a gain of the vault.
func (p *marketPlay) play(k int) {
	w, dice := p.w, p.w.dice
	if k == 0 {
		return
	}
	some := func() {
		for range dice.between(0, 2) {
			w.pass(3000)
			pick(dice, p.pools).swap(pick(dice, p.users), dice.chance(500), dice.between(5, 400))
		}
	}
	some()
	if dice.chance(400) {
		p.anything(p.users[:3], p.users[3:], p.assetDecimals+4)
	}
	if dice.chance(800) {
		p.asset.send(w.users[0], "mint", p.vault, dice.part(p.vault.now("totalAssets"), 50, 250))
	}
	some()
	switch pool := pick(dice, p.pools); {
	case k == p.slumpOn:
		p.pools[0].swap(p.users[0], true, dice.between(20_000, 40_000))
	case dice.chance(150):
		pool.swap(p.users[1], dice.chance(500), 0)
	case dice.chance(300):
		pool.change()
	}
	if k%4 == 0 {
		for _, pool := range p.pools {
			pool.follow()
		}
	}
}

// A poolPlay is one pool of a vault's shares.
type poolPlay struct {
	*contract
	p            *marketPlay
	family       string
	coin         *contract
	decimals     int
	isShareFirst bool // the share is token 0
	fee, tick    int64
	fund         []*big.Int // shares and coins that it was begun with
}

// value is what shares are worth in raw units of the pool's coin, where one whole unit of
// the other coin is one of the asset.
func (pool *poolPlay) value(shares *big.Int) *big.Int {
	worth := pool.p.vault.now("convertToAssets", shares)
	return mulDiv(worth, power(pool.decimals), power(pool.p.assetDecimals))
}

func (p *marketPlay) newPool(at common.Address, name, family string, coin *contract, decimals int) *poolPlay {
	pool := &poolPlay{contract: p.m.uniswap.bind(name, at), p: p, family: family, coin: coin, decimals: decimals}
	pool.isShareFirst = pool.ask(p.w.head, "token0")[0] == p.vault.address
	shares := p.w.dice.part(p.shares(p.users[0]), 100_000, 200_000)
	pool.fund = []*big.Int{shares, pool.value(shares)}
	p.own[at] = true
	p.pools = append(p.pools, pool)
	return pool
}

// addPair makes a pair of Uniswap V2.
func (p *marketPlay) addPair(coin *contract, decimals int) {
	p.m.pairs.send(p.users[0], "createPair", p.vault, coin)
	at := p.m.pairs.ask(p.w.head, "getPair", p.vault.address, coin.address)[0].(common.Address)
	pool := p.newPool(at, "Pair", "uniswap_v2", coin, decimals)
	pool.provide(p.users[0], pool.fund[0])
}

// addRange makes a pool of Uniswap V3 whose liquidity is at all prices.
func (p *marketPlay) addRange(coin *contract, decimals, fee int) {
	p.m.ranges.send(p.users[0], "createPool", p.vault, coin, fee)
	at := p.m.ranges.ask(p.w.head, "getPool", p.vault.address, coin.address, num(int64(fee)))[0].(common.Address)
	pool := p.newPool(at, "Range", "uniswap_v3", coin, decimals)
	pool.fee = int64(fee)
	spacing := pool.ask(p.w.head, "tickSpacing")[0].(*big.Int).Int64()
	pool.tick = 887272 / spacing * spacing
	pool.send(p.users[0], "initialize", pool.root())
	pool.provide(p.users[0], pool.fund[0])
	pool.send(p.w.users[0], "setFeeProtocol", 4, 5)
}

// root is the square root of what the pool's price should be, as it counts.
func (pool *poolPlay) root() *big.Int {
	shares := power(pool.p.shareDecimals + 6)
	ratio := mulDiv(new(big.Int).Lsh(pool.value(shares), 192), num(1), shares)
	if !pool.isShareFirst {
		ratio = mulDiv(new(big.Int).Lsh(shares, 192), num(1), pool.value(shares))
	}
	return ratio.Sqrt(ratio)
}

// provide gives a pool shares and as much of its coin as its price asks for.
func (pool *poolPlay) provide(from common.Address, shares *big.Int) {
	p := pool.p
	before := p.shares(from)
	if pool.family == "uniswap_v2" {
		coins := pool.value(shares)
		if s, c := pool.reserves(); s.Sign() > 0 {
			coins = mulDiv(shares, c, s)
		}
		p.w.together(func() {
			p.vault.send(from, "transfer", pool.contract, shares)
			pool.coin.send(from, "transfer", pool.contract, coins)
			pool.send(from, "mint", from)
		})
	} else {
		root := pool.ask(p.w.head, "slot0")[0].(*big.Int)
		liquidity := new(big.Int).Rsh(mul(shares, root), 96)
		if !pool.isShareFirst {
			liquidity = mulDiv(shares, new(big.Int).Lsh(num(1), 96), root)
		}
		p.m.trader.send(from, "provide", pool.contract, num(-pool.tick), num(pool.tick), liquidity)
	}
	p.moves = append(p.moves, move{p.w.head, from, pool.address, sub(before, p.shares(from))})
}

// change adds or takes liquidity, or borrows it for a moment.
func (pool *poolPlay) change() {
	p, dice := pool.p, pool.p.w.dice
	from := p.users[0]
	switch n := dice.between(0, 2); {
	case n == 0:
		pool.provide(from, dice.part(p.shares(from), 1000, 50_000))
	case pool.family == "uniswap_v2":
		before := p.shares(from)
		p.w.together(func() {
			pool.send(from, "transfer", pool.contract, dice.part(pool.now("balanceOf", from), 10_000, 100_000))
			pool.send(from, "burn", from)
		})
		p.moves = append(p.moves, move{p.w.head, pool.address, from, sub(p.shares(from), before)})
	case n == 1:
		before := p.shares(from)
		p.m.trader.send(from, "take", pool.contract, num(-pool.tick), num(pool.tick), dice.part(pool.now("liquidity"), 10_000, 100_000))
		p.moves = append(p.moves, move{p.w.head, pool.address, from, sub(p.shares(from), before)})
	default:
		pool.protocol()
	}
}

// protocol pays the protocol its part of a pool's fees, who gives it to a user.
func (pool *poolPlay) protocol() {
	p, owner := pool.p, pool.p.w.users[0]
	to := p.users[4]
	before := p.shares(to)
	pool.send(owner, "increaseObservationCardinalityNext", int(p.w.dice.between(2, 9)))
	pool.send(owner, "collectProtocol", to, maxUint(128), maxUint(128))
	if paid := sub(p.shares(to), before); paid.Sign() > 0 {
		p.moves = append(p.moves, move{p.w.head, pool.address, to, paid})
	}
}

// reserves are a pair's shares and coins.
func (pool *poolPlay) reserves() (shares, coins *big.Int) {
	both := pool.ask(pool.p.w.head, "getReserves")
	zero, one := both[0].(*big.Int), both[1].(*big.Int)
	if pool.isShareFirst {
		return zero, one
	}
	return one, zero
}

// price is the pool's own, in whole units of its coin for a share.
func (pool *poolPlay) price() float64 {
	scale := new(big.Rat).SetFrac(power(pool.p.shareDecimals), power(pool.decimals))
	ratio := new(big.Rat)
	if pool.family == "uniswap_v2" {
		shares, coins := pool.reserves()
		ratio.SetFrac(coins, shares)
	} else {
		root := pool.ask(pool.p.w.head, "slot0")[0].(*big.Int)
		ratio.SetFrac(mul(root, root), new(big.Int).Lsh(num(1), 192))
		if !pool.isShareFirst {
			ratio.Inv(ratio)
		}
	}
	f, _ := ratio.Mul(ratio, scale).Float64()
	return f
}

// swap sells or buys so many millionths of what the pool was begun with; 0: dust.
func (pool *poolPlay) swap(user common.Address, isSale bool, millionths int64) {
	amount := pool.fund[1]
	if isSale {
		amount = pool.fund[0]
	}
	amount = add(mulDiv(amount, num(millionths), num(1_000_000)), num(pool.p.w.dice.between(1, 999)))
	if millionths == 0 {
		amount = power(max(pool.decimals-4, 2))
		if isSale {
			amount = power(max(pool.p.shareDecimals-4, 2))
		}
	}
	if pool.family == "uniswap_v2" {
		pool.swapPair(user, isSale, amount)
		return
	}
	limit := add(num(4295128739), num(1)) // the least price there is
	if isSale != pool.isShareFirst {
		limit, _ = new(big.Int).SetString("1461446703485210103287273052203988822378723970341", 10)
	}
	pool.noted(user, isSale, func() { pool.p.m.trader.send(user, "swap", pool.contract, isSale == pool.isShareFirst, amount, limit) })
}

// follow trades until the pool's price is the vault's, as far as that can be asked for.
func (pool *poolPlay) follow() {
	if pool.family == "uniswap_v2" {
		return
	}
	root, now := pool.root(), pool.ask(pool.p.w.head, "slot0")[0].(*big.Int)
	if d := sub(root, now); d.CmpAbs(new(big.Int).Rsh(now, 17)) < 0 {
		return // dust
	}
	isDown := root.Cmp(now) < 0
	pool.noted(pool.p.users[0], isDown == pool.isShareFirst, func() {
		pool.p.m.trader.send(pool.p.users[0], "swap", pool.contract, isDown, power(28), root)
	})
}

func (pool *poolPlay) swapPair(user common.Address, isSale bool, amount *big.Int) {
	shares, coins := pool.reserves()
	given, in, out := pool.coin, coins, shares
	if isSale {
		given, in, out = pool.p.vault, shares, coins
	}
	paid := mul(amount, num(997))
	got := mulDiv(paid, out, add(mul(in, num(1000)), paid))
	outs := []any{got, num(0)}
	if isSale == pool.isShareFirst {
		outs = []any{num(0), got}
	}
	pool.noted(user, isSale, func() {
		pool.p.w.together(func() {
			given.send(user, "transfer", pool.contract, amount)
			pool.send(user, "swap", outs[0], outs[1], user, []byte{})
		})
	})
}

// noted writes down what a trade gave and took.
func (pool *poolPlay) noted(user common.Address, isSale bool, act func()) {
	act()
	p := pool.p
	one := trade{block: p.w.head, pool: pool, isSale: isSale, after: pool.price(), value: p.price(p.w.head)}
	one.shares, one.assets = change(p.vault, user, one.block), change(pool.coin, user, one.block)
	moved := move{one.block, pool.address, user, one.shares}
	if isSale {
		one.shares = new(big.Int).Neg(one.shares)
		moved = move{one.block, user, pool.address, one.shares}
	} else {
		one.assets = new(big.Int).Neg(one.assets)
	}
	p.trades, p.moves = append(p.trades, one), append(p.moves, moved)
}

// reason is why a trade has no premium.
func (x trade) reason() string {
	p := x.pool.p
	few := num(100_000)
	switch {
	case x.pool.coin != p.asset:
		return "other_coin"
	case x.shares.Cmp(few) < 0 || x.assets.Cmp(few) < 0 || mul(x.assets, num(1000)).Cmp(power(p.assetDecimals)) < 0:
		return "dust"
	}
	return ""
}

func (x trade) price() float64 {
	p := x.pool.p
	price, _ := new(big.Rat).SetFrac(mul(x.assets, power(p.shareDecimals)), mul(x.shares, power(p.assetDecimals))).Float64()
	return price
}

// judgeMarket compares trades, the days that they make, the claim that rests on them, and
// what lies in pools.
func (p *marketPlay) judgeMarket(c *comparison, f *figures) {
	p.w.t.Helper()
	published := map[string]row{}
	var got, want []string
	for _, r := range f.of("market_trades", p.vault) {
		published[r.text("block_number")] = r
		got = append(got, strings.Join([]string{r.text("block_number"), r.text("pool"), r.text("side"), r.text("shares_raw"), r.text("assets_raw"), r.text("reason")}, " "))
	}
	byDay := map[string][]trade{}
	for _, x := range p.trades {
		side := "buy"
		if x.isSale {
			side = "sell"
		}
		block := fmt.Sprint(x.block)
		want = append(want, strings.Join([]string{block, lower(x.pool.address), side, x.shares.String(), x.assets.String(), x.reason()}, " "))
		if x.reason() != "" {
			continue
		}
		r := published[block]
		c.near("trades' prices", block, r, "price", x.price(), x.value)
		c.near("prices after", block, r, "price_after", x.after, x.value)
		c.near("values at the trade", block, r, "share_price", x.value, x.value)
		c.near("premiums", block, r, "premium", x.price()/x.value-1, 1)
		c.near("premiums of the pool", block, r, "pool_premium", x.after/x.value-1, 1)
		if fee, _ := r.number("fee"); x.pool.fee > 0 {
			c.exact("fees", block, fmt.Sprint(math.Round(fee*1e6)), fmt.Sprint(x.pool.fee))
		}
		day := p.w.timeOf(x.block).Format("2006-01-02")
		byDay[day] = append(byDay[day], x)
	}
	c.sets("trades", got, want)
	broken := p.judgeMarketDays(c, f, byDay)
	r := f.claim(p.vault, "secondary_price_does_not_matter")
	verdict, block := "held", ""
	if broken > 0 {
		verdict, block = "broken", fmt.Sprint(broken)
	}
	c.exact("claim of the market", r.text("evidence"), r.text("verdict"), verdict)
	c.exact("claim's block", r.text("evidence"), r.text("broken_block"), block)
	last, _ := r.number("to_block")
	c.note("evidence ends with the as-of day", uint64(last) <= p.last().block, "to block %v of %d", last, p.last().block)
	p.judgePools(c, f)
}

// judgeMarketDays compares the days, and gives the block of the first trade of the first
// day that breaks the claim; 0: none does.
func (p *marketPlay) judgeMarketDays(c *comparison, f *figures, byDay map[string][]trade) (broken uint64) {
	p.w.t.Helper()
	days := f.of("market_prices", p.vault)
	c.exact("market days", "number", fmt.Sprint(len(days)), fmt.Sprint(len(byDay)))
	slices.SortFunc(days, func(a, b row) int { return cmp.Compare(a.text("price_date"), b.text("price_date")) })
	for _, r := range days {
		day := r.text("price_date")
		var paid, worth, own float64
		for _, x := range byDay[day] {
			shares := units(x.shares, p.shareDecimals)
			paid += shares * x.price()
			worth += shares * x.value
			own += shares * x.after
		}
		c.exact("market days", day, r.text("trades"), fmt.Sprint(len(byDay[day])))
		c.near("market days' premium", day, r, "premium", paid/worth-1, 1)
		c.near("market days' premium of the pools", day, r, "pool_premium", own/worth-1, 1)
		discount := ""
		switch {
		case own/worth-1 < -0.001:
			discount = "market"
		case paid/worth-1 < -0.001:
			discount = "fee"
		}
		c.exact("discounts", day, r.text("discount"), discount)
		if math.Abs(own/worth-1) > 0.01 && broken == 0 {
			broken = byDay[day][0].block
		}
	}
	return broken
}

// judgePools compares what lies in pools, which is no investor's.
func (p *marketPlay) judgePools(c *comparison, f *figures) {
	p.w.t.Helper()
	kinds := map[string]string{}
	for _, r := range f.of("holders", p.vault) {
		kinds[r.text("holder")] = r.text("kind")
	}
	end, lying := p.last(), new(big.Int)
	for _, pool := range p.pools {
		c.exact("pools are pools", pool.name, kinds[lower(pool.address)], "pool")
		lying.Add(lying, p.vault.at(end.block, "balanceOf", pool.address))
	}
	for _, r := range f.of("investor_returns", p.vault) {
		c.note("pools are no investors", kinds[r.text("who")] != "pool", "%s is one", r.text("who"))
	}
	for _, r := range f.some("concentration", p.vault) {
		c.near("part in pools", "all", r, "pool_share", units(lying, p.shareDecimals)/units(end.supply, p.shareDecimals), 1)
	}
}
