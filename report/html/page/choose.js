'use strict';
// Lets the reader choose vaults on the index and opens their comparison, which finds them
// in its address. Only vaults that have a page can be compared.
(() => {
  const least = 2;
  const most = 8;
  const form = document.getElementById('choice');
  const links = form ? [...document.querySelectorAll('table.index th[scope="row"] a')] : [];
  if (links.length < least) return;

  const boxes = new Map(); // by the folder of the vault's report
  const chosen = [];
  for (const link of links) {
    const box = document.createElement('input');
    box.type = 'checkbox';
    box.setAttribute('aria-label', 'Compare ' + link.textContent);
    box.addEventListener('change', () => choose(id, box.checked));
    const id = link.getAttribute('href').split('/')[0];
    boxes.set(id, { box, name: link.textContent });
    const label = document.createElement('label');
    label.className = 'choose';
    label.append(box);
    link.before(label);
    link.closest('table').classList.add('choosing');
  }
  document.getElementById('hint').hidden = false;
  const said = form.querySelector('[role="status"]');
  const [compare, clear] = form.querySelectorAll('button');

  function choose(id, isChosen) {
    if (isChosen) chosen.push(id);
    else chosen.splice(chosen.indexOf(id), 1);
    write();
    show();
  }

  function show() {
    for (const [id, { box }] of boxes) {
      box.checked = chosen.includes(id);
      box.disabled = chosen.length >= most && !box.checked;
    }
    form.hidden = chosen.length === 0;
    compare.disabled = chosen.length < least;
    const names = chosen.map((id) => boxes.get(id).name).join(', ');
    said.textContent = names + '.' + (chosen.length < least ? ' Choose another to compare.' : chosen.length < most ? '' : ' No more can be chosen.');
  }

  function write() {
    const words = new URLSearchParams(location.hash.slice(1));
    if (chosen.length > 0) words.set('chosen', chosen.join(','));
    else words.delete('chosen');
    history.replaceState(null, '', words.size > 0 ? '#' + words : location.pathname);
  }

  function read() {
    const ids = (new URLSearchParams(location.hash.slice(1)).get('chosen') || '').split(',');
    chosen.splice(0, chosen.length, ...new Set(ids.filter((id) => boxes.has(id)).slice(0, most)));
    show();
  }

  form.addEventListener('submit', (event) => {
    event.preventDefault();
    if (chosen.length >= least) location.href = 'compare.html#' + chosen.join(',');
  });
  form.addEventListener('reset', () => {
    const first = boxes.get(chosen[0]);
    chosen.length = 0;
    write();
    show();
    first?.box.focus();
  });
  addEventListener('hashchange', read);
  read();
})();
