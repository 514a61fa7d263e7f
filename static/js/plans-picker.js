// 品目 tree: levels come from the server when they are opened; search by code, name or initials.
// ↑ ↓ move, → opens, ← closes or goes up, Enter chooses, Esc closes. Without this script the field takes code or name.

const dialog = document.getElementById('category-picker');
let target = null; // the input a choice goes to
let asked = 0;

const parts = () => ({
  search: dialog.querySelector('input[type=search]'),
  tree: dialog.querySelector('[role=tree]'),
  path: dialog.querySelector('[data-path-shown]'),
});

async function rows(query) {
  const answer = await fetch(`${dialog.dataset.source}&${new URLSearchParams(query)}`).catch(() => null);
  const holder = document.createElement('template');
  if (answer && answer.ok && !answer.redirected) holder.innerHTML = await answer.text();
  else holder.innerHTML = '<li class="pk-none" role="none">目录暂时打不开，请稍后再试，或直接填写品目编码。</li>';
  return holder.content;
}

const items = () => [...dialog.querySelectorAll('[role=treeitem]')].filter((item) => item.offsetParent);
const current = () => dialog.querySelector('[role=treeitem][aria-selected=true]');

/** The chosen row: marked, in view, its path shown; the focus stays where it is. */
function point(item, focus = true) {
  const before = current();
  if (before) {
    before.setAttribute('aria-selected', 'false');
    before.tabIndex = -1;
  }
  if (!item) return;
  item.setAttribute('aria-selected', 'true');
  item.tabIndex = 0;
  if (focus) item.focus();
  item.querySelector('.pk-row').scrollIntoView({ block: 'nearest' });
  parts().path.textContent = `${item.dataset.path}${item.dataset.value ? '' : '（请选择下级品目）'}`;
}

async function open(item) {
  if (!item.hasAttribute('aria-expanded')) return;
  item.setAttribute('aria-expanded', 'true');
  if (item.querySelector('[role=group]')) return;
  const group = document.createElement('ul');
  group.setAttribute('role', 'group');
  item.append(group);
  group.append(await rows({ parent: item.dataset.code }));
}

function choose(item) {
  if (!item) return;
  if (!item.dataset.value) {
    if (item.getAttribute('aria-expanded') === 'true') item.setAttribute('aria-expanded', 'false');
    else open(item);
    return;
  }
  target.value = item.dataset.value;
  dialog.close();
  target.dispatchEvent(new Event('input', { bubbles: true }));
  target.dispatchEvent(new Event('change', { bubbles: true }));
}

async function draw(query) {
  asked += 1;
  const mine = asked;
  const found = await rows(query);
  if (mine !== asked) return;
  const { tree, path } = parts();
  tree.replaceChildren(found);
  path.textContent = '';
  point(items()[0], false);
}

async function show(input) {
  target = input;
  const { search } = parts();
  search.value = '';
  dialog.showModal();
  search.focus();
  await draw({});
}

function right(item) {
  if (item.getAttribute('aria-expanded') === 'false') open(item);
  else if (item.querySelector('[role=treeitem]')) point(item.querySelector('[role=treeitem]'));
}

function left(item) {
  if (item.getAttribute('aria-expanded') === 'true') item.setAttribute('aria-expanded', 'false');
  else point(item.parentElement.closest('[role=treeitem]') || item);
}

const KEYS = {
  ArrowDown: (item, all) => point(all[Math.min(all.indexOf(item) + 1, all.length - 1)]),
  ArrowUp: (item, all) => (all.indexOf(item) > 0 ? point(all[all.indexOf(item) - 1]) : parts().search.focus()),
  Home: (item, all) => point(all[0]),
  End: (item, all) => point(all[all.length - 1]),
  ArrowRight: right,
  ArrowLeft: left,
  Enter: choose,
  ' ': choose,
};

function key(event) {
  const typing = event.target.matches('input');
  if (event.key === 'Escape') { // else the first one only empties the search
    event.preventDefault();
    dialog.close();
  } else if (typing && event.key === 'Enter') {
    event.preventDefault();
    if (!event.isComposing) choose(current());
  } else if (typing && event.key === 'ArrowDown') {
    event.preventDefault();
    point(current() || items()[0]);
  } else if (!typing && KEYS[event.key] && event.target.closest('[role=treeitem]')) {
    event.preventDefault();
    KEYS[event.key](event.target.closest('[role=treeitem]'), items());
  }
}

function click(event) {
  const item = event.target.closest('[role=treeitem]');
  if (!item) return;
  point(item);
  choose(item);
}

export function start() {
  if (!dialog || !dialog.showModal) return;
  let timer = 0;
  dialog.addEventListener('keydown', key);
  dialog.querySelector('[role=tree]').addEventListener('click', click);
  parts().search.addEventListener('input', ({ target: { value } }) => {
    clearTimeout(timer);
    timer = setTimeout(() => draw(value.trim() ? { q: value.trim() } : {}), 150);
  });
  dialog.addEventListener('close', () => target.focus());
  document.addEventListener('click', (event) => {
    const button = event.target.closest('[data-pick-category]');
    if (button) show(button.parentElement.querySelector('input'));
  });
  document.addEventListener('keydown', (event) => {
    if (event.altKey && event.key === 'ArrowDown' && event.target.matches('[name$="-category"]')) {
      event.preventDefault();
      show(event.target);
    }
  });
}
