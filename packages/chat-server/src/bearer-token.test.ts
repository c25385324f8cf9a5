import { expect, test } from 'vitest';
import {
  hashBearerToken,
  mintBearerToken,
  parseAuthorization,
  parseBearerToken,
  withoutTokens,
} from './bearer-token.js';

test('mintBearerToken returns 256 random bits that never repeat', () => {
  const tokens = new Set(Array.from({ length: 100 }, () => mintBearerToken()));
  expect(tokens.size).toBe(100);
  for (const token of tokens) expect(Buffer.from(token.slice(4), 'base64url')).toHaveLength(32);
});

test('the hash of a bearer token does not contain the token', () => {
  const token = mintBearerToken();
  expect(hashBearerToken(token)).not.toContain(token.slice(4));
  expect(hashBearerToken(token)).toBe(hashBearerToken(token));
});

test.each([
  [undefined, undefined],
  ['', undefined],
  ['ewt_short', undefined],
  [`xyz_${'a'.repeat(43)}`, undefined],
  [`ewt_${'a'.repeat(44)}`, undefined],
  [`ewt_${'a'.repeat(42)}.`, undefined],
  [`ewt_${'a'.repeat(43)}`, `ewt_${'a'.repeat(43)}`],
  [`a.b.${'c'.repeat(4_092)}`, `a.b.${'c'.repeat(4_092)}`],
  [`a.b.${'c'.repeat(4_093)}`, undefined],
])('parseBearerToken turns %j into %j', (text, expected) => {
  expect(parseBearerToken(text)).toBe(expected);
});

test('parseAuthorization accepts the bearer scheme in any case', () => {
  const token = mintBearerToken();
  expect(parseAuthorization(`Bearer ${token}`)).toBe(token);
  expect(parseAuthorization(`bearer  ${token} `)).toBe(token);
  expect(parseAuthorization(`Basic ${token}`)).toBeUndefined();
  expect(parseAuthorization(token)).toBeUndefined();
});

test('[SN-20.2] withoutTokens removes every token from a line', () => {
  const line = withoutTokens(`a ${mintBearerToken()} b ${mintBearerToken()}`);
  expect(line).toBe('a ewt_(removed) b ewt_(removed)');
});
