// 采购组织信息: a question that does not arise stays out of sight; whatever holds text or an error is shown.
// Without this script every question stands there and the server says what does not fit.

const form = document.getElementById('paper-form');
const field = (name) => form.querySelector(`[name="${name}"]`);
const value = (name) => (field(name) ? field(name).value : '');

const sole = () => value('method') === 'single_source';
const only = () => sole() && value('method_reason') === '31-1';
const added = () => value('method_reason') === '31-3';
const aside = () => value('sme_reserved') === 'true';

const ASKED = {
  method_reason: () => value('method') in reasons(),
  method_text: () => value('method') in reasons(),
  notice: only,
  supplier_name: sole,
  contract_no: added,
  contract_amount: added,
  sme_mode: aside,
  sme_scope: aside,
  sme_amount: () => aside() && value('sme_mode') !== 'whole',
  no_sme_reason: () => value('sme_reserved') === 'false',
};

function reasons() {
  return JSON.parse(field('method_reason').dataset.reasons || '{}');
}

/** Only the reasons this method knows; the chosen one stays. */
function narrow() {
  const list = field('method_reason');
  const known = reasons()[value('method')] || [];
  [...list.options].forEach((option) => {
    option.hidden = Boolean(option.value) && !option.selected && !known.includes(option.value);
    option.disabled = option.hidden;
  });
}

function show() {
  narrow();
  Object.entries(ASKED).forEach(([name, asked]) => {
    const input = field(name);
    if (input) input.closest('.fld').hidden = !asked() && !input.value && !input.hasAttribute('aria-invalid');
  });
}

/** What the chosen notice says is not typed again. */
function follow() {
  const { supplier, reason } = field('notice').selectedOptions[0].dataset;
  if (!supplier) return;
  [['supplier_name', supplier], ['method_text', reason]].forEach(([name, text]) => {
    if (field(name).value) return;
    field(name).value = text;
    field(name).dispatchEvent(new Event('input', { bubbles: true }));
  });
}

export function start() {
  if (!form || !field('notice')) return;
  ['method', 'method_reason', 'notice', 'sme_reserved', 'sme_mode'].forEach((name) => {
    field(name).addEventListener('change', () => {
      if (name === 'notice') follow();
      show();
    });
  });
  show();
}
