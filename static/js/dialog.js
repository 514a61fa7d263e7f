// Links with data-dialog open in the page's <dialog>: the server answers X-Fragment with the bare form.
// The form itself is posted the ordinary way, so a decision is made once and a refusal shows its own page.
// Without this script the same link simply opens that page.

const box = document.getElementById('dialog');
let opener = null;

async function open(link) {
  opener = link;
  const answer = await fetch(link.href, { headers: { 'X-Fragment': '1' } });
  const page = new DOMParser().parseFromString(await answer.text(), 'text/html');
  const part = page.querySelector('[data-fragment]');
  if (!answer.ok || !part) {
    window.location.assign(link.href);
    return;
  }
  box.replaceChildren(document.importNode(part, true));
  box.classList.toggle('wide', part.hasAttribute('data-wide'));
  box.setAttribute('aria-label', part.querySelector('h2').textContent.trim());
  box.showModal();
  box.dispatchEvent(new CustomEvent('filled', { bubbles: true }));
  const first = box.querySelector('[autofocus], .body input:not([type=hidden]), .body select, .body textarea, button');
  if (first) first.focus();
}

function click(event) {
  const link = event.target.closest('a[data-dialog]');
  if (link && !event.ctrlKey && !event.metaKey && !event.shiftKey) {
    event.preventDefault();
    open(link);
  }
  const sheet = event.target.closest('[data-sheet]');
  if (sheet) {
    event.preventDefault();
    document.getElementById(sheet.dataset.sheet).showModal();
  }
  const close = event.target.closest('dialog [data-close]');
  if (close) {
    event.preventDefault();
    close.closest('dialog').close();
  }
}

export function start() {
  if (!box || !box.showModal) return;
  document.addEventListener('click', click);
  box.addEventListener('close', () => { if (opener) opener.focus(); });
}
