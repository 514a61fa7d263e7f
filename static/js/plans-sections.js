// The index of the form: where one is, and in a word what each part still lacks.
import { format } from './money.js';
import { count, missing } from './plans-files.js';

const sums = { items: 0n, fundings: 0n };
const rows = (id) => document.querySelector(`[data-number="${id}"]`).textContent;

function needed(section) {
  const blank = [...section.querySelectorAll('[data-needed]')].filter((input) => !input.value.trim()).length;
  return blank ? ['none', `还差 ${blank} 项`] : ['ok', '已填齐'];
}

function difference() {
  if (!sums.items && !sums.fundings) return ['none', '未填写'];
  return sums.items === sums.fundings ? ['ok', '与清单相等'] : ['warn', `差 ${format(sums.items > sums.fundings ? sums.items - sums.fundings : sums.fundings - sums.items)} 元`];
}

function files() {
  const lacking = missing();
  if (lacking) return ['warn', `还差 ${lacking} 种`];
  return count() ? ['ok', `${count()} 个文件`] : ['none', '没有文件'];
}

const TELL = {
  's-intent': (section) => ([...section.querySelectorAll('select')].some((one) => one.value) ? ['ok', '已选择'] : ['none', '未选择']),
  's-items': () => (sums.items ? ['ok', `${rows('items')} 项 · ${format(sums.items)}`] : ['none', '未填写']),
  's-fundings': difference,
  's-files': files,
};

function draw(links) {
  links.forEach((link) => {
    const section = document.querySelector(link.hash);
    const faulty = section.querySelector('[aria-invalid=true], .fld-e:not(:empty)');
    const [state, text] = faulty ? ['warn', '有误，请修改'] : (TELL[section.id] || needed)(section);
    link.dataset.state = state;
    link.querySelector('small').textContent = text;
  });
}

function follow(links) {
  const seen = new Map();
  const watch = new IntersectionObserver((entries) => {
    entries.forEach((entry) => seen.set(entry.target.id, entry.isIntersecting));
    const here = links.find((link) => seen.get(link.hash.slice(1)));
    links.forEach((link) => {
      link.classList.toggle('on', link === here);
      if (link === here) link.setAttribute('aria-current', 'location');
      else link.removeAttribute('aria-current');
    });
  }, { rootMargin: '-130px 0px -45% 0px' });
  links.forEach((link) => watch.observe(document.querySelector(link.hash)));
}

export function start() {
  const nav = document.querySelector('[data-sections]');
  if (!nav) return;
  const links = [...nav.querySelectorAll('a')].filter((link) => document.querySelector(link.hash));
  let timer = 0;
  const later = () => {
    clearTimeout(timer);
    timer = setTimeout(() => draw(links), 200);
  };
  document.addEventListener('totals', ({ detail }) => {
    sums[detail.prefix] = detail.sum;
    later();
  });
  ['input', 'change'].forEach((name) => document.getElementById('paper-form').addEventListener(name, later));
  ['items', 'fundings'].forEach((name) => {
    const table = document.getElementById(`rows-${name}`);
    if (table) table.dispatchEvent(new Event('redraw'));
  });
  follow(links);
  draw(links);
}
