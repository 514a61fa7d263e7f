// CA-key login: talks to the CA helper on loopback, or (demo only) to the server's relay.
// Its hooks are listed on top of templates/accounts/login.html; that file decides them.
// On other pages it notices that the key was pulled out. The PIN never goes to the server in production.

const LAST = 'cakey-last';
export const TOKEN = 'cakey-token';
const DISCOVERY = 3000;
export const WITH_PIN = 120000;
export const SKEW = 300;
export const DAY = 86400;
export const WARNINGS = { low: '注意：PIN 曾经输错，剩余次数不多。', final: '警告：这是最后一次机会，再输错将锁定。' };

export const pause = (ms) => new Promise((resolve) => { setTimeout(resolve, ms); });

export class Refusal extends Error {
  constructor(cause, more = {}) { super(cause); this.cause = cause; this.more = more; }
}

export async function ask(url, options, timeout) {
  const stop = new AbortController();
  const timer = setTimeout(() => stop.abort(), timeout);
  try {
    const answer = await fetch(url, { cache: 'no-store', ...options, signal: stop.signal });
    const data = answer.status === 204 ? {} : await answer.json();
    return { ok: answer.ok, data };
  } finally { clearTimeout(timer); }
}

export const json = (body, headers = {}) => ({ method: 'POST', headers: { 'Content-Type': 'application/json', ...headers }, body: JSON.stringify(body) });

// The helper

export class Helper {
  static async find(ports) {
    const tries = ports.map(async (port) => {
      const helper = new Helper(`http://127.0.0.1:${port}/v1/`);
      helper.state = await helper.status();
      return helper;
    });
    return Promise.any(tries).catch(() => null);
  }

  constructor(base) { this.base = base; }

  async status() {
    const { ok, data } = await ask(`${this.base}status`, { targetAddressSpace: 'loopback' }, DISCOVERY);
    if (!ok) throw new Refusal(data.code);
    return data;
  }

  send(operation, body, timeout) {
    return ask(this.base + operation, { ...json(body), targetAddressSpace: 'loopback' }, timeout);
  }

  async call(operation, body, timeout) {
    for (let left = 10; ; left -= 1) {
      const { ok, data } = await this.send(operation, body, timeout).catch(() => ({ data: { code: 'AGENT_ABSENT' } }));
      if (ok) return data;
      if (data.code !== 'AGENT_BUSY' || left === 0) throw new Refusal(data.code || 'OTHER', data);
      await pause(300);
    }
  }
}

export class Relay extends Helper {
  constructor(pattern, csrf) { super(pattern.replace(/OP$/, '')); this.csrf = csrf; }

  send(operation, body, timeout) {
    return ask(this.base + operation, json(body, { 'X-CSRFToken': this.csrf }), timeout);
  }

  status() { return this.call('status', {}, 20000); }
}

export async function blocked() {
  for (const name of ['loopback-network', 'local-network-access']) {
    try {
      return (await navigator.permissions.query({ name })).state === 'denied';
    } catch (error) {
      if (!(error instanceof TypeError)) throw error;
    }
  }
  return false;
}

export async function reach({ ports, relay }, csrf) {
  let helper = await Helper.find(ports.split(','));
  if (relay && !(helper && helper.state.tokens.length)) {
    // demo: none near, it refuses this site, or it has no key; the practice keys are on the demo machine
    helper = new Relay(relay, csrf);
    helper.state = await helper.status();
  }
  if (!helper) throw new Refusal(await blocked() ? 'AGENT_BLOCKED' : 'AGENT_ABSENT');
  return helper;
}

export const pinPlace = (helper) => (helper instanceof Relay
  ? '演示：PIN 由演示机的 CA 助手校验；正式系统的服务器不接收 PIN。' : 'PIN 只在 CA-KEY 内校验，本系统不接收、不保存。');

export function stateOf(cause) {
  const all = [...document.querySelectorAll('template[data-state]')];
  return all.find((state) => state.dataset.state === cause || state.dataset.causes.split(' ').includes(cause)) || all[all.length - 1];
}

export function cardOf(state, { title, text, reference } = {}) {
  const card = state.content.cloneNode(true);
  if (title) card.querySelector('[data-title]').textContent = title;
  if (text) card.querySelector('[data-text]').textContent = text;
  if (reference) card.querySelector('[data-reference]').textContent = ` · 参考号 ${reference}`;
  return card;
}

// The login page

class LoginPage {
  constructor(form) {
    this.form = form;
    this.csrf = form.querySelector('[name=csrfmiddlewaretoken]').value;
    this.pin = form.querySelector('#pin');
    this.button = form.querySelector('[type=submit]');
    this.skew = Math.round(Date.now() / 1000 - Number(form.dataset.serverTime));
    this.run = 0;
    form.addEventListener('submit', (event) => { event.preventDefault(); this.logIn(); });
    form.addEventListener('click', (event) => this.act(event));
    form.addEventListener('input', (event) => { if (event.target.closest('[data-find]')) this.find(event.target.value); });
    form.addEventListener('change', (event) => { if (event.target.name === 'certificate') this.choose(event.target); });
  }

  part(selector) { return this.form.querySelector(selector); }

  start() {
    if (Math.abs(this.skew) > SKEW) this.showSkew();
    this.detect();
  }

  showSkew() {
    const minutes = Math.floor(Math.abs(this.skew) / 60);
    const text = `本机时间比服务器${this.skew < 0 ? '慢' : '快'} ${minutes} 分 ${Math.abs(this.skew) % 60} 秒，请校准。`;
    this.show('CLOCK_SKEW', { text });
  }

  async detect() {
    this.run += 1;
    const { run } = this;
    this.clear('key', 'certificate', 'pin');
    this.ready(false);
    try {
      await this.connect();
      while (!this.helper.state.tokens.length) {
        this.show('AGENT_NO_TOKEN');
        await pause(3000);
        if (run !== this.run) return;
        if (!document.hidden) this.helper.state = await this.helper.status();
      }
      this.clear('key');
      const { tokens } = this.helper.state;
      if (tokens.length > 1) this.key(`${tokens.length} 个 CA-KEY`, '');
      else this.key(tokens[0].label, tokens[0].serial_tail);
      this.step('key', true);
      await this.list();
    } catch (error) { if (run === this.run) this.fail(error); }
  }

  async connect() {
    this.helper = await reach(this.form.dataset, this.csrf);
    this.tag('CA 助手运行正常', 'g');
    const page = this.helper.state.pin === 'page';
    this.part('[data-pin-page]').hidden = !page;
    this.part('[data-pin-hint]').textContent = page ? pinPlace(this.helper) : '点“登录”后请在 CA 助手窗口输入 PIN；任何网页都不应向您索要 PIN。';
  }

  warn(row) {
    const token = this.helper.state.tokens.find((one) => one.serial_tail === row.tokenSerialTail);
    const text = WARNINGS[token && token.flags[0]] || '';
    if (this.helper.state.pin === 'page') this.part('[data-pin-hint]').textContent = text + pinPlace(this.helper);
  }

  countTries(row) { // not waited for: the next PIN may be typed already
    this.helper.status().then((state) => {
      this.helper.state = state;
      if (this.chosen() === row) this.warn(row);
    }, () => {});
  }

  async list() {
    const { certificates } = await this.helper.call('certificates', { purpose: 'auth' }, WITH_PIN);
    const now = Date.now() / 1000 - this.skew;
    const last = localStorage.getItem(LAST);
    this.certificates = certificates.map((row) => ({ ...row, days: Math.floor((Date.parse(row.notAfter) / 1000 - now) / DAY) }));
    this.certificates.sort((a, b) => (b.id === last) - (a.id === last) || (a.days < 0) - (b.days < 0)
      || a.organization.localeCompare(b.organization, 'zh') || a.subject.localeCompare(b.subject, 'zh'));
    if (!certificates.length) throw new Refusal('AGENT_NO_CERTIFICATE');
    const usable = this.certificates.filter((row) => row.days >= 0);
    this.part('[data-count]').textContent = `共 ${certificates.length} 张，${usable.length} 张可用`;
    this.part('[data-certificates]').replaceChildren(...this.certificates.map((row) => this.row(row, last)));
    const many = certificates.length > 6;
    this.part('[data-certificates]').classList.toggle('many', many);
    this.part('[data-find]').hidden = !many;
    if (!usable.length) { this.expired(this.certificates[0]); return; }
    const first = this.part('[name=certificate]:not(:disabled)');
    if (usable.length === 1 || usable[0].id === last) { first.checked = true; this.choose(first); } else { this.step('certificate', false); }
  }

  find(text) {
    const wanted = text.trim().toLowerCase();
    this.form.querySelectorAll('.cert').forEach((row) => { row.hidden = !row.textContent.toLowerCase().includes(wanted); });
  }

  expired(row) {
    const text = `证书 ${tail(row.serial)} 有效期至 ${row.notAfter.slice(0, 10)}，已过 ${-row.days} 天。`;
    this.show('CERT_EXPIRED', { text });
  }

  row(row, last) {
    const copy = document.querySelector('template[data-certificate]').content.cloneNode(true);
    const input = copy.querySelector('input');
    const set = (name, text) => { copy.querySelector(`[data-${name}]`).textContent = text; };
    input.value = row.id;
    input.id = `certificate-${row.id.slice(0, 12)}`;
    copy.querySelector('label').htmlFor = input.id;
    copy.querySelector('dl').id = `${input.id}-facts`;
    input.setAttribute('aria-describedby', `${input.id}-facts`);
    set('name', row.subject);
    set('organization', row.organization);
    set('due', row.notAfter.slice(0, 10));
    set('serial', tail(row.serial));
    set('issuer', row.issuer);
    const [text, colour, css] = mark(row, last);
    if (text) {
      const tag = copy.querySelector('[data-tag]');
      tag.hidden = false;
      tag.textContent = text;
      tag.classList.add(colour);
    }
    if (css) copy.querySelector('.cert').classList.add(css);
    input.disabled = row.days < 0;
    return copy;
  }

  choose(input) {
    this.form.querySelectorAll('.cert').forEach((row) => row.classList.toggle('on', row.contains(input)));
    this.clear('certificate', 'pin', 'login');
    this.step('certificate', true);
    const row = this.chosen();
    this.key(row.token, row.tokenSerialTail);
    this.warn(row);
    this.ready(true);
  }

  key(label, serial) {
    this.part('[data-key]').hidden = !label;
    this.part('[data-key-label]').textContent = label;
    this.part('[data-key-serial]').hidden = !serial;
    this.part('[data-key-tail]').textContent = spaced(serial);
  }

  chosen() {
    const input = this.part('[name=certificate]:checked');
    return input && this.certificates.find((row) => row.id === input.value);
  }

  ready(yes) {
    this.button.disabled = !yes;
    this.pin.disabled = !yes;
    if (yes && this.helper.state.pin === 'page') this.pin.focus();
  }

  async logIn() {
    const row = this.chosen();
    if (!row || this.button.disabled) return;
    this.clear('pin', 'login');
    this.button.disabled = true;
    this.button.setAttribute('aria-busy', 'true');
    try {
      const { nonce } = await this.post(this.form.dataset.challenge, { purpose: 'login' });
      const token = await this.helper.call('authenticate', this.question(row, nonce), WITH_PIN);
      const next = this.form.dataset.next;
      const { redirect } = await this.post(this.form.dataset.login, { token: JSON.stringify(token), nonce, next });
      this.remember(row);
      window.location.assign(redirect);
    } catch (error) {
      this.fail(error);
      if (error.cause === 'AGENT_PIN_INCORRECT') this.countTries(row);
      this.button.disabled = false;
      this.button.removeAttribute('aria-busy');
    } finally { this.pin.value = ''; }
  }

  question(row, nonce) {
    const question = { challengeNonce: nonce, certificateId: row.id };
    return this.helper.state.pin === 'page' ? { ...question, pin: this.pin.value } : question;
  }

  async post(url, body) {
    const answer = await ask(url, json(body, { 'X-CSRFToken': this.csrf }), 30000).catch(() => ({ data: {} }));
    if (!answer.ok) throw new Refusal(answer.data.state || 'CA-400', answer.data);
    return answer.data;
  }

  remember(row) {
    localStorage.setItem(LAST, row.id);
    const base = this.helper instanceof Relay ? '' : this.helper.base;
    sessionStorage.setItem(TOKEN, JSON.stringify({ base, tail: row.tokenSerialTail }));
  }

  fail(error) {
    if (!(error instanceof Refusal)) { this.show('CA-400'); throw error; }
    const more = { ...error.more };
    if (more.tries) more.title = `PIN 错误，还可以试 ${more.tries} 次`;
    this.show(error.cause, more);
  }

  show(cause, more) {
    const found = stateOf(cause);
    const slot = found.dataset.slotName;
    this.part(`[data-slot=${slot}]`).replaceChildren(cardOf(found, more));
    if (slot === 'key') {
      this.step('key', false);
      this.key('', '');
      if (found.dataset.state !== 'CA-104') this.tag('CA 助手未就绪', 'o');
    }
  }

  clear(...slots) { slots.forEach((slot) => this.part(`[data-slot=${slot}]`).replaceChildren()); }

  step(name, done) {
    const steps = [...this.form.querySelectorAll('[data-step]')];
    const at = steps.findIndex((item) => item.dataset.step === name);
    steps.forEach((item, index) => {
      const past = index < at || (index === at && done);
      item.className = past ? 'd' : '';
      item.querySelector('[data-done]').hidden = !past;
      item.querySelector('[data-number]').hidden = past;
    });
    const current = steps[done ? at + 1 : at];
    if (current) current.className = 'c';
  }

  tag(text, colour) {
    const tag = this.part('[data-agent]');
    tag.className = `tag ${colour}`;
    tag.textContent = text;
  }

  act(event) {
    if (eyed(event, this.pin)) return;
    const button = event.target.closest('[data-act]');
    if (!button) return;
    event.preventDefault();
    const act = button.dataset.act;
    if (act === 'retry' || (act === 'again' && !this.chosen())) this.detect();
    else if (act === 'choose') { this.clear('pin', 'login'); (this.part('[name=certificate]:not(:disabled)') || this.button).focus(); }
    else if (act === 'pin') { this.clear('pin'); this.pin.focus(); }
    else { this.clear('login'); this.button.focus(); }
  }
}

// The eye beside the PIN field; true when it was this that was pressed.
export function eyed(event, pin) {
  const eye = event.target.closest('[data-eye]');
  if (!eye) return false;
  const shown = pin.type === 'text';
  pin.type = shown ? 'password' : 'text';
  eye.setAttribute('aria-pressed', String(!shown));
  return true;
}

function mark(row, last) {
  if (row.days < 0) return [`已过期 ${-row.days} 天`, 'r', 'bad'];
  if (row.days < 30) return [`${row.days} 天后到期`, 'o', 'warn'];
  return row.id === last ? ['上次使用', 'b', ''] : ['', '', ''];
}

const spaced = (text) => text.replace(/(.{4})(?=.)/g, '$1 ').toUpperCase();
const tail = (serial) => spaced(serial.slice(-8));

// Every other page: the key pulled out means leaving

async function presence(form) {
  const { base, tail: serial } = JSON.parse(sessionStorage.getItem(TOKEN) || '{}');
  if (!base) return;
  const helper = new Helper(base);
  for (;;) {
    await pause(10000);
    const state = document.hidden ? null : await helper.status().catch(() => null);
    if (state && !state.tokens.some((token) => token.serial_tail === serial)) {
      const reason = document.createElement('input');
      Object.assign(reason, { type: 'hidden', name: 'reason', value: 'TOKEN_REMOVED' });
      form.append(reason);
      form.submit();
      return;
    }
  }
}

const login = document.querySelector('form[data-cakey]');
const leave = document.querySelector('form[action$="/accounts/logout/"]');
if (login) new LoginPage(login).start();
else if (leave) presence(leave);
