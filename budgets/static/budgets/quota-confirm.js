// 本次确认金额：大写、剩余和分段条实时计算（以分为单位的整数运算，服务器提交时重算）
import { capitals, format, parse } from '../js/money.js';

function start(form) {
  const $ = (key) => form.querySelector(`[data-${key}]`);
  const total = BigInt(form.dataset.total);
  const done = BigInt(form.dataset.done);
  const open = BigInt(form.dataset.open);
  const input = $('amount');
  const wrong = (value) => {
    if (value === null) return '请填写金额，最多两位小数，例如 1,000,000.00';
    if (value <= 0n) return '本次确认金额须大于 0';
    return value > open ? `超出可确认金额 ${format(value - open)} 元，最多可填 ${format(open)} 元` : '';
  };
  const width = (fen) => (total ? Number((fen * 10000n) / total) / 100 : 0);
  const draw = () => {
    const value = parse(input.value);
    const message = wrong(value);
    const now = message ? 0n : value;
    $('upper').textContent = message || capitals(value);
    $('upper').classList.toggle('err', !!message);
    input.classList.toggle('is-invalid', !!message);
    input.setAttribute('aria-invalid', String(!!message));
    $('rest').textContent = message ? '—' : format(open - now);
    $('rest2').textContent = format(open - now);
    $('rest').closest('.rest').classList.toggle('off', !!message);
    $('now').textContent = format(now);
    $('seg-now').setAttribute('width', width(now));
    $('seg-now').setAttribute('x', width(done));
    $('ok-label').textContent = message ? '确定' : `确定确认 ${format(value)} 元`;
  };
  input.addEventListener('input', draw);
  input.addEventListener('blur', () => {
    const value = parse(input.value);
    if (value !== null) input.value = format(value);
    draw();
  });
  form.querySelectorAll('[data-fill]').forEach((button) => {
    button.hidden = false;
    button.addEventListener('click', () => {
      input.value = format(BigInt(button.dataset.fill));
      draw();
      input.focus();
    });
  });
  draw();
}

const find = (root) => root.querySelectorAll('form[data-quota-confirm]').forEach(start);
find(document);
document.addEventListener('filled', (event) => {
  event.target.classList.toggle('l', !!event.target.querySelector('[data-wide]'));
  find(event.target);
});
