import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { views } from '../browser/page/views.js';

const docs = fileURLToPath(new URL('../../docs', import.meta.url));

test('docs/images/views has four pictures of every view, and no others', () => {
  const expected = views.flatMap(({ name }) =>
    ['wide.en', 'phone.en', 'wide.zh', 'phone.zh'].map((kind) => `${name}-${kind}.webp`),
  );
  expect(readdirSync(join(docs, 'images/views')).sort()).toEqual(expected.sort());
});

test.each([
  ['pictures.md', 'en'],
  ['pictures.zh.md', 'zh'],
])('docs/%s shows every view on a wide window and on a phone', (page, language) => {
  const text = readFileSync(join(docs, page), 'utf8');
  const shown = [...text.matchAll(/images\/views\/([^"]+)"/g)].map(([, name]) => name);
  const expected = views.flatMap(({ name }) => [`${name}-wide.${language}.webp`, `${name}-phone.${language}.webp`]);
  expect(shown.sort()).toEqual(expected.sort());
});
