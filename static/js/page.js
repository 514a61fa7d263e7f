// Loaded by every page; each part does nothing where its elements are absent.
import * as autosave from './autosave.js';
import * as batch from './batch.js';
import * as dialog from './dialog.js';
import * as form from './form.js';
import * as keys from './keys.js';
import * as review from './review.js';
import * as rows from './rows.js';

[autosave, batch, dialog, keys, review, rows, form].forEach((part) => part.start());
document.addEventListener('filled', (event) => review.start(event.target));
document.querySelectorAll('[data-errors]').forEach((summary) => summary.focus());
document.querySelectorAll('[data-print]').forEach((button) => {
  button.hidden = false;
  button.addEventListener('click', () => window.print());
});
document.addEventListener('click', (event) => {
  document.querySelectorAll('details.gp-pop[open]').forEach((pop) => { if (!pop.contains(event.target)) pop.open = false; });
});
