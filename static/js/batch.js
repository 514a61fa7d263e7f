// Ticking rows for 批量通过: how many, how much; one box ticks the page. The form works without this.
import { capitals, format, parse } from './money.js';

export function start() {
  const form = document.getElementById('batch');
  if (!form) return;
  const boxes = [...document.querySelectorAll('input[form=batch][name=pick]:not(:disabled)')];
  const all = document.querySelector('[data-pick-all]');
  const out = form.querySelector('[data-picked]');
  const hint = out.textContent;
  const draw = () => {
    const ticked = boxes.filter((box) => box.checked);
    const sum = ticked.reduce((total, box) => total + (parse(box.dataset.amount) || 0n), 0n);
    out.textContent = ticked.length ? `已选 ${ticked.length} 件，合计 ${format(sum)} 元（${capitals(sum)}）` : hint;
    form.classList.toggle('on', ticked.length > 0);
    all.checked = ticked.length === boxes.length;
    all.indeterminate = ticked.length > 0 && ticked.length < boxes.length;
  };
  all.closest('label').hidden = false;
  all.addEventListener('change', () => {
    boxes.forEach((box) => { box.checked = all.checked; });
    draw();
  });
  boxes.forEach((box) => box.addEventListener('change', draw));
  draw();
}
