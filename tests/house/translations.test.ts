import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { root } from './checkout-copy.js';

/** Returns the examples of a page without their comments, which are for readers of one language. */
const examples = (path: string): readonly string[] =>
  [...readFileSync(join(root, path), 'utf8').matchAll(/^```\w*\n(.*?)^```$/gms)].map(([, code = '']) =>
    code.replace(/ +(\/\/|#) .*$/gm, ''),
  );

const translationOf = (path: string) => [path, path.replace('.zh.md', '.md')] as const;

it.each([
  translationOf('README.zh.md'),
  translationOf('docs/guides/install.zh.md'),
  translationOf('docs/guides/self-hosting.zh.md'),
])('the examples of %s are those of %s, which tests run', (chinese, english) => {
  expect(examples(chinese)).toEqual(examples(english));
  expect(examples(chinese).length).toBeGreaterThan(1);
});
