// A long form: amounts in capitals beside their field, tidy amounts on leaving, a warning before losing typing.
import { capitals, format, parse } from './money.js';

function amounts(root) {
  root.querySelectorAll('input[data-amount]').forEach((input) => {
    const out = document.getElementById(input.dataset.amount);
    const draw = () => {
      const fen = parse(input.value);
      if (out) out.textContent = fen === null || fen < 0n ? '' : capitals(fen);
    };
    input.addEventListener('input', draw);
    input.addEventListener('blur', () => {
      const fen = parse(input.value);
      if (fen !== null) input.value = format(fen).replace('−', '-');
    });
    draw();
  });
}

function unsaved(form) {
  let dirty = false;
  form.addEventListener('input', () => { dirty = true; });
  ['submit', 'autosaved'].forEach((name) => form.addEventListener(name, () => { dirty = false; }));
  window.addEventListener('beforeunload', (event) => {
    if (dirty) {
      event.preventDefault();
      event.returnValue = '';
    }
  });
}

export function start() {
  amounts(document);
  document.querySelectorAll('form[data-unsaved]').forEach(unsaved);
}
