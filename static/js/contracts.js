// The form of a contract: the total of a line from price and quantity, every sum against the amount of the contract.
// The server computes and checks all of it again.
import { format, parse, product } from './money.js';

const sums = {};
const amount = document.querySelector('[name="amount"]');

function against() {
  const wanted = amount ? parse(amount.value) : null;
  document.querySelectorAll('[data-against] [data-sum]').forEach((out) => {
    const sum = sums[out.dataset.sum] || 0n;
    const off = wanted !== null && sum !== wanted;
    out.classList.toggle('off', off);
    out.classList.toggle('same', wanted !== null && !off);
    if (off) out.dataset.off = sum > wanted ? `多 ${format(sum - wanted)}` : `差 ${format(wanted - sum)}`;
    else delete out.dataset.off;
  });
}

function line(event) {
  const match = /^items-.+-(quantity|unit_price)$/.exec(event.target.name || '');
  if (!match) return;
  const row = event.target.closest('tr[data-item]');
  const cell = (name) => row.querySelector(`[name$="-${name}"]`);
  const total = product(cell('quantity').value, cell('unit_price').value);
  if (total !== null) {
    cell('total').value = format(total);
    row.dispatchEvent(new Event('input', { bubbles: true }));
  }
}

document.addEventListener('totals', ({ detail }) => {
  sums[detail.prefix] = detail.sum;
  against();
});
document.addEventListener('input', line);
if (amount) amount.addEventListener('input', against);
document.querySelectorAll('table[data-rows]').forEach((table) => table.dispatchEvent(new Event('redraw')));
