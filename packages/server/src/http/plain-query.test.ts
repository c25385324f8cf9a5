import { describe, expect, it } from 'vitest';
import { readPlainQuery } from './plain-query.js';

// Tests `readPlainQuery`, a fast reader for common query strings. It returns `null` for everything that
// `URLSearchParams` might read differently.

describe('readPlainQuery', () => {
  it.each(['ticket=KxtAc58Wka0pgUmY3JjCUQ&cb=everywire$.j1&n=12', 'a=&b=x-_.~', '', 'a==b'])(
    'readPlainQuery reads %s as URLSearchParams does',
    (text) => {
      const query = readPlainQuery(text);
      const usual = new URLSearchParams(text);
      expect(query).not.toBeNull();
      for (const name of ['a', 'b', 'ticket', 'cb', 'n', 'none'])
        expect(query?.get(name) ?? null).toBe(usual.get(name));
    },
  );

  it.each([
    ['a=%20', 'an escape'],
    ['a=b+c', 'a space'],
    ['a=1&', 'the end of a pair'],
    ['a', 'a name alone'],
    ['a&b=1', 'a name alone before another'],
    ['a=1 HTTP/1.1', 'the rest of a request'],
    ['a=1\r\nHost: x', 'a header'],
    ['a=\u00fc', 'a character beyond ASCII'],
  ])('readPlainQuery declines %j: %s', (text) => expect(readPlainQuery(text)).toBeNull());
});
