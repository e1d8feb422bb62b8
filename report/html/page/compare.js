'use strict';
// Sets the vaults that the address names side by side: #a,b,c are the folders of their
// reports. What follows from a choice is computed here, of weekly closes, and written as
// the other pages write it; every other text comes ready from the page's data. Names are
// only ever text.
(() => {
  const get = (id) => document.getElementById(id);
  const make = (tag, text, className) => {
    const element = document.createElement(tag);
    if (text !== undefined) element.textContent = text;
    if (className) element.className = className;
    return element;
  };

  const { dash, decimals, percent, ratio, growth } = numbers;
  const { weeks, least, most, unit, vaults } = JSON.parse(get('data').textContent);
  const byID = new Map(vaults.map((vault) => [vault.id, vault]));
  const letter = (i) => String.fromCharCode(65 + i);

  // Closes by week, of 1 in the first; null where there is none.
  function closesOf(vault) {
    if (vault.prices) return vault.prices;
    const prices = Array(weeks.length).fill(null);
    let reached = 0;
    vault.closes.forEach((n, i) => {
      if (n === null) return;
      if (n !== -unit) reached = reached === 0 ? 1 : reached * (1 + n / unit);
      prices[vault.first + i] = n === -unit ? 0 : reached;
    });
    vault.prices = prices;
    return prices;
  }

  // From a week on: closes by the first, and how far each is below the highest.
  const grown = (prices, from) => prices.map((p, i) => (i < from || p === null ? null : p / prices[from]));
  function fallen(prices, from) {
    let peak = 0;
    return prices.map((p, i) => {
      if (i < from || p === null) return null;
      peak = Math.max(peak, p);
      return p / peak - 1;
    });
  }

  // Returns from week to week; null where one of the two has no close.
  const returnsOf = (prices) => prices.map((p, i) => (i > 0 && p !== null && prices[i - 1] ? p / prices[i - 1] - 1 : null));

  function correlation(a, b) {
    const weeks = a.map((x, i) => [x, b[i]]).filter(([x, y]) => x !== null && y !== null);
    const n = weeks.length;
    const mean = (k) => weeks.reduce((sum, pair) => sum + pair[k], 0) / n;
    const [meanA, meanB] = [mean(0), mean(1)];
    let [products, squaresA, squaresB] = [0, 0, 0];
    for (const [x, y] of weeks) {
      products += (x - meanA) * (y - meanB);
      squaresA += (x - meanA) ** 2;
      squaresB += (y - meanB) ** 2;
    }
    // Closes are told in parts of 1/unit: what is less than that moves nothing.
    const still = n / unit ** 2;
    if (n < least) return { n, why: 'too few' };
    if (squaresA <= still || squaresB <= still) return { n, why: 'no movement' };
    return { n, value: Math.max(-1, Math.min(1, products / Math.sqrt(squaresA * squaresB))) };
  }

  // The choice, which is the address.
  const chosen = [];
  let lost = 0;
  let beyond = 0;
  function read() {
    const ids = [...new Set(location.hash.slice(1).split(/,|%2C/i).filter(Boolean))];
    const known = ids.filter((id) => byID.has(id));
    lost = ids.length - known.length;
    beyond = Math.max(0, known.length - most);
    chosen.splice(0, chosen.length, ...known.slice(0, most).map((id) => byID.get(id)));
  }
  function choose(ids) {
    history.pushState(null, '', ids.length > 0 ? '#' + ids.join(',') : location.pathname);
    show();
  }

  // Lines are told apart by colour, by dashes and by letters.
  const palette = {
    light: { lines: ['#1f4e8c', '#b3401e', '#1c7a5c', '#7a3f98', '#8a6a00', '#0b6f86', '#a61b5d', '#4b5563'], text: '#5b6472', line: '#d5d9e0', split: '#eceef2', tip: '#ffffff', tipText: '#14181f' },
    dark: { lines: ['#7fb0ee', '#f08a63', '#5fc9a0', '#c79be6', '#e2c050', '#5ed0e0', '#f088b8', '#b6bfcb'], text: '#9aa4b2', line: '#3a424e', split: '#242a33', tip: '#1d232c', tipText: '#e8ebf0' },
  };
  const dashes = [[], [7, 3], [2, 2], [10, 3, 2, 3], [], [7, 3], [2, 2], [10, 3, 2, 3]];
  const widths = [1.8, 1.8, 2, 1.8, 2.6, 2.6, 2.8, 2.6];
  const scheme = matchMedia('(prefers-color-scheme: dark)');
  let printing = false;
  const colours = () => (scheme.matches && !printing ? palette.dark : palette.light);

  // Some five round ticks that span low to high, and the decimals that tell them apart.
  function ticks(low, high) {
    const rough = (high - low) / 5 || 1;
    const power = 10 ** Math.floor(Math.log10(rough));
    const step = [1, 2, 2.5, 5, 10].find((f) => rough <= f * power * (1 + 1e-9)) * power;
    const first = Math.floor(low / step + 1e-9);
    const last = Math.max(first + 1, Math.ceil(high / step - 1e-9));
    return { min: first * step, max: last * step, interval: step };
  }
  const places = (step) => Math.max(0, Math.min(12, Array.from({ length: 12 }, (_, n) => n).find((n) => Math.abs(step * 10 ** n - Math.round(step * 10 ** n)) < 1e-6) ?? 12));

  const formatters = {
    y: (drawn) => (x) => (drawn.kind === 'growth' ? decimals(x, places(drawn.axis.interval)) : decimals(x * 100, places(drawn.axis.interval * 100)) + ' %'),
    tips: (drawn) => (points) => [drawn.weeks[points[0].dataIndex], ...points.filter((p) => p.value !== null && p.value !== undefined)
      .map((p) => letter(p.seriesIndex) + '  ' + drawn.write(p.value) + '  ' + short(chosen[p.seriesIndex].name))].join('\n'),
  };
  // Braces would be styles in the chart's own notation.
  const short = (name) => (name.length > 26 ? name.slice(0, 25) + '…' : name).replace(/[{}]/g, '');

  const drawings = [...document.querySelectorAll('[data-lines]')].flatMap((plot) => {
    if (typeof echarts === 'undefined') return [];
    const { kind, option } = JSON.parse(get(plot.dataset.lines).textContent);
    const drawn = { kind, plot, weeks: [], series: [], axis: { interval: 1 }, write: kind === 'growth' ? growth : percent };
    for (const part of [option.yAxis.axisLabel, option.tooltip]) {
      if (!Object.hasOwn(formatters, part.formatter)) throw new Error('unknown formatter');
      part.formatter = formatters[part.formatter](drawn);
    }
    drawn.option = option;
    return [drawn];
  });

  function draw(drawn) {
    if (drawn.plot.clientWidth === 0) return; // hidden
    if (!drawn.chart) { // once it is seen, else it would have no size
      drawn.plot.textContent = '';
      drawn.chart = echarts.init(drawn.plot, null, { renderer: 'svg' });
      drawn.chart.setOption(drawn.option);
      new ResizeObserver(() => {
        if (printing || drawn.plot.clientWidth === 0) return;
        drawn.chart.resize();
        draw(drawn);
      }).observe(drawn.plot);
    }
    const c = colours();
    const values = drawn.series.flat().filter((x) => x !== null);
    drawn.axis = ticks(drawn.kind === 'growth' ? Math.min(1, ...values) : Math.min(-1e-6, ...values), drawn.kind === 'growth' ? Math.max(1 + 1e-6, ...values) : 0);
    const axis = { axisLabel: { color: c.text }, axisLine: { lineStyle: { color: c.line } }, axisTick: { lineStyle: { color: c.line } }, splitLine: { lineStyle: { color: c.split } } };
    const lift = raised(drawn);
    drawn.chart.setOption({
      backgroundColor: 'transparent',
      textStyle: { fontFamily: 'system-ui, -apple-system, "Segoe UI", Roboto, sans-serif' },
      tooltip: { backgroundColor: c.tip, borderColor: c.line, textStyle: { color: c.tipText, fontSize: 12 }, axisPointer: { lineStyle: { color: c.text, type: 'dashed' } } },
      xAxis: { ...axis, data: drawn.weeks },
      yAxis: { ...axis, ...drawn.axis },
      series: c.lines.map((colour, i) => ({
        data: drawn.series[i] || [],
        // a close between two gaps has no line: a dot shows it
        showSymbol: (drawn.series[i] || []).some((x, k, all) => x !== null && all[k - 1] == null && all[k + 1] == null),
        symbol: 'circle',
        symbolSize: 4,
        itemStyle: { color: colour },
        lineStyle: { color: colour, width: widths[i], type: dashes[i].length > 0 ? dashes[i] : 'solid' },
        endLabel: { show: drawn.series[i] !== undefined, formatter: '{a}', color: colour, fontWeight: 600, fontSize: 12, distance: 6, offset: [0, lift[i] || 0] },
      })),
    });
  }

  // How far the letters at the ends of lines are moved so that none covers another.
  function raised(drawn) {
    const height = drawn.chart.getHeight() - 42;
    const { min, max } = drawn.axis;
    const ends = drawn.series.map((line, i) => {
      const last = line.findLastIndex((x) => x !== null);
      return { i, y: (max - line[last]) / (max - min) * height };
    }).sort((a, b) => a.y - b.y);
    const apart = 13;
    const at = ends.map(({ y }) => y);
    for (let round = 0; round < 40; round++) {
      for (let k = 1; k < at.length; k++) {
        const lacks = apart - (at[k] - at[k - 1]);
        if (lacks <= 0) continue;
        at[k] += lacks / 2;
        at[k - 1] -= lacks / 2;
      }
    }
    for (let k = 0; k < at.length; k++) at[k] = Math.max(at[k], k === 0 ? 0 : at[k - 1] + apart);
    for (let k = at.length - 1; k >= 0; k--) at[k] = Math.min(at[k], k === at.length - 1 ? height : at[k + 1] - apart);
    const lift = [];
    ends.forEach(({ i, y }, k) => { lift[i] = at[k] - y; });
    return lift;
  }

  function swatch(i) {
    const ns = 'http://www.w3.org/2000/svg';
    const svg = document.createElementNS(ns, 'svg');
    const line = document.createElementNS(ns, 'line');
    for (const [name, value] of Object.entries({ width: 34, height: 12, viewBox: '0 0 34 12', 'aria-hidden': 'true', class: 'swatch' })) svg.setAttribute(name, value);
    for (const [name, value] of Object.entries({ x1: 0, y1: 6, x2: 34, y2: 6, 'stroke-width': widths[i], 'stroke-dasharray': dashes[i].join(' ') })) line.setAttribute(name, value);
    line.dataset.line = i;
    svg.append(line);
    return svg;
  }
  function tint() {
    for (const line of document.querySelectorAll('[data-line]')) line.setAttribute('stroke', colours().lines[line.dataset.line]);
  }

  const list = document.querySelector('.legend');
  const said = document.querySelector('.said');
  function legend() {
    list.replaceChildren(...chosen.map((vault, i) => {
      const item = make('li');
      const key = make('b', letter(i), 'key');
      const name = make('a', vault.name);
      name.href = vault.id + '/report.html';
      const about = make('p', undefined, 'about');
      about.append(key, name, ' ', make('span', vault.badge, 'badge' + (vault.tone ? ' ' + vault.tone : '')));
      const small = make('small', [vault.asset, vault.small, vault.source].filter(Boolean).join(' · '));
      const remove = make('button', 'Remove', 'remove');
      remove.type = 'button';
      remove.setAttribute('aria-label', 'Remove ' + vault.name);
      remove.addEventListener('click', () => {
        choose(chosen.filter((other) => other !== vault).map((other) => other.id));
        said.textContent = vault.name + ' is removed. ' + said.textContent;
        (list.querySelectorAll('.remove')[Math.min(i, chosen.length - 1)] || field).focus();
      });
      const text = make('div');
      text.append(about, small);
      item.append(swatch(i), text, remove);
      return item;
    }));
  }

  // A head of a column or row of a vault: its letter and its name.
  function head(i, scope, withName, className) {
    const th = make('th', undefined, className);
    th.scope = scope;
    const key = make('b', letter(i), 'key');
    th.append(key);
    if (withName) th.append(make('span', chosen[i].name));
    else th.append(make('span', chosen[i].name, 'hidden'));
    return th;
  }

  // Where they all have a close, or -1.
  const common = (all) => weeks.findIndex((_, i) => all.every((prices) => prices[i] > 0));

  function compare() {
    const all = chosen.map(closesOf);
    const from = common(all);
    const span = document.querySelector('.span');
    const hasCommon = from >= 0;
    for (const id of ['growth', 'below']) get(id + '-title').closest('figure').hidden = !hasCommon;
    get('common').closest('section').hidden = !hasCommon;
    if (hasCommon) {
      const begins = chosen.filter((_, i) => all[i].findIndex((p) => p > 0) === from);
      span.textContent = 'From ' + weeks[from] + ', the first week in which all ' + chosen.length + ' have a close' + (begins.length === 1 && from > 0 ? ': ' + begins[0].name + ' has none before.' : '.');
    } else {
      span.textContent = 'There is no week in which all ' + chosen.length + ' have a close, so that no growth and no drawdown can be compared. The figures by period below end at each vault’s own last price point.';
    }
    const assets = [...new Set(chosen.map((vault) => vault.asset))];
    if (assets.length > 1) span.textContent += ' Each is in its own asset, of ' + assets.join(', ') + '; nothing is converted.';
    const growths = hasCommon ? all.map((prices) => grown(prices, from)) : [];
    const falls = hasCommon ? all.map((prices) => fallen(prices, from)) : [];
    const lastOf = (line) => line.findLastIndex((x) => x !== null);
    const last = hasCommon ? Math.max(...growths.map(lastOf)) : -1;
    const rows = chosen.map((vault, i) => {
      if (!hasCommon) return {};
      const end = lastOf(growths[i]);
      return { grown: growths[i][end], fallen: Math.min(...falls[i].filter((x) => x !== null)), end, closes: growths[i].filter((x) => x !== null).length };
    });
    if (hasCommon) {
      get('growth-alt').textContent = 'Lines of what 1 has become, week by week from ' + weeks[from] + ' to ' + weeks[last] + '. ' +
        chosen.map((vault, i) => letter(i) + ', ' + vault.name + ': ' + growth(rows[i].grown) + (rows[i].end < last ? ' on ' + weeks[rows[i].end] : '')).join('; ') + '.';
      get('below-alt').textContent = 'Lines of how far each close is below the highest since ' + weeks[from] + '; the deepest: ' +
        chosen.map((vault, i) => letter(i) + ', ' + vault.name + ': ' + percent(rows[i].fallen)).join('; ') + '.';
      get('common').tBodies[0].replaceChildren(...rows.map((row, i) => {
        const tr = make('tr');
        tr.append(head(i, 'row', true), make('td', growth(row.grown), row.grown < 1 ? 'n loss' : 'n'), make('td', percent(row.fallen), row.fallen < 0 ? 'n loss' : 'n'),
          make('td', weeks[row.end], 'n'), make('td', row.closes + ' of ' + (last - from + 1), 'n'));
        return tr;
      }));
      const isFlat = rows.every((row) => row.fallen === 0);
      const plot = document.querySelector('.plot.below');
      plot.hidden = isFlat;
      plot.closest('figure').querySelector('figure > .words').hidden = !isFlat;
      for (const drawn of drawings) {
        const lines = drawn.kind === 'growth' ? growths : falls;
        drawn.weeks = weeks.slice(from, last + 1);
        drawn.series = lines.map((line) => line.slice(from, last + 1));
      }
    }
    const returns = all.map(returnsOf);
    const pairs = get('correlation');
    pairs.tHead.rows[0].replaceChildren(Object.assign(make('th', 'Vault'), { scope: 'col' }), ...chosen.map((_, i) => head(i, 'col', false, 'n')));
    pairs.tBodies[0].replaceChildren(...chosen.map((_, i) => {
      const tr = make('tr');
      tr.append(head(i, 'row', true), ...chosen.map((_, k) => {
        if (i === k) return make('td', dash, 'n self');
        const { n, value, why } = correlation(returns[i], returns[k]);
        const strength = Math.min(5, Math.ceil(Math.abs(value) * 5));
        const td = make('td', value === undefined ? why : ratio(value), 'n ' + (value === undefined ? 'why' : strength > 0 ? (value > 0 ? 'up' : 'down') + strength : ''));
        td.append(make('small', n + (n === 1 ? ' week' : ' weeks')));
        return td;
      }));
      return tr;
    }));
    return hasCommon;
  }

  // Figures of reports stand below their heads, which the page has.
  const figures = get('figures');
  function byPeriod() {
    for (const row of figures.rows) while (row.cells.length > 1) row.lastElementChild.remove();
    figures.tHead.rows[0].append(...chosen.map((_, i) => head(i, 'col', true, 'n')));
    let next = 0;
    for (const row of figures.tBodies[0].rows) {
      if (row.classList.contains('group')) {
        row.cells[0].colSpan = chosen.length + 1;
        continue;
      }
      const at = next++;
      for (const vault of chosen) {
        const [text, tone, small] = vault.cells[at].split('\t');
        const td = make('td', text, tone ? 'n ' + tone : 'n');
        if (small) td.append(make('small', small));
        row.append(td);
      }
    }
  }

  // Vaults that can be added, told apart by their ids.
  const form = document.querySelector('.add');
  const field = form.elements.vault;
  const optionOf = (vault) => vault.name + ' · ' + vault.id;
  const byOption = new Map(vaults.map((vault) => [optionOf(vault), vault]));
  form.addEventListener('submit', (event) => {
    event.preventDefault();
    const text = field.value.trim();
    const named = vaults.filter((vault) => vault.name === text);
    const vault = byOption.get(text) || byID.get(text) || (named.length === 1 ? named[0] : undefined);
    if (!text) said.textContent = 'Name the vault to add.';
    else if (!vault) said.textContent = named.length > 1 ? named.length + ' vaults have this name: choose one from the list.' : 'No vault with a report is called “' + text + '”.';
    else if (chosen.includes(vault)) said.textContent = vault.name + ' is compared already.';
    else if (chosen.length >= most) said.textContent = 'No more than ' + most + ' can be compared: remove one first.';
    else {
      field.value = '';
      choose([...chosen, vault].map((one) => one.id));
      said.textContent = vault.name + ' is added. ' + said.textContent;
    }
    field.focus();
  });

  function show() {
    read();
    legend();
    const isEnough = chosen.length >= 2;
    get('idle').hidden = true;
    get('vaults').hidden = false;
    get('compared').hidden = !isEnough;
    get('by-period').hidden = chosen.length === 0;
    get('all').replaceChildren(...vaults.filter((vault) => !chosen.includes(vault)).map((vault) => new Option('', optionOf(vault))));
    get('back').href = 'index.html' + (chosen.length > 0 ? '#chosen=' + chosen.map((vault) => vault.id).join(',') : '');
    said.textContent = [
      isEnough ? chosen.length + ' vaults are compared.' : vaults.length < 2 ? 'Fewer than two vaults have a report, so that there is nothing to compare.' : chosen.length === 1 ? 'Add another vault to compare.' : 'Add two vaults or more to compare them.',
      lost > 0 ? lost + (lost === 1 ? ' vault' : ' vaults') + ' of the address ' + (lost === 1 ? 'is' : 'are') + ' not here, or without a report.' : '',
      beyond > 0 ? beyond + ' more of the address ' + (beyond === 1 ? 'is' : 'are') + ' left out: no more than ' + most + ' can be compared.' : '',
    ].filter(Boolean).join(' ');
    byPeriod();
    if (isEnough && compare()) drawings.forEach(draw);
    tint();
  }

  scheme.addEventListener('change', () => {
    drawings.forEach((drawn) => drawn.chart && draw(drawn));
    tint();
  });
  addEventListener('beforeprint', () => {
    printing = true; // on paper: light, and as wide as a sheet of A4
    for (const drawn of drawings.filter((one) => one.chart)) {
      drawn.chart.resize({ width: 680, height: drawn.chart.getHeight() });
      draw(drawn);
      drawn.chart.getZr().flush(); // the sheet is taken before the next frame
    }
    tint();
  });
  addEventListener('afterprint', () => {
    printing = false;
    for (const drawn of drawings.filter((one) => one.chart)) {
      drawn.chart.resize({ width: 'auto', height: 'auto' });
      draw(drawn);
    }
    tint();
  });
  addEventListener('hashchange', show);
  addEventListener('popstate', show);
  show();
})();
