// Renews the progress of a sealed paper until it is done; lets a PDF be dropped on the public check.

const FIRST = 1000;
const LONGEST = 15000;

async function renew(part, wait) {
  await new Promise((done) => { setTimeout(done, wait); });
  let next = null;
  try {
    const answer = await fetch(part.dataset.poll, { headers: { 'X-Fragment': '1' } });
    if (!answer.ok) return;
    next = new DOMParser().parseFromString(await answer.text(), 'text/html').querySelector('[data-sealed]');
  } catch { /* offline for a moment: ask again */ }
  const now = next || part;
  if (next) part.replaceWith(next);
  if (now.dataset.poll) renew(now, Math.min(wait * 1.5, LONGEST));
}

document.querySelectorAll('[data-sealed][data-poll]').forEach((part) => renew(part, FIRST));

document.querySelectorAll('form[data-drop]').forEach((form) => {
  const input = form.querySelector('input[type=file]');
  const over = (on) => (event) => { event.preventDefault(); form.classList.toggle('over', on); };
  form.querySelector('[data-drop-hint]').hidden = false;
  form.addEventListener('dragover', over(true));
  form.addEventListener('dragleave', over(false));
  form.addEventListener('drop', (event) => {
    over(false)(event);
    if (!event.dataTransfer.files.length) return;
    input.files = event.dataTransfer.files;
    form.requestSubmit();
  });
});
