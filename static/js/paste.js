// Reading what people copy from Excel or WPS. Nothing is thrown away: what cannot be read is handed back.

const WIDE = '０１２３４５６７８９．，－＋（）％';
const PLAIN = '0123456789.,-+()%';

/** A block of cells: tabs and newlines; a quoted cell may hold both, and doubles its own quotes. */
export function cells(text) {
  const rows = [[]];
  const source = text.replace(/\r\n?/g, '\n').replace(/\n+$/, '');
  let at = 0;
  while (at <= source.length) {
    let value;
    const end = source[at] === '"' ? closing(source, at) : -1;
    if (end > 0) {
      value = source.slice(at + 1, end).replace(/""/g, '"');
      at = end + 1;
    } else {
      const stop = source.slice(at).search(/[\t\n]/);
      value = stop < 0 ? source.slice(at) : source.slice(at, at + stop);
      at += value.length;
    }
    rows[rows.length - 1].push(value.trim());
    if (source[at] === '\n') rows.push([]);
    at += 1;
  }
  return rows;
}

/** Where a quoted cell ends; -1 if the quote is only a sign in a text. */
function closing(source, start) {
  let at = start + 1;
  while (at < source.length) {
    if (source[at] === '"' && source[at + 1] === '"') at += 2;
    else if (source[at] === '"') return at + 1 === source.length || /[\t\n]/.test(source[at + 1]) ? at : -1;
    else at += 1;
  }
  return -1;
}

/** 1,234.50, １２３４．５, ￥1 234.5 元 → 1234.5; null if it is no number. */
export function number(text) {
  const plain = [...text].map((sign) => PLAIN[WIDE.indexOf(sign)] || sign).join('').replace(/[,\s¥￥元]/g, '');
  return /^[-+]?(\d+(\.\d*)?|\.\d+)$/.test(plain) ? plain.replace(/^\+/, '').replace(/\.$/, '') : null;
}

const YES = ['是', '√', '✓', '1', 'y', 'yes', 'true', '进口', '有', 'on'];
const NO = ['', '否', '×', '0', 'n', 'no', 'false', '国产', '无', '—', '-'];

/** Put a text into an input, select or box; false if it could not be read (a text input keeps it all the same). */
export function put(cell, text) {
  if (cell.type === 'checkbox') {
    const word = text.toLowerCase();
    cell.checked = YES.includes(word);
    return YES.includes(word) || NO.includes(word);
  }
  if (cell.tagName === 'SELECT') {
    const option = [...cell.options].find((one) => one.value === text || one.text.trim() === text)
      || (text && [...cell.options].find((one) => one.value && one.text.trim().startsWith(text)));
    if (option) cell.value = option.value;
    return Boolean(option) || !text;
  }
  const figure = cell.inputMode === 'decimal' ? number(text) : text;
  cell.value = figure === null ? text : figure;
  return figure !== null || !text;
}

/** Say beside a cell what could not be read; gone with the next change of the cell. */
export function mark(cell, text) {
  const note = document.createElement('div');
  note.className = 'fld-e';
  note.dataset.unread = '';
  note.textContent = text;
  cell.setAttribute('aria-invalid', 'true');
  cell.parentElement.append(note);
  cell.addEventListener('input', () => {
    cell.removeAttribute('aria-invalid');
    note.remove();
  }, { once: true });
}
