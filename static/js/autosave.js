// Autosave of a paper's form: form[data-autosave] names the address, data-paper and data-query the form itself.
// Two seconds after the last key, and when the page is hidden, what is typed goes to the server, never into
// the paper. While the server cannot take it (session over, no network) a copy lies in this tab's
// sessionStorage, under the person's own key: not for secret papers, gone after saving, logout or another login.

const QUIET = 2000;
const RETRY = 15000;
const WAIT = 20000;
const KEEPALIVE = 60000; // browsers let 64 KiB outlive the page
const OWN = ['csrfmiddlewaretoken', 'action', 'draft', 'draft_seq'];
const CHANGERS = '[data-delete-row], [data-copy-row], [data-add-row]';
const PREFIX = 'typed:';

const user = () => Number((document.querySelector('[data-user]') || { dataset: {} }).dataset.user || 0);

/** Where a form lives, whatever draft it shows. */
function place() {
  const query = new URLSearchParams(window.location.search);
  query.delete('draft');
  const text = query.toString();
  return window.location.pathname + (text ? `?${text}` : '');
}

// The copies of this tab

function copies(mine) {
  return Object.keys(sessionStorage).filter((key) => key.startsWith(PREFIX) && key.startsWith(`${PREFIX}${user()}:`) === mine);
}

const forget = (keys) => keys.forEach((key) => sessionStorage.removeItem(key));

function remember(copy) {
  try {
    sessionStorage.setItem(`${PREFIX}${copy.typed.user}:${copy.typed.token}`, JSON.stringify(copy));
    return true;
  } catch (error) {
    return false; // full, or forbidden by the browser
  }
}

// Talking to the server

async function ask(url, options = {}) {
  const stop = new AbortController();
  const timer = setTimeout(() => stop.abort(), WAIT);
  try {
    // HX-Request: a session that has ended answers 401 instead of leading to the login page
    const headers = { 'HX-Request': 'true', ...options.headers };
    const answer = await fetch(url, { cache: 'no-store', redirect: 'manual', ...options, headers, signal: stop.signal });
    if (answer.status === 401 || answer.type === 'opaqueredirect') return { state: 'expired' };
    if (answer.status >= 500) return { state: 'away' };
    return await answer.json().catch(() => ({ state: answer.status === 403 ? 'stale' : 'refused', reason: '内容没有自动保存，请及时点“保存”。' }));
  } catch (error) {
    return { state: 'away' };
  } finally {
    clearTimeout(timer);
  }
}

function post(url, typed, leaving = false) {
  const body = JSON.stringify(typed);
  const token = document.querySelector('[name=csrfmiddlewaretoken]').value;
  const keepalive = leaving && new Blob([body]).size < KEEPALIVE;
  return ask(url, { method: 'POST', headers: { 'Content-Type': 'application/json', 'X-CSRFToken': token }, body, keepalive });
}

/** After a login in another tab the page's own token is out of date. */
async function renew(url) {
  const answer = await ask(url);
  if (answer.state !== 'ready') return answer;
  if (answer.user !== user()) return { state: 'other', reason: '浏览器已由另一用户登录，这里的内容没有保存。' };
  document.querySelectorAll('[name=csrfmiddlewaretoken]').forEach((input) => { input.value = answer.csrf; });
  return answer;
}

async function keep(url, typed, leaving) {
  const answer = await post(url, typed, leaving);
  if (answer.state !== 'stale' || leaving) return answer;
  const fresh = await renew(url);
  return fresh.state === 'ready' ? post(url, typed) : fresh;
}

class Autosave {
  constructor(form) {
    this.form = form;
    this.url = form.dataset.autosave;
    this.counter = form.querySelector('[name=draft_seq]');
    this.changes = 0;
    this.kept = 0;
    this.over = false;
    ['input', 'change'].forEach((name) => form.addEventListener(name, () => this.later()));
    form.addEventListener('click', (event) => { if (event.target.closest(CHANGERS)) this.later(); });
    form.addEventListener('submit', (event) => this.submit(event));
    document.addEventListener('visibilitychange', () => (document.hidden ? this.leave() : this.back()));
    window.addEventListener('pagehide', () => this.leave());
  }

  get secret() {
    const box = this.form.querySelector('[name=is_secret]');
    return 'secret' in this.form.dataset || Boolean(box && box.checked);
  }

  typed() {
    const fields = {};
    new FormData(this.form).forEach((value, name) => {
      if (OWN.includes(name) || typeof value !== 'string' || value === '') return;
      (fields[name] = fields[name] || []).push(value);
    });
    this.counter.value = Number(this.counter.value) + 1;
    const { paper, query } = this.form.dataset;
    return {
      user: user(), token: this.form.querySelector('[name=draft]').value, seq: Number(this.counter.value),
      paper: Number(paper || 0), query, fields,
    };
  }

  later() {
    if (this.over) return;
    this.changes += 1;
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.now(), QUIET);
  }

  async now() {
    if (this.over || this.changes === this.kept) return;
    clearTimeout(this.timer);
    const changes = this.changes;
    const typed = this.typed();
    this.hear(await keep(this.url, typed, false), typed, changes);
  }

  leave() {
    this.left = Date.now();
    if (this.over || this.changes === this.kept) return;
    const typed = this.typed();
    if (!this.secret) remember({ url: this.url, place: place(), typed });
    const changes = this.changes;
    keep(this.url, typed, true).then((answer) => this.hear(answer, typed, changes));
  }

  /** Somebody may have logged in elsewhere meanwhile: this page must be able to send again. */
  back() {
    if (this.waiting) this.now();
    else if (Date.now() - this.left > 60000) renew(this.url);
  }

  /** The text outlives a session that has ended; a secret paper is kept by the server before it is sent. */
  submit(event) {
    clearTimeout(this.timer);
    if (this.secret && !this.checked) {
      event.preventDefault();
      this.checkFirst(event.submitter);
      return;
    }
    const typed = this.typed();
    if (!this.secret) remember({ url: this.url, place: place(), typed });
    this.over = true;
  }

  async checkFirst(button) {
    const typed = this.typed();
    const answer = await keep(this.url, typed, false);
    this.checked = answer.state !== 'expired' && answer.state !== 'away';
    if (this.checked) this.form.requestSubmit(button);
    else this.hear(answer, typed, this.changes);
  }

  hear(answer, typed, changes) {
    this.waiting = answer.state === 'expired' || answer.state === 'away' || answer.state === 'stale';
    if (answer.state === 'kept') {
      this.kept = changes;
      forget([`${PREFIX}${typed.user}:${typed.token}`]);
      this.say(`已自动保存 ${answer.at}`, '');
      if (changes === this.changes) this.form.dispatchEvent(new CustomEvent('autosaved'));
    } else if (this.waiting) {
      this.hold(answer.state === 'expired', !this.secret && remember({ url: this.url, place: place(), typed }));
    } else if (answer.state !== 'spent') {
      this.over = answer.state === 'closed';
      this.say('', answer.reason);
    }
  }

  hold(expired, stored) {
    const where = stored ? '内容已保存在本机' : '内容还在本页，请不要关闭';
    this.say('', expired ? `登录已过期，${where}；请在新窗口重新登录，再回到这里继续填写。` : `暂时连不上服务器，${where}，连上后自动补存。`);
    this.form.querySelector('[data-autosave-login]').hidden = !expired;
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.now(), RETRY);
  }

  say(note, alert) {
    const box = this.form.querySelector('[data-autosave-alert]');
    this.form.querySelector('[data-autosave-note]').textContent = note;
    box.hidden = !alert;
    box.querySelector('[data-autosave-why]').textContent = alert;
    this.form.querySelector('[data-autosave-login]').hidden = true;
  }
}

/** Copies an earlier page of this tab left: sent now; the form they belong to is shown with them. */
async function settle() {
  const form = document.querySelector('form[data-autosave]');
  const open = form ? form.querySelector('[name=draft]').value : '';
  const waiting = copies(true).map((key) => [key, JSON.parse(sessionStorage.getItem(key))]);
  for (const [key, copy] of waiting) {
    const answer = await keep(copy.url, copy.typed, false);
    if (answer.state !== 'expired' && answer.state !== 'away') forget([key]);
    if (answer.state === 'kept' && copy.place === place() && copy.typed.token !== open) {
      window.location.replace(`${copy.place}${copy.place.includes('?') ? '&' : '?'}draft=${copy.typed.token}`);
      return;
    }
  }
}

export function start() {
  const left = ['LOGGED_OUT', 'TOKEN_REMOVED'].includes(new URLSearchParams(window.location.search).get('reason'));
  if (!user()) {
    if (left) forget([...copies(true), ...copies(false)]);
    return;
  }
  forget(copies(false));
  const leave = document.querySelector('form[action$="/accounts/logout/"]');
  if (leave) leave.addEventListener('submit', () => forget(copies(true)));
  document.querySelectorAll('form[data-autosave]').forEach((form) => new Autosave(form));
  settle();
}
