// Keyboard: Ctrl+K search, J/K rows, Enter open, A review, Ctrl+S save, Alt+N new row, ? help.
// Single letters do nothing inside fields and can be switched off (WCAG 2.1.4).

const SETTING = 'letters';
const lettersOn = () => window.localStorage.getItem(SETTING) !== 'off';
const typing = (element) => element.matches('input, select, textarea, [contenteditable]');
const rows = () => [...document.querySelectorAll('tr[data-row]')];

function step(by) {
  const all = rows();
  if (!all.length) return;
  const now = all.findIndex((row) => row.classList.contains('cur'));
  const next = now < 0 ? (by > 0 ? 0 : all.length - 1) : Math.min(all.length - 1, Math.max(0, now + by));
  all.forEach((row, index) => row.classList.toggle('cur', index === next));
  const link = all[next].querySelector('a[data-view]') || all[next].querySelector('a');
  link.focus();
}

function act(selector) {
  const row = document.querySelector('tr.cur') || document;
  const link = row.querySelector(selector);
  if (link) link.click();
}

const LETTERS = {
  j: () => step(1),
  k: () => step(-1),
  a: () => act('[data-review]'),
  '?': () => document.getElementById('keys').showModal(),
};

function withControl(event) {
  if (event.key === 'k') {
    document.querySelector('[data-search]').focus();
    return true;
  }
  const save = event.key === 's' && document.querySelector('[data-save]');
  if (save) save.click();
  return event.key === 's';
}

export function start() {
  document.addEventListener('keydown', (event) => {
    if ((event.ctrlKey || event.metaKey) && !event.altKey && 'ks'.includes(event.key)) {
      if (withControl(event)) event.preventDefault();
    } else if (event.altKey && event.key === 'n') {
      act('[data-add-row]');
      event.preventDefault();
    } else if (!event.ctrlKey && !event.altKey && !event.metaKey && lettersOn() && !typing(event.target)
      && !document.querySelector('dialog[open]') && LETTERS[event.key]) {
      event.preventDefault();
      LETTERS[event.key]();
    } else if (event.key === 'Escape') {
      document.querySelectorAll('details.gp-pop[open]').forEach((pop) => { pop.open = false; });
    }
  });
  const toggle = document.querySelector('[data-letters]');
  if (!toggle) return;
  toggle.checked = lettersOn();
  toggle.addEventListener('change', () => window.localStorage.setItem(SETTING, toggle.checked ? 'on' : 'off'));
}
