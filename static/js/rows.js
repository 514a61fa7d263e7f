// Rows of a Django formset in a table: add, copy, delete, Enter to the next cell, paste from Excel.
// <table data-rows="prefix"> … <tr data-item> … <template data-empty> with __prefix__ … <button data-add-row>
// Names in a row end in -quantity, -unit_price and -total_price, -total or -amount; a total shown only: <output data-total>.
// Events of the table: „rowsfilled“ (detail: rows that were pasted or taken in), „totals“; it listens to „take“ (detail: rows
// by field name) and „redraw“ (the totals, for whoever came late).
import { capitals, format, parse, product } from './money.js';
import { cells as cellsOf, mark, number, put } from './paste.js';

const field = (row, name) => row.querySelector(`[name$="-${name}"]`);
const fieldsOf = (row) => [...row.querySelectorAll('input:not([type=hidden]), select, textarea')];
const targetsOf = (row) => fieldsOf(row).filter((cell) => !cell.name.endsWith('-DELETE'));
const open = (cell) => cell.offsetParent && !cell.readOnly && !cell.closest('details:not([open])');
const label = (cell) => (cell.labels && cell.labels.length ? cell.labels[0].textContent.trim() : '');

const TOTALS = ['total_price', 'total', 'amount'];
const AMOUNTS = /-(unit_price|total_price|total|amount)$/;

/** The cells a sum needs, looked up once a row: two hundred rows are asked at every key. */
const known = new WeakMap();
function parts(row) {
  if (!known.has(row)) {
    known.set(row, {
      total: TOTALS.map((name) => field(row, name)).find(Boolean),
      quantity: field(row, 'quantity'),
      price: field(row, 'unit_price'),
      shown: row.querySelector('[data-total]'),
      index: row.querySelector('[data-index]'),
      texts: targetsOf(row).filter((cell) => cell.matches('input:not([type=checkbox]), textarea')),
    });
  }
  return known.get(row);
}

function write(out, text) {
  if (out && out.textContent !== text) out.textContent = text;
}

function totalOf(row) {
  const { total, quantity, price, shown } = parts(row);
  if (total) return parse(total.value);
  const computed = quantity && price ? product(quantity.value, price.value) : null;
  write(shown, computed === null ? '—' : format(computed));
  return computed;
}

/** 1234567.5 becomes 1,234,567.5; what is not a number stays as it was typed. */
function tidy(input) {
  const match = /^(\d+)(\.\d+)?$/.exec(number(input.value) || '');
  if (match && AMOUNTS.test(input.name)) input.value = match[1].replace(/\B(?=(\d{3})+$)/g, ',') + (match[2] || '');
}

class Rows {
  constructor(table) {
    this.table = table;
    this.prefix = table.dataset.rows;
    this.body = table.tBodies[0];
    this.total = document.querySelector(`[name="${this.prefix}-TOTAL_FORMS"]`);
    this.most = Number((document.querySelector(`[name="${this.prefix}-MAX_NUM_FORMS"]`) || {}).value) || 500;
    this.empty = document.querySelector(`template[data-empty="${this.prefix}"]`);
    table.classList.add('live');
    table.addEventListener('click', (event) => this.click(event));
    table.addEventListener('input', () => this.draw());
    table.addEventListener('focusout', (event) => { if (event.target.matches('input')) tidy(event.target); });
    table.addEventListener('keydown', (event) => this.key(event));
    table.addEventListener('paste', (event) => this.paste(event));
    table.addEventListener('redraw', () => this.draw());
    table.addEventListener('take', (event) => this.take(event.detail));
    document.querySelectorAll(`[data-add-row="${this.prefix}"]`).forEach((button) => {
      button.addEventListener('click', (event) => {
        event.preventDefault();
        const row = this.add();
        this.draw();
        if (row) fieldsOf(row)[0].focus();
      });
    });
    this.rows.flatMap(fieldsOf).filter((cell) => cell.matches('input')).forEach(tidy);
    this.draw();
  }

  get rows() {
    return [...this.body.querySelectorAll('tr[data-item]:not(.gone)')];
  }

  /** One more row at the end, a copy of `from` if given; null when the set is full. Who calls draws. */
  add(from) {
    const number = Number(this.total.value);
    if (this.rows.length >= this.most || number > this.most) return null;
    const holder = document.createElement('template');
    holder.innerHTML = this.empty.innerHTML.split('__prefix__').join(number);
    const row = holder.content.querySelector('tr');
    if (from) this.copy(from, row);
    this.body.append(row);
    this.total.value = number + 1;
    return row;
  }

  copy(from, to) {
    const source = targetsOf(from);
    targetsOf(to).forEach((target, index) => {
      if (!source[index]) return;
      if (target.type === 'checkbox') target.checked = source[index].checked;
      else target.value = source[index].value;
    });
  }

  remove(row) {
    const place = this.rows.indexOf(row);
    const box = field(row, 'DELETE');
    if (box) box.checked = true;
    row.classList.add('gone');
    const next = this.rows[place] || this.rows[place - 1];
    if (next) fieldsOf(next)[0].focus();
    this.changed();
  }

  click(event) {
    const row = event.target.closest('tr[data-item]');
    if (event.target.closest('[data-copy-row]')) {
      const copied = this.add(row);
      this.changed();
      if (copied) fieldsOf(copied)[0].focus();
    }
    if (event.target.closest('[data-delete-row]')) this.remove(row);
  }

  key(event) {
    if (event.key !== 'Enter' || event.isComposing || !event.target.matches('input, select')) return;
    event.preventDefault();
    const next = this.next(event.target);
    if (!next) return;
    next.focus();
    if (next.select) next.select();
  }

  /** The cell after this one; after the last a new row's first. */
  next(cell) {
    let row = cell.closest('tr[data-item]');
    const cells = fieldsOf(row).filter(open);
    const place = cells.indexOf(cell) + 1;
    if (place < cells.length) return cells[place];
    row = this.after(row);
    this.draw();
    return row ? fieldsOf(row).find(open) : null;
  }

  after(row) {
    let next = row.nextElementSibling;
    while (next && next.classList.contains('gone')) next = next.nextElementSibling;
    return next || this.add();
  }

  /** A block from Excel into the cell where the cursor stands, over what follows, with new rows as needed. */
  paste(event) {
    const text = event.clipboardData.getData('text/plain');
    if (!event.target.matches('input, select') || !/[\t\n]/.test(text.trim())) return;
    event.preventDefault();
    const block = cellsOf(text);
    const first = event.target.closest('tr[data-item]');
    const start = targetsOf(first).indexOf(event.target);
    const heads = targetsOf(first).map(label);
    const headed = block[0].every((value) => !value || heads.includes(value)) && block[0].some(Boolean);
    const report = { rows: [], unread: 0, left: [], touched: new Set() };
    let row = first;
    block.slice(headed ? 1 : 0).forEach((line, index) => {
      if (index && row) row = this.after(row);
      if (row) this.fill(row, start, line, report);
      else report.left.push(line.join('\t'));
    });
    this.finish(report);
  }

  fill(row, start, line, report) {
    const targets = targetsOf(row);
    const extra = [];
    line.forEach((value, offset) => {
      const cell = targets[start + offset];
      if (cell) this.set(cell, value, report);
      else if (value) extra.push(value);
    });
    if (extra.length) report.left.push(extra.join('\t'));
    report.rows.push(row);
  }

  set(cell, value, report) {
    cell.parentElement.querySelectorAll('[data-unread]').forEach((note) => note.remove());
    cell.removeAttribute('aria-invalid');
    report.touched.add(cell);
    if (put(cell, value)) tidy(cell);
    else {
      report.unread += 1;
      mark(cell, cell.tagName === 'INPUT' && cell.type !== 'checkbox' ? '不是数字，请修改' : `未识别“${value}”，请选择`);
    }
  }

  /** Rows given by field name (an imported sheet): empty rows are used first. */
  take(list) {
    const report = { rows: [], unread: 0, left: [], touched: new Set() };
    const empty = this.rows.filter((row) => targetsOf(row).every((cell) => cell.type === 'checkbox' || cell.tagName === 'SELECT' || !cell.value));
    list.forEach((values) => {
      const row = empty.shift() || this.add();
      if (!row) return;
      Object.entries(values).forEach(([name, value]) => { if (field(row, name)) this.set(field(row, name), value, report); });
      report.rows.push(row);
    });
    this.finish(report);
  }

  finish(report) {
    this.table.dispatchEvent(new CustomEvent('rowsfilled', { detail: report }));
    this.changed();
    this.say(report);
  }

  /** What was taken in, what needs a look; text that found no place is shown, not dropped. */
  say({ rows, unread, left }) {
    const id = `pasted-${this.prefix}`;
    const out = document.getElementById(id) || document.createElement('div');
    out.id = id;
    out.className = `note ${unread || left.length ? 'o' : 'g'} pasted`;
    out.setAttribute('role', 'status');
    out.replaceChildren();
    this.table.parentElement.after(out);
    const line = document.createElement('span');
    line.textContent = `已填入 ${rows.length} 行${unread ? `，其中 ${unread} 格不能识别，已标出` : ''}${left.length ? '；下列内容没有位置，请自行处理：' : '。'}`;
    out.append(line);
    if (!left.length) return;
    const rest = document.createElement('textarea');
    rest.readOnly = true;
    rest.rows = Math.min(4, left.length);
    rest.setAttribute('aria-label', '没有位置的内容');
    rest.value = left.join('\n');
    out.append(rest);
  }

  /** Sums are drawn, and who listens for typing (assistant, autosave) hears of it. */
  changed() {
    this.table.dispatchEvent(new Event('input', { bubbles: true }));
  }

  draw() {
    let sum = 0n;
    let filled = 0;
    this.rows.forEach((row, index) => {
      write(parts(row).index, String(index + 1));
      sum += totalOf(row) || 0n;
      if (parts(row).texts.some((cell) => cell.value.trim())) filled += 1;
    });
    const out = (name, text) => document.querySelectorAll(`[data-${name}="${this.prefix}"]`).forEach((place) => write(place, text));
    out('sum', format(sum));
    out('capitals', capitals(sum));
    out('number', String(filled)); // the empty row at the end is no row yet
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
      write(out, format(left - right));
      out.classList.toggle('diff-bad', left !== right);
    });
  });
}

export function start() {
  differences();
  document.querySelectorAll('table[data-rows]').forEach((table) => new Rows(table));
}
