'use strict';
// Draws the charts of a page. It formats nothing and makes no markup: every
// text comes ready from the page's data, every formatter from the list below.
(() => {
  const colours = {
    light: { text: '#5b6472', line: '#d5d9e0', split: '#eceef2', tip: '#ffffff', tipText: '#14181f', price: '#1f4e8c', drawdown: '#b3401e', rolling: '#1f4e8c', band: 'rgba(179,64,30,0.09)', bandText: '#b3401e', lines: ['#1f4e8c', '#1c7a54', '#c4661a', '#a8261a', '#6d4a9c', '#19828c', '#7d7a1f', '#b0487f'] },
    dark: { text: '#9aa4b2', line: '#3a424e', split: '#242a33', tip: '#1d232c', tipText: '#e8ebf0', price: '#7fb0ee', drawdown: '#f08a63', rolling: '#7fb0ee', band: 'rgba(240,138,99,0.14)', bandText: '#f08a63', lines: ['#7fb0ee', '#6fce9f', '#f0a060', '#f0706a', '#b79ae8', '#6fd0d8', '#cfcb6a', '#ec92c0'] },
  };
  const formatters = {
    x: (drawing) => label(drawing.x),
    y: (drawing) => label(drawing.y),
    tips: (drawing) => (points) => drawing.tips[points[0].dataIndex] || '',
  };
  const label = (scale) => (value) => scale.text[scale.at.indexOf(value)] || '';

  const scheme = matchMedia('(prefers-color-scheme: dark)');
  const charts = [];
  let printing = false;

  function attach(drawing) {
    const option = drawing.option;
    for (const part of [option.xAxis.axisLabel, option.yAxis.axisLabel, option.tooltip]) {
      const make = Object.hasOwn(formatters, part.formatter) && formatters[part.formatter];
      if (!make) throw new Error('unknown formatter');
      part.formatter = make(drawing);
    }
    return option;
  }

  function paint({ chart, kind, colours: several }, dark) {
    const c = dark ? colours.dark : colours.light;
    const axis = { axisLabel: { color: c.text }, axisLine: { lineStyle: { color: c.line } }, axisTick: { lineStyle: { color: c.line } }, splitLine: { lineStyle: { color: c.split } } };
    chart.setOption({
      backgroundColor: 'transparent',
      color: several ? several.map((i) => c.lines[i]) : [c[kind]],
      textStyle: { fontFamily: 'system-ui, -apple-system, "Segoe UI", Roboto, sans-serif' },
      tooltip: { backgroundColor: c.tip, borderColor: c.line, textStyle: { color: c.tipText, fontSize: 12 }, axisPointer: { lineStyle: { color: c.text, type: 'dashed' } } },
      xAxis: axis,
      yAxis: axis,
      series: [{ markArea: { itemStyle: { color: c.band }, label: { color: c.bandText, fontSize: 10, position: 'insideTop', distance: 2 } } }],
    });
  }

  for (const plot of document.querySelectorAll('[data-chart]')) {
    if (typeof echarts === 'undefined') {
      plot.querySelector('.words').textContent = 'The chart library could not be loaded. The tables hold the figures of this chart.';
      continue;
    }
    const drawing = JSON.parse(document.getElementById(plot.dataset.chart).textContent);
    plot.textContent = '';
    const chart = echarts.init(plot, null, { renderer: 'svg' });
    const drawn = { chart, kind: drawing.kind, colours: drawing.colours };
    chart.setOption(attach(drawing));
    paint(drawn, scheme.matches);
    charts.push(drawn);
    new ResizeObserver(() => printing || chart.resize()).observe(plot);
  }

  scheme.addEventListener('change', () => charts.forEach((drawn) => paint(drawn, scheme.matches)));
  addEventListener('beforeprint', () => {
    printing = true; // on paper: light, and as wide as a sheet of A4
    charts.forEach((drawn) => {
      paint(drawn, false);
      drawn.chart.resize({ width: 680, height: drawn.chart.getHeight() });
      drawn.chart.getZr().flush(); // the sheet is taken before the next frame
    });
  });
  addEventListener('afterprint', () => {
    printing = false;
    charts.forEach((drawn) => {
      paint(drawn, scheme.matches);
      drawn.chart.resize({ width: 'auto', height: 'auto' });
    });
  });
})();
