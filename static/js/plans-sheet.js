// 采购清单 from and to Excel without leaving the form: the server reads the file, the rows are filled in here.

const items = document.getElementById('rows-items');

function tell(box, faults) {
  const out = box.querySelector('[data-excel-faults]');
  out.hidden = !faults.length;
  out.querySelector('b').textContent = faults.length ? `文件有 ${faults.length} 处错误，没有填入任何一行` : '';
  out.querySelector('ul').replaceChildren(...faults.map((text) => {
    const line = document.createElement('li');
    line.textContent = text;
    return line;
  }));
}

async function take(box, input) {
  if (!input.files.length) return;
  const data = new FormData();
  data.append('sheet', input.files[0]);
  data.append('csrfmiddlewaretoken', document.querySelector('[name=csrfmiddlewaretoken]').value);
  input.value = '';
  const answer = await fetch(box.dataset.excel, { method: 'POST', body: data }).catch(() => null);
  const read = answer && answer.ok && !answer.redirected ? await answer.json() : { faults: ['文件没有送到服务器，请检查网络或重新登录后再试。'] };
  tell(box, read.faults || []);
  if (read.rows) {
    items.dispatchEvent(new CustomEvent('take', { detail: read.rows }));
    box.open = false;
  }
}

/** The list as it stands, without submitting the form. */
async function give(button) {
  const data = new FormData(button.form);
  [...data.keys()].filter((name) => name === 'sheet' || name.startsWith('file:')).forEach((name) => data.delete(name));
  const answer = await fetch(button.formAction, { method: 'POST', body: data }).catch(() => null);
  if (!answer || !answer.ok || answer.redirected) return;
  const link = document.createElement('a');
  link.href = URL.createObjectURL(await answer.blob());
  link.download = '采购清单.xlsx';
  link.click();
  URL.revokeObjectURL(link.href);
}

export function start() {
  const box = document.querySelector('[data-excel]');
  if (!box || !items) return;
  box.classList.add('live');
  const input = box.querySelector('input[type=file]');
  input.addEventListener('change', (event) => {
    event.stopPropagation(); // no field of the plan: nothing to save or to examine
    take(box, input);
  });
  box.querySelector('[data-excel-out]').addEventListener('click', (event) => {
    event.preventDefault();
    give(event.target.closest('button'));
  });
}
