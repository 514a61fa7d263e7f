// 单价×数量 或 总价÷数量：另一格随手算出，服务器保存时重算（domain.md 9.3）
import { format, parse, product, scaled } from '../js/money.js';

const cell = (row, name) => row.querySelector(`[name$="-${name}"]`);

function draw(row) {
  const [mode, price, many, total] = ['entry_mode', 'unit_price', 'quantity', 'total_price'].map((name) => cell(row, name));
  if (!mode || !total) return;
  const byTotal = mode.value === 'by_total';
  price.readOnly = byTotal;
  total.readOnly = !byTotal;
  if (!byTotal) {
    const value = product(many.value, price.value);
    if (value !== null) total.value = format(value);
    return;
  }
  const fen = parse(total.value);
  const quantity = scaled(many.value, 4);
  if (fen === null || !quantity) return;
  const micro = (fen * 10n ** 8n) / quantity; // 截断到六位小数，不四舍五入
  price.value = `${micro / 1000000n}.${(micro % 1000000n).toString().padStart(6, '0')}`.replace(/\.?0+$/, '');
}

const table = document.querySelector('table[data-rows="lines"]');
if (table) {
  const all = () => table.querySelectorAll('tr[data-item]').forEach(draw);
  table.addEventListener('input', (event) => draw(event.target.closest('tr[data-item]')), true);
  table.addEventListener('change', (event) => draw(event.target.closest('tr[data-item]')), true);
  all();
}
