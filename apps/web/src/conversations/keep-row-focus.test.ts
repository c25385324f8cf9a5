// @vitest-environment happy-dom
import { beforeEach, expect, test } from 'vitest';
import { keepRowFocus } from './keep-row-focus.js';

const item = (id: number) => `<li><a href="#" data-conversation="${id}">${id}</a></li>`;

beforeEach(() => {
  document.body.innerHTML = `<ul>${[1, 2, 3].map(item).join('')}</ul><ul id="other"></ul>`;
});

/** Removes the row of this conversation and optionally adds another one for it. */
async function go(id: number, comes = '') {
  const row = document.querySelector(`[data-conversation="${id}"]`)?.closest('li') as HTMLElement;
  row.querySelector('a')?.focus();
  keepRowFocus(row);
  row.remove();
  document.querySelector('#other')?.insertAdjacentHTML('beforeend', comes);
  await Promise.resolve();
  return document.activeElement?.textContent;
}

test('the focus moves from a removed row to the row below, and from the last one to the row above', async () => {
  expect([await go(1), await go(3), await go(2)]).toEqual(['2', '2', '']);
});

test('a row that moves to another section keeps the focus', async () => {
  expect(await go(2, item(2))).toBe('2');
});
