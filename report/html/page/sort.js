'use strict';
// Sorts the tables of vaults: their headings become buttons. Without this script
// each table stands in the order of the config.
document.querySelectorAll('table.index').forEach((table) => {
  const body = table.tBodies[0];
  const heads = [...table.tHead.rows[0].cells];

  function compare(a, b, kind, up) {
    if (a === '' || b === '') return (a === '') - (b === ''); // undefined last, either way
    const order = kind === 'number' ? Number(a) - Number(b) : a.localeCompare(b, 'en');
    return up ? order : -order;
  }

  heads.forEach((head, column) => {
    if (!head.dataset.kind) return;
    const name = head.querySelector('button');
    const button = name || document.createElement('button');
    if (!name) {
      button.type = 'button';
      button.textContent = head.textContent;
      head.textContent = '';
      head.append(button);
    }
    head.setAttribute('aria-sort', 'none');
    button.addEventListener('click', (press) => {
      press.preventDefault(); // pointed at, it shows its definition; pressed, it sorts
      const kind = head.dataset.kind;
      const was = head.getAttribute('aria-sort');
      const up = was === 'none' ? kind === 'text' : was === 'descending';
      heads.forEach((other) => other.dataset.kind && other.setAttribute('aria-sort', 'none'));
      head.setAttribute('aria-sort', up ? 'ascending' : 'descending');
      const rows = [...body.rows];
      rows.sort((a, b) => compare(a.cells[column].dataset.sort, b.cells[column].dataset.sort, kind, up));
      body.append(...rows);
    });
  });
});
