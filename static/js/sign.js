// 签名确认: asks the CA helper to sign what the page shows, then sends the form once more, signed.
// Its hooks are listed on top of templates/flow/sign.html. The PIN field has no name: it is never sent to the site.
import { Refusal, TOKEN, WARNINGS, WITH_PIN, cardOf, eyed, pause, pinPlace, reach, stateOf } from './cakey.js';

const SMALL = '(max-width: 900px)'; // there the content is read first: the focus would scroll past it

class SignPage {
  constructor(form) {
    this.form = form;
    this.facts = form.dataset;
    this.csrf = form.querySelector('[name=csrfmiddlewaretoken]').value;
    this.pin = form.querySelector('#pin');
    this.button = form.querySelector('[data-sign-go]');
    this.run = 0;
    form.addEventListener('submit', (event) => this.submitted(event));
    form.addEventListener('click', (event) => this.act(event));
  }

  part(selector) { return this.form.querySelector(selector); }

  all(name) { return [...this.form.querySelectorAll(`[name=${name}]`)]; }

  start() {
    if (this.facts.back) window.history.replaceState(null, '', this.facts.back); // a reload leads to what is saved
    this.detect(!this.part('[data-slot] > *'));
  }

  async detect(clear = true) {
    this.run += 1;
    const { run } = this;
    if (clear) this.clear();
    this.ready(false);
    this.hint('正在连接 CA 助手…');
    try {
      this.helper = await reach(this.facts, this.csrf);
      while (!this.helper.state.tokens.length) {
        this.show('AGENT_NO_TOKEN');
        await pause(3000);
        if (run !== this.run) return;
        if (!document.hidden) this.helper.state = await this.helper.status();
        if (this.helper.state.tokens.length) this.clear();
      }
      this.ready(this.all('sign-content').length > 0);
    } catch (error) { if (run === this.run) this.fail(error); }
  }

  hint(text, warning = '') {
    const hint = this.part('[data-pin-hint]');
    hint.textContent = warning + text;
    hint.classList.toggle('warn', warning !== '');
  }

  onPage() { return this.helper.state.pin === 'page'; }

  ready(yes) {
    this.button.disabled = !yes;
    this.pin.disabled = !yes;
    if (!yes) return;
    this.part('[data-pin-page]').hidden = !this.onPage();
    const hint = this.onPage() ? pinPlace(this.helper) : '点“签名并确定”后，CA 助手窗口会显示同样的内容，请在那里输入 PIN。';
    this.form.querySelectorAll('[data-tail]').forEach((row) => { row.hidden = this.onPage(); }); // no window, nothing to compare
    this.hint(hint, this.warning());
    if (!window.matchMedia(SMALL).matches) (this.onPage() ? this.pin : this.button).focus();
  }

  warning() {
    const { tokens } = this.helper.state;
    const { tail } = JSON.parse(sessionStorage.getItem(TOKEN) || '{}');
    const own = tokens.length === 1 ? tokens[0] : tokens.find((token) => token.serial_tail === tail);
    return (own && WARNINGS[own.flags[0]]) || '';
  }

  submitted(event) {
    if (event.submitter && event.submitter.name === 'sign-back') return;
    event.preventDefault();
    if (!this.button.disabled) this.sign();
  }

  async sign() {
    this.clear();
    this.button.disabled = true;
    this.button.setAttribute('aria-busy', 'true');
    try {
      const { signatures } = await this.helper.call('sign', this.question(), WITH_PIN);
      this.all('sign-value').forEach((input, index) => { input.value = signatures[index].signature; });
      this.form.submit();
    } catch (error) {
      this.fail(error);
      this.button.disabled = false;
      this.button.removeAttribute('aria-busy');
      if (error.cause === 'AGENT_PIN_INCORRECT') this.countTries();
    } finally { this.pin.value = ''; }
  }

  question() {
    const attributes = this.all('sign-attributes');
    const decisions = this.all('sign-content').map((input, index) => ({ content: input.value, signedAttributes: attributes[index].value }));
    const question = { certificateId: this.facts.certificate, decisions };
    return this.onPage() ? { ...question, pin: this.pin.value } : question;
  }

  countTries() { // not waited for: the next PIN may be typed already
    if (this.onPage()) this.pin.focus();
    this.helper.status().then((state) => {
      this.helper.state = state;
      if (this.onPage()) this.hint(pinPlace(this.helper), this.warning());
    }, () => {});
  }

  fail(error) {
    if (!(error instanceof Refusal)) { this.show('OTHER'); throw error; }
    const cause = error.cause === 'AGENT_NO_CERTIFICATE' ? 'AGENT_OTHER_KEY' : error.cause;
    this.show(cause, error.more.tries ? { title: `PIN 错误，还可以试 ${error.more.tries} 次` } : {});
  }

  clear() { this.part('[data-slot]').replaceChildren(); }

  show(cause, more) { this.part('[data-slot]').replaceChildren(cardOf(stateOf(cause), more)); }

  act(event) {
    if (eyed(event, this.pin)) return;
    const button = event.target.closest('[data-act]');
    if (!button) return;
    event.preventDefault();
    if (button.dataset.act === 'retry' || this.button.disabled) this.detect();
    else {
      this.clear();
      (this.onPage() ? this.pin : this.button).focus();
    }
  }
}

const form = document.querySelector('form[data-sign]');
if (form) new SignPage(form).start();
