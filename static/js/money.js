// Amounts as whole fen in BigInt, never floating point; mirrors procurement/reference/money.py and prices.py.
// The server computes everything again: what is shown here is a help, not the record.

const DIGITS = '零壹贰叁肆伍陆柒捌玖';
const GROUPS = ['', '万', '亿', '万亿'];

/** As the server reads it: digits of either width, without commas and spaces. */
const plain = (text) => text.replace(/[０-９．]/g, (sign) => String.fromCharCode(sign.charCodeAt(0) - 0xfee0)).replace(/[,，\s]/g, '');

/** Text to fen; spaces and commas of either width are ignored. Null if it is not an amount. */
export function parse(text) {
  const match = /^(-?)(\d{1,16})(?:\.(\d{1,2}))?$/.exec(plain(text));
  if (!match) return null;
  const fen = BigInt(match[2]) * 100n + BigInt((match[3] || '').padEnd(2, '0'));
  return match[1] ? -fen : fen;
}

/** Decimal text to an integer with `places` decimals (quantities have 4, unit prices 6). */
export function scaled(text, places) {
  const match = /^(\d{1,16})(?:\.(\d*))?$/.exec(plain(text));
  if (!match || (match[2] || '').length > places) return null;
  return BigInt(match[1]) * 10n ** BigInt(places) + BigInt((match[2] || '').padEnd(places, '0') || '0');
}

/** Fen to 1,234.50. */
export function format(fen) {
  const sign = fen < 0n ? '−' : '';
  const value = fen < 0n ? -fen : fen;
  const yuan = (value / 100n).toString().replace(/\B(?=(\d{3})+$)/g, ',');
  return `${sign}${yuan}.${(value % 100n).toString().padStart(2, '0')}`;
}

/** Half-up division of non-negative integers, as the server rounds. */
export const divide = (number, by) => (number * 2n + by) / (by * 2n);

/** Quantity × unit price in fen; null while one of them is missing. */
export function product(quantity, price) {
  const many = scaled(quantity, 4);
  const each = scaled(price, 6);
  return many === null || each === null ? null : divide(many * each, 10n ** 8n);
}

function fourDigits(value) {
  let text = '';
  let gap = false;
  for (const [power, unit] of [[1000, '仟'], [100, '佰'], [10, '拾'], [1, '']]) {
    const digit = Math.floor(value / power) % 10;
    if (digit) {
      text += (gap && text ? '零' : '') + DIGITS[digit] + unit;
      gap = false;
    } else gap = true;
  }
  return text;
}

function yuanInCapitals(yuan) {
  const groups = [];
  for (let rest = yuan; rest > 0n; rest /= 10000n) groups.push(Number(rest % 10000n));
  let text = '';
  let gap = false;
  for (let index = groups.length - 1; index >= 0; index -= 1) {
    const value = groups[index];
    if (!value) {
      gap = text !== '';
    } else {
      if (text && (gap || value < 1000)) text += '零';
      gap = false;
      text += fourDigits(value) + GROUPS[index];
    }
  }
  return text && `${text}元`;
}

/** 大写金额, 人民币…元整. */
export function capitals(fen) {
  const text = yuanInCapitals(fen / 100n);
  const jiao = Number((fen / 10n) % 10n);
  const last = Number(fen % 10n);
  if (!jiao && !last) return `人民币${text || '零元'}整`;
  const tens = jiao ? `${DIGITS[jiao]}角` : (text && '零');
  return `人民币${text}${tens}${last ? `${DIGITS[last]}分` : '整'}`;
}
