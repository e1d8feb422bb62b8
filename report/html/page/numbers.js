'use strict';
// Writes numbers that a page computes itself as package view writes those of the marts.
const numbers = (() => {
  const signed = (x, text) => (x < 0 ? '−' + text : text);
  const thousands = (digits) => digits.replace(/\B(?=(\d{3})+$)/g, ',');
  const exponent = (a) => a.toExponential(2).replace(/e([+-])(\d)$/, 'e$10$2');
  const decimals = (x, n) => {
    const [whole, part] = Math.abs(x).toFixed(n).split('.');
    const text = thousands(whole) + (part ? '.' + part : '');
    return /[1-9]/.test(text) ? signed(x, text) : text;
  };
  const significant = (a, n, most) => (a === 0 ? 2 : Math.min(Math.max(n - 1 - Math.floor(Math.log10(a)), 2), most));
  const percent = (fraction) => {
    const x = fraction * 100;
    const a = Math.abs(x);
    if (a >= 1e9) return signed(x, exponent(a)) + ' %';
    if (a >= 1e4) return decimals(x, 0) + ' %';
    if (a !== 0 && a < 5e-7) return '≈ 0 %';
    return decimals(x, a < 0.1 ? significant(a, 2, 6) : 2) + ' %';
  };
  const ratio = (x) => {
    const a = Math.abs(x);
    if (a >= 1e9) return signed(x, exponent(a));
    if (a !== 0 && a < 1e-6) return '≈ 0';
    if (a >= 1e4) return decimals(x, 0);
    return decimals(x, a < 0.1 ? significant(a, 2, 7) : 2);
  };
  // What 1 has become: to a hundredth of a percent.
  const growth = (x) => (x >= 1e9 ? exponent(x) : decimals(x, x >= 1e4 ? 0 : 4));
  return { dash: '–', decimals, percent, ratio, growth };
})();
