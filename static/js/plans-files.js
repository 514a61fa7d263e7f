// Attachments: the server names the kinds this content asks for („code“, „code!“ must come); they stand first.

const place = (name) => document.querySelector(`[data-papers=${name}]`);
const filled = (paper) => paper.querySelector('.upl-l') || paper.querySelector('input[type=file]').files.length;

export function arrange(codes) {
  const [first, rest] = [place('first'), place('rest')];
  if (!first || !codes.length) return;
  const wanted = new Map(codes.map((code) => [code.replace('!', ''), code.endsWith('!')]));
  document.querySelectorAll('[data-file-kind]').forEach((paper) => {
    const code = paper.dataset.fileKind;
    paper.querySelector('.need').hidden = !wanted.get(code);
    const to = wanted.has(code) || filled(paper) ? first : rest;
    if (paper.parentElement !== to && !paper.contains(document.activeElement)) to.append(paper);
  });
}

/** Kinds that must come and have no file yet. */
export const missing = () => [...document.querySelectorAll('[data-file-kind]')].filter((paper) => !paper.querySelector('.need').hidden && !filled(paper)).length;

export const count = () => [...document.querySelectorAll('[data-file-kind]')].reduce(
  (sum, paper) => sum + paper.querySelectorAll('.upl-l li').length + paper.querySelector('input[type=file]').files.length,
  0,
);
