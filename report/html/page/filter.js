'use strict';
// Filters the tables of vaults, all alike, by what the page marks as fit for it. What is
// chosen stands in the address, so that it can be kept and shared. Without this script the
// tables are whole.
(() => {
  const form = document.getElementById('filters');
  const tables = [...document.querySelectorAll('table.index')];
  if (!form || tables.length === 0) return;

  // Each row once, with its texts by the name of the filter.
  const rows = [];
  const names = [];
  for (const table of tables) {
    const heads = [...table.tHead.rows[0].cells];
    const filtered = heads.flatMap((head, column) => 'filter' in head.dataset ? [[head.querySelector('.name, button')?.textContent || head.textContent, column]] : []);
    const facets = table.dataset.facets ? table.dataset.facets.split('\t') : [];
    for (const name of [...facets, ...filtered.map(([name]) => name)]) if (!names.includes(name)) names.push(name);
    for (const row of table.tBodies[0].rows) {
      const of = new Map();
      const values = (row.dataset.facets || '').split('\t');
      facets.forEach((name, i) => of.set(name, values[i]));
      filtered.forEach(([name, column]) => of.set(name, row.cells[column].firstChild?.textContent || ''));
      rows.push({ row, of, text: row.textContent.toLowerCase() });
    }
  }

  const key = (name) => name.toLowerCase().replaceAll(' ', '-');
  const before = form.querySelector('button');
  const selects = names.map((name) => {
    const counts = new Map();
    for (const { of } of rows) if (of.get(name)) counts.set(of.get(name), (counts.get(of.get(name)) || 0) + 1);
    const label = document.createElement('label');
    const select = document.createElement('select');
    const title = document.createElement('span');
    label.className = 'field';
    title.textContent = name;
    select.name = key(name);
    select.append(new Option('All', ''));
    for (const value of [...counts.keys()].sort((a, b) => a.localeCompare(b, 'en'))) select.append(new Option(value + ' (' + counts.get(value) + ')', value));
    label.append(title, select);
    form.insertBefore(label, before);
    return { name, select };
  });
  const text = form.elements.text;
  const said = form.querySelector('.count');

  function apply() {
    const words = text.value.toLowerCase().split(/\s+/).filter(Boolean);
    let shown = 0;
    for (const one of rows) {
      const fits = selects.every(({ name, select }) => !select.value || one.of.get(name) === select.value) && words.every((word) => one.text.includes(word));
      one.row.hidden = !fits;
      shown += fits;
    }
    for (const table of tables) {
      const section = table.closest('section');
      if (section) section.classList.toggle('none', [...table.tBodies[0].rows].every((row) => row.hidden));
    }
    const isAll = shown === rows.length;
    said.textContent = isAll ? 'All ' + rows.length + ' vaults are shown.' : shown + ' of ' + rows.length + ' vaults are shown.';
    before.hidden = isAll && !text.value;
  }

  // The address: other scripts keep their own words in it.
  function write() {
    const words = new URLSearchParams(location.hash.slice(1));
    for (const { name, value } of [text, ...selects.map((s) => s.select)]) {
      if (value) words.set(name, value);
      else words.delete(name);
    }
    history.replaceState(null, '', words.size > 0 ? '#' + words : location.pathname);
  }

  function read() {
    const words = new URLSearchParams(location.hash.slice(1));
    text.value = words.get('text') || '';
    for (const { select } of selects) {
      const value = words.get(select.name) || '';
      select.value = [...select.options].some((option) => option.value === value) ? value : '';
    }
    apply();
  }

  form.addEventListener('submit', (event) => event.preventDefault());
  form.addEventListener('input', () => {
    apply();
    write();
  });
  form.addEventListener('reset', () => setTimeout(() => {
    apply();
    write();
    text.focus();
  }));
  addEventListener('hashchange', read);
  form.hidden = false;
  read();
})();
