// 逐项检测 on the help page: asks the helper, the clock and the server, and says what is wrong beside each line.
// Its hooks are in templates/accounts/driver_help.html. No PIN is asked for, nobody is logged in.

import { DAY, SKEW, ask, json, reach } from './cakey.js';

const CONSENT = 120000;
const PINS = { low: 'PIN 曾经输错，剩余次数不多', final: 'PIN 只剩最后一次机会', locked: 'PIN 已锁定' };
const WORDS = { g: '正常', o: '请处理', r: '须办理', b: '稍候' };

class Diagnosis {
  constructor(root) {
    this.root = root;
    this.facts = root.dataset;
    this.csrf = root.querySelector('[name=csrfmiddlewaretoken]').value;
    this.skew = Math.round(Date.now() / 1000 - Number(this.facts.serverTime));
    this.button = root.querySelector('[data-start]');
    this.button.hidden = false;
    this.button.addEventListener('click', () => this.run());
  }

  async run() {
    this.button.disabled = true;
    this.bad = 0;
    this.root.querySelectorAll('[data-check]').forEach((line) => this.clear(line));
    this.summary('正在检测…');
    this.clock();
    try {
      await this.agent();
      this.tokens();
      await this.certificates();
    } catch (error) { this.stopped(error); }
    this.summary(this.bad ? `有 ${this.bad} 项不正常，请按该项所列办法处理` : '六项都正常，可以登录');
    this.button.disabled = false;
  }

  // the checks, in the order of the page

  async agent() {
    this.at = 'agent';
    this.helper = await reach(this.facts, this.csrf);
    const { version } = this.helper.state;
    if (older(version, this.facts.oldest)) this.say('agent', 'o', `版本 ${version} 过低，请安装 ${this.facts.oldest} 以上版本。`);
    else this.say('agent', 'g', `运行正常，版本 ${version}。`);
  }

  tokens() {
    this.at = 'token';
    const { tokens } = this.helper.state;
    if (!tokens.length) throw Object.assign(new Error(), { cause: 'AGENT_NO_TOKEN' });
    const flag = tokens.flatMap((token) => token.flags).find((one) => PINS[one]);
    const names = tokens.map((token) => token.label).join('、');
    if (flag === 'locked') this.say('token', 'r', `${names}：${PINS.locked}。`, 'AGENT_PIN_LOCKED');
    else this.say('token', flag ? 'o' : 'g', `已识别 ${names}${flag ? `；${PINS[flag]}，请确认 PIN 后再输入` : ''}。`);
  }

  async certificates() {
    this.at = 'certificate';
    const { certificates } = await this.helper.call('certificates', { purpose: 'auth' }, CONSENT);
    if (!certificates.length) throw Object.assign(new Error(), { cause: 'AGENT_NO_CERTIFICATE' });
    this.say('certificate', 'g', `共 ${certificates.length} 张：${certificates.map(holder).join('、')}。`);
    this.validity(certificates);
    this.at = 'trust';
    await this.trust(certificates);
  }

  validity(rows) {
    const now = Date.now() / 1000 - this.skew;
    const told = rows.map((row) => ({ row, days: Math.floor((Date.parse(row.notAfter) / 1000 - now) / DAY) }));
    const first = told.reduce((a, b) => (b.days < a.days ? b : a));
    const until = `${holder(first.row)} 有效期至 ${first.row.notAfter.slice(0, 10)}`;
    if (first.days < 0) this.say('validity', 'r', `${until}，已过 ${-first.days} 天。`, 'CERT_EXPIRED');
    else if (first.days < Number(this.facts.soon)) this.say('validity', 'o', `${until}，${first.days} 天后到期，请尽快续期。`, 'CERT_EXPIRED');
    else this.say('validity', 'g', `${until}，还有 ${first.days} 天。`);
  }

  clock() {
    const off = Math.abs(this.skew);
    if (off <= SKEW) this.say('clock', 'g', off < 2 ? '与服务器一致。' : `与服务器相差 ${off} 秒。`);
    else this.say('clock', 'o', `比服务器${this.skew < 0 ? '慢' : '快'} ${Math.floor(off / 60)} 分 ${off % 60} 秒。`, 'CLOCK_SKEW');
  }

  async trust(rows) {
    const refused = [];
    for (const row of rows) {
      const { ok, data } = await ask(this.facts.examine, json({ certificate: row.certificate }, { 'X-CSRFToken': this.csrf }), 30000)
        .catch(() => ({ data: { state: 'CA-400', title: '服务器没有应答' } }));
      if (!ok) refused.push({ row, ...data });
    }
    if (!refused.length) { this.say('trust', 'g', '颁发机构受信任，没有吊销，已登记。'); return; }
    const text = refused.map((one) => `${holder(one.row)}：${one.title}`).join('；');
    this.say('trust', 'r', `${text}。`, refused[0].state);
  }

  // the page

  stopped(error) {
    if (!error.cause) { this.say(this.at, 'r', '检测中断，请刷新本页再试。', 'OTHER'); throw error; }
    const card = this.card(error.cause);
    this.say(this.at, card ? card.dataset.tone : 'r', card ? `${card.dataset.title}。` : '没有应答。', error.cause);
    for (const line of this.root.querySelectorAll('[data-check]')) {
      if (line.querySelector('[data-tag]').hidden) this.mark(line, 'n', '未检测');
    }
  }

  card(cause) {
    const cards = [...document.querySelectorAll('[data-causes]')];
    return cards.find((one) => one.id === cause || one.dataset.causes.split(' ').includes(cause));
  }

  say(name, tone, text, cause = '') {
    const line = this.root.querySelector(`[data-check=${name}]`);
    this.mark(line, tone, WORDS[tone]);
    const result = line.querySelector('[data-result]');
    result.textContent = text;
    result.hidden = false;
    if (tone === 'g') return;
    this.bad += 1;
    line.classList.add('bad');
    const card = this.card(cause);
    line.querySelector('[data-more]').hidden = false;
    line.querySelector('[data-state-link]').hidden = !card;
    if (card) line.querySelector('[data-state-link]').href = `#${card.id}`;
  }

  mark(line, tone, word) {
    const tag = line.querySelector('[data-tag]');
    tag.hidden = false;
    tag.className = `tag ${tone}`;
    tag.textContent = word;
  }

  clear(line) {
    line.classList.remove('bad');
    line.querySelectorAll('[data-tag], [data-result], [data-more]').forEach((part) => { part.hidden = true; });
  }

  summary(text) { this.root.querySelector('[data-summary]').textContent = text; }
}

const holder = (row) => row.subject || row.serial.slice(-8);

function older(version, oldest) {
  const [have, need] = [version, oldest].map((text) => String(text).split('.').map(Number));
  const at = need.findIndex((part, index) => (have[index] || 0) !== part);
  return at >= 0 && (have[at] || 0) < need[at];
}

const root = document.querySelector('[data-diagnosis]');
if (root) new Diagnosis(root);
