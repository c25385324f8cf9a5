import { expect, test } from 'vitest';
import { decodeHTMLStrict } from './decode-entities.js';

test('the five entities of XML are decoded once, and other text stays as typed', () => {
  expect(decodeHTMLStrict('a&amp;b&lt;&gt;&quot;&apos;')).toBe(`a&b<>"'`);
  for (const typed of ['&amp;lt;', '&copy;', '&constructor;', '&amp', '&;'])
    expect(decodeHTMLStrict(typed)).toBe(typed.replace('&amp;', '&'));
});
