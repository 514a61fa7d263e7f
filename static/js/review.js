// The review card: which fields belong to which conclusion, ready-made opinions, length of the opinion.
// A form says data-review-form; parts say data-for="approve" or data-for="send_back" (several by spaces).

function draw(form) {
  const chosen = form.querySelector('[name=verb]:checked');
  const verb = chosen ? chosen.value : '';
  form.querySelectorAll('[data-for]').forEach((part) => {
    part.hidden = !part.dataset.for.split(' ').includes(verb);
    part.querySelectorAll('input, select, textarea').forEach((field) => { field.disabled = part.hidden; });
  });
  form.querySelectorAll('.seg label').forEach((label) => {
    const input = label.querySelector('input');
    label.classList.toggle('ok', input.checked && input.dataset.tone !== 'back');
    label.classList.toggle('back', input.checked && input.dataset.tone === 'back');
  });
  const button = form.querySelector('[data-go-text]');
  if (button && chosen && chosen.dataset.go) button.textContent = chosen.dataset.go;
}

function count(form) {
  const text = form.querySelector('[name=opinion]');
  const out = form.querySelector('[data-count]');
  if (text && out) out.textContent = `${text.value.length} / ${text.maxLength > 0 ? text.maxLength : 500}`;
}

function say(form, words) {
  const text = form.querySelector('[name=opinion]');
  const before = text.value.trim();
  text.value = before && !before.includes(words) ? `${before.replace(/[。；]?$/, '；')}${words}` : words;
  text.focus();
  count(form);
}

const ready = new WeakSet();

export function start(root = document) {
  root.querySelectorAll('[data-review-form]').forEach((form) => {
    if (ready.has(form)) return;
    ready.add(form);
    form.addEventListener('change', () => draw(form));
    form.addEventListener('input', () => count(form));
    form.addEventListener('click', (event) => {
      const chip = event.target.closest('[data-say]');
      if (chip) say(form, chip.dataset.say);
    });
    draw(form);
    count(form);
  });
}
