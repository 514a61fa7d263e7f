// 供应商: type a name or a credit code in a row of the contract's form, choose from the register, and its data are
// copied into the empty fields of that row. Without this script the row is typed.

const source = document.querySelector('[data-supplier-search]');
const KEPT = ['name', 'uscc'];
const OTHERS = ['id', 'former', 'labels']; // the register's own; a row of the form has an id as well
const list = document.createElement('datalist');
let found = [];
let asked = 0;
let timer = 0;

list.id = 'registered-suppliers';

const partsOf = (input) => /^(suppliers-[^-]+)-(name|uscc)$/.exec(input.name || '');

function options(field) {
  list.replaceChildren(...found.map((row) => {
    const option = document.createElement('option');
    option.value = row[field];
    option.label = field === 'name' ? row.uscc : row.name;
    return option;
  }));
}

function copy(prefix, row) {
  Object.entries(row).filter(([name]) => !OTHERS.includes(name)).forEach(([name, value]) => {
    const field = document.querySelector(`[name="${prefix}-${name}"]`);
    const first = field && field.tagName === 'SELECT' && !field.dataset.touched;
    if (field && value && (!field.value || first || KEPT.includes(name))) field.value = value;
  });
  source.closest('form').dispatchEvent(new Event('change')); // for autosave: nobody typed these
}

async function ask(input, [, prefix, field]) {
  asked += 1;
  const mine = asked;
  const query = new URLSearchParams({ q: input.value.trim() });
  const answer = await fetch(`${source.dataset.supplierSearch}?${query}`).catch(() => null);
  if (!answer || !answer.ok || answer.redirected || mine !== asked) return;
  found = (await answer.json()).rows;
  options(field);
  const row = found.find((one) => one[field] === input.value.trim());
  if (row) copy(prefix, row);
}

if (source) {
  document.body.append(list);
  document.addEventListener('change', ({ target }) => {
    if (target.tagName === 'SELECT') target.dataset.touched = '1';
  });
  document.addEventListener('input', ({ target }) => {
    const parts = partsOf(target);
    if (!parts) return;
    target.setAttribute('list', list.id);
    clearTimeout(timer);
    if (target.value.trim().length > 1) timer = setTimeout(() => ask(target, parts), 200);
  });
}
