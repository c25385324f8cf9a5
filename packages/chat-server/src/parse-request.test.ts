import { expect, test, vi } from 'vitest';
import { requestSchemas } from './command-schemas.js';
import { JSON_DEPTH_MAX } from './json-depth.js';
import { parseRequest } from './parse-request.js';

const refused = (code: string, i = -1) => ({ outcome: 'refused', i, code });

test('[CM-2.4] a request may have exactly as many characters as the limit', () => {
  const text = JSON.stringify({ i: 3, command: 'rename', id: '0'.repeat(32), conversation: 1, name: 'x' });
  expect(parseRequest(text, text.length)).toMatchObject({ outcome: 'request', request: { i: 3, command: 'rename' } });
  expect(parseRequest(text, text.length - 1)).toEqual(refused('too_long'));
});

test('[CM-2.3] a request with a lone surrogate anywhere is refused', () => {
  const send = { i: 4, command: 'send', id: '0'.repeat(32), conversation: 1, text: 'x' };
  const parse = (request: object) => parseRequest(JSON.stringify(request), 1_000);
  expect(parse({ ...send, text: '😀 is whole' })).toMatchObject({ outcome: 'request' });
  for (const request of [
    { ...send, text: 'half \ud83d' },
    { i: 4, command: 'draft', conversation: 1, text: '\ude00', base: 0 },
    { i: 4, command: 'findPeople', query: '\ud800', after: null },
    { i: 4, command: 'list', cursor: '\udfff' },
  ])
    expect(parse(request)).toEqual(refused('invalid', 4));
});

test('[CM-2.2] [CM-2.5] a malformed request is refused with its number if that can be read', () => {
  const parse = (data: unknown) => parseRequest(typeof data === 'string' ? data : JSON.stringify(data), 1_000);
  for (const data of ['', '{', 'null', '7', '[]', {}, { command: 'list', cursor: null }])
    expect([data, parse(data)]).toEqual([data, refused('invalid')]);
  for (const i of [-2, 1.5, '1', 2 ** 53]) expect(parse({ i, command: 'privacy' })).toEqual(refused('invalid'));
  for (const more of [{}, { command: 'nothing' }, { command: 'constructor' }, { command: 'privacy', more: 1 }])
    expect(parse({ i: 0, ...more })).toEqual(refused('invalid', 0));
  expect(parseRequest(new Uint8Array([123, 125]), 1_000)).toEqual(refused('invalid'));
});

test('[CM-2.6] JSON that nests deeper than any request is refused unparsed, and brackets in a text do not count', () => {
  const nested = (levels: number): string =>
    `{"command":"people","i":3,"ids":${'['.repeat(levels)}${']'.repeat(levels)}}`;
  const parse = JSON.parse;
  const spy = vi.spyOn(JSON, 'parse').mockImplementation((text) => parse(text));
  expect(parseRequest(nested(65_000), 200_000)).toEqual(refused('invalid'));
  expect(spy).not.toHaveBeenCalled();
  // Shallow enough to be parsed, so that the answer has the number of the request.
  expect(parseRequest(nested(2), 1_000)).toEqual({ outcome: 'refused', i: 3, code: 'invalid' });
  const text = `\\"${'[{'.repeat(100)}`;
  const send = JSON.stringify({ command: 'send', i: 3, id: 'a'.repeat(32), conversation: 1, text });
  expect(parseRequest(send, 1_000)).toMatchObject({ outcome: 'request', request: { text } });
  spy.mockRestore();
});

test('no request schema nests as deep as the limit', () => {
  const depthOf = (schema: unknown): number => {
    if (typeof schema !== 'object' || schema === null) return 0;
    const { properties, items, anyOf } = schema as { properties?: object; items?: unknown; anyOf?: readonly unknown[] };
    const inner = [...Object.values(properties ?? {}), ...(items === undefined ? [] : [items])].map(depthOf);
    const own = properties === undefined && items === undefined ? 0 : 1 + Math.max(0, ...inner);
    return Math.max(own, ...(anyOf ?? []).map(depthOf));
  };
  const deepest = Math.max(...Object.values(requestSchemas).map(depthOf));
  expect(deepest).toBeGreaterThan(1);
  expect(deepest).toBeLessThan(JSON_DEPTH_MAX);
});
