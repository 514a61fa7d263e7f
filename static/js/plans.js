// A plan: totals as they are typed (the server computes them again), and what a quota has left after this use.
import { format, parse, product, scaled } from './money.js';
import { mark } from './paste.js';
import { arrange } from './plans-files.js';
import * as organisation from './plans-organisation.js';
import * as picker from './plans-picker.js';
import * as sections from './plans-sections.js';
import * as sheet from './plans-sheet.js';

const cell = (row, name) => row.querySelector(`[name$="-${name}"]`);

/** 单价×数量 or 总价÷数量: the other cell follows (domain.md 9.3). */
function price(row) {
  const [mode, each, many, total] = ['entry_mode', 'unit_price', 'quantity', 'total_price'].map((name) => cell(row, name));
  const byTotal = mode.value === 'by_total';
  each.readOnly = byTotal;
  total.readOnly = !byTotal;
  if (!byTotal) {
    const value = product(many.value, each.value);
    if (value !== null) total.value = format(value);
    return;
  }
  const fen = parse(total.value);
  const quantity = scaled(many.value, 4);
  if (fen === null || !quantity) return;
  const micro = (fen * 10n ** 8n) / quantity; // cut at six decimals, not rounded
  each.value = `${micro / 1000000n}.${(micro % 1000000n).toString().padStart(6, '0')}`.replace(/\.?0+$/, '');
}

/** Rows filled from Excel: only a total known means 总价÷数量; a total that contradicts its price is pointed at. */
function settle(rows, touched) {
  rows.forEach((row) => {
    const [mode, each, total] = ['entry_mode', 'unit_price', 'total_price'].map((name) => cell(row, name));
    const told = touched.has(total) ? total.value : '';
    if (told && !each.value && !touched.has(mode)) mode.value = 'by_total';
    price(row);
    fold(row);
    if (told && mode.value !== 'by_total' && parse(told) !== parse(total.value)) {
      mark(each, `原表总价 ${told}，与单价×数量不符`);
    }
  });
}

/** The import block matters only where the box is ticked. */
function fold(row) {
  const block = row.querySelector('.importing');
  const wanted = cell(row, 'is_import').checked;
  if (block.hidden === !wanted) return;
  block.hidden = !wanted;
  if (wanted) block.closest('details').open = true;
}

function left(row) {
  const choice = cell(row, 'confirmation').selectedOptions[0];
  const out = row.querySelector('[data-left]');
  const available = choice && choice.dataset.available ? parse(choice.dataset.available) : null;
  const rest = available === null ? null : available - (parse(cell(row, 'amount').value) || 0n);
  out.textContent = rest === null ? '—' : format(rest);
  out.classList.toggle('short', rest !== null && rest < 0n);
}

function watch(id, ...draws) {
  const table = document.getElementById(id);
  if (!table) return;
  const draw = (event) => {
    const row = event.target.closest('tr[data-item]');
    if (row) draws.forEach((one) => one(row));
  };
  table.addEventListener('input', draw, true);
  table.addEventListener('change', draw, true);
  new MutationObserver((changes) => changes.forEach((change) => change.addedNodes.forEach((row) => {
    if (row.matches && row.matches('tr[data-item]')) draws.forEach((one) => one(row));
  }))).observe(table.tBodies[0], { childList: true });
  table.querySelectorAll('tr[data-item]').forEach((row) => draws.forEach((one) => one(row)));
}

const items = document.getElementById('rows-items');
if (items) items.addEventListener('rowsfilled', ({ detail }) => settle(detail.rows, detail.touched));
watch('rows-items', price, fold);
watch('rows-fundings', left);
organisation.start();
picker.start();
sheet.start();
sections.start(); // asks the tables, already running, for their totals

/** 辅助填报: what is typed goes to the server, its answer replaces the panel; nothing is saved. */
function assist(place) {
  const form = place.closest('form');
  let timer = 0;
  let asked = 0;
  const ask = async () => {
    asked += 1;
    const mine = asked;
    const data = new URLSearchParams(); // read three times as fast as a multipart body; empty fields say nothing
    new FormData(form).forEach((value, name) => {
      if (value instanceof File ? value.name : value) data.append(name, value instanceof File ? 'x' : value);
    });
    const answer = await fetch(place.dataset.assist, { method: 'POST', body: data }).catch(() => null);
    if (!answer || !answer.ok || answer.redirected || mine !== asked) return;
    const holder = document.createElement('template');
    holder.innerHTML = await answer.text();
    arrange((answer.headers.get('X-Papers') || '').split(' ').filter(Boolean));
    if (mine === asked && holder.content.querySelector('#assistant') && !place.contains(document.activeElement)) {
      place.replaceChildren(holder.content);
    }
  };
  const later = (event) => {
    if (place.contains(event.target)) return;
    clearTimeout(timer);
    timer = setTimeout(ask, 500);
  };
  form.addEventListener('input', later);
  form.addEventListener('change', later);
  form.addEventListener('click', (event) => { if (event.target.closest('[data-delete-row]')) later(event); });
}

document.querySelectorAll('[data-assist]').forEach(assist);
