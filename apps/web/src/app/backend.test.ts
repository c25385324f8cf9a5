import { expect, test } from 'vitest';
import { codeOf } from './backend.js';

test.each([
  [{ code: 'denied' }, 'denied'],
  [Object.assign(new Error('refused'), { code: 'offline' }), 'offline'],
  [new Error('a fault'), 'internal'],
  [{ code: 7 }, 'internal'],
  [null, 'internal'],
  [undefined, 'internal'],
  ['denied', 'internal'],
])('the code of %o is %j', (thrown, code) => {
  expect(codeOf(thrown)).toBe(code);
});
