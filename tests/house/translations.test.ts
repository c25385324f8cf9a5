import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { root } from './checkout-copy.js';

const examples = (path: string): readonly string[] =>
  [...readFileSync(join(root, path), 'utf8').matchAll(/```js\n(.*?)```/gs)].map(([, code = '']) =>
    // Comments are for readers of one language.
    code.replace(/ *\/\/.*$|^socket\.addEventListener.*\n/gm, ''),
  );

it('README in Chinese has the examples of the English one, which are run', () => {
  expect(examples('README.zh.md')).toEqual(examples('README.md'));
  expect(examples('README.zh.md').length).toBe(2);
});
