// Rows of a Django formset in a table: add, copy, delete, Enter to the next cell, paste from Excel.
// <table data-rows="prefix"> … <tr data-item> … <template data-empty> with __prefix__ … <button data-add-row>
// Names in a row end in -quantity, -unit_price and -total_price, -total or -amount; a total shown only: <output data-total>.
import { capitals, format, parse, product } from './money.js';

const field = (row, name) => row.querySelector(`[name$="-${name}"]`);
const fieldsOf = (row) => [...row.querySelectorAll('input:not([type=hidden]), select, textarea')];

const TOTALS = ['total_price', 'total', 'amount'];
const AMOUNTS = /-(unit_price|total_price|total|amount)$/;

function totalOf(row) {
  const total = TOTALS.map((name) => field(row, name)).find(Boolean);
  if (total) return parse(total.value);
  const quantity = field(row, 'quantity');
  const price = field(row, 'unit_price');
  const computed = quantity && price ? product(quantity.value, price.value) : null;
  const shown = row.querySelector('[data-total]');
  if (shown) shown.textContent = computed === null ? '—' : format(computed);
  return computed;
}

/** 1234567.5 becomes 1,234,567.5; what is not a number stays as it was typed. */
function tidy(input) {
  const match = /^(\d+)(\.\d+)?$/.exec(input.value.replace(/[,，\s]/g, ''));
  if (match && AMOUNTS.test(input.name)) input.value = match[1].replace(/\B(?=(\d{3})+$)/g, ',') + (match[2] || '');
}

class Rows {
  constructor(table) {
    this.table = table;
    this.prefix = table.dataset.rows;
    this.body = table.tBodies[0];
    this.total = document.querySelector(`[name="${this.prefix}-TOTAL_FORMS"]`);
    this.empty = document.querySelector(`template[data-empty="${this.prefix}"]`);
    table.classList.add('live');
    table.addEventListener('click', (event) => this.click(event));
    table.addEventListener('input', () => this.draw());
    table.addEventListener('focusout', (event) => { if (event.target.matches('input')) tidy(event.target); });
    table.addEventListener('keydown', (event) => this.key(event));
    table.addEventListener('paste', (event) => this.paste(event));
    document.querySelectorAll(`[data-add-row="${this.prefix}"]`).forEach((button) => {
      button.addEventListener('click', (event) => {
        event.preventDefault();
        this.add().focus();
      });
    });
    this.rows.flatMap(fieldsOf).filter((cell) => cell.matches('input')).forEach(tidy);
    this.draw();
  }

  get rows() {
    return [...this.body.querySelectorAll('tr[data-item]:not(.gone)')];
  }

  add(from) {
    const number = this.total.value;
    const holder = document.createElement('template');
    holder.innerHTML = this.empty.innerHTML.split('__prefix__').join(number);
    const row = holder.content.querySelector('tr');
    if (from) this.copy(from, row);
    this.body.append(row);
    this.total.value = Number(number) + 1;
    this.draw();
    return fieldsOf(row)[0];
  }

  copy(from, to) {
    const source = fieldsOf(from);
    fieldsOf(to).forEach((target, index) => {
      if (!source[index] || source[index].name.endsWith('-DELETE')) return;
      if (target.type === 'checkbox') target.checked = source[index].checked;
      else target.value = source[index].value;
    });
  }

  remove(row) {
    const mark = row.querySelector('[name$="-DELETE"]');
    if (mark) mark.checked = true;
    row.classList.add('gone');
    const next = this.rows[0];
    if (next) fieldsOf(next)[0].focus();
    this.draw();
  }

  click(event) {
    const row = event.target.closest('tr[data-item]');
    if (event.target.closest('[data-copy-row]')) this.add(row).focus();
    if (event.target.closest('[data-delete-row]')) this.remove(row);
  }

  key(event) {
    if (event.key !== 'Enter' || !event.target.matches('input, select')) return;
    event.preventDefault();
    const cells = this.rows.flatMap(fieldsOf).filter((cell) => cell.offsetParent && !cell.readOnly);
    const next = cells[cells.indexOf(event.target) + 1] || this.add();
    next.focus();
    if (next.select) next.select();
  }

  paste(event) {
    const text = event.clipboardData.getData('text/plain');
    if (!event.target.matches('input') || !/[\t\n]/.test(text.trim())) return;
    event.preventDefault();
    let row = event.target.closest('tr[data-item]');
    const start = fieldsOf(row).indexOf(event.target);
    text.replace(/\r/g, '').replace(/\n+$/, '').split('\n').forEach((line, index) => {
      if (index) row = this.after(row);
      const cells = fieldsOf(row);
      line.split('\t').forEach((value, offset) => this.set(cells[start + offset], value.trim()));
    });
    this.draw();
  }

  after(row) {
    const rows = this.rows;
    return rows[rows.indexOf(row) + 1] || this.add().closest('tr');
  }

  set(cell, value) {
    if (!cell) return;
    if (cell.tagName !== 'SELECT') cell.value = value;
    else {
      const option = [...cell.options].find((one) => one.text.trim() === value || one.text.startsWith(value));
      if (option) cell.value = option.value;
    }
  }

  draw() {
    let sum = 0n;
    this.rows.forEach((row, index) => {
      const number = row.querySelector('[data-index]');
      if (number) number.textContent = index + 1;
      sum += totalOf(row) || 0n;
    });
    const put = (name, text) => document.querySelectorAll(`[data-${name}="${this.prefix}"]`).forEach((out) => { out.textContent = text; });
    put('sum', format(sum));
    put('capitals', capitals(sum));
    put('number', this.rows.length);
    this.table.dispatchEvent(new CustomEvent('totals', { bubbles: true, detail: { prefix: this.prefix, sum } }));
  }
}

/** Red difference between two tables: <… data-difference="items funds">. */
function differences() {
  const sums = {};
  document.addEventListener('totals', ({ detail }) => {
    sums[detail.prefix] = detail.sum;
    document.querySelectorAll('[data-difference]').forEach((out) => {
      const [left, right] = out.dataset.difference.split(' ').map((name) => sums[name] || 0n);
      out.textContent = format(left - right);
      out.classList.toggle('diff-bad', left !== right);
    });
  });
}

export function start() {
  differences();
  document.querySelectorAll('table[data-rows]').forEach((table) => new Rows(table));
}
