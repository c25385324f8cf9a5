import { describe, expect, it } from 'vitest';
import { parseJsonBody } from './json-body-parser.js';
import { readPlainCarrier } from './plain-carrier.js';

// Tests `readPlainCarrier`, a fast reader for the common form of a body without messages. It must return the same
// record as the general reader, or `null` to leave the text to that one.

const counts = { ack: 4, received: 5, seen: 0, sent: 9_007_199_254_740_991, sum: 4_294_967_295 };
const attach = { t: 'attach', id: 'abc.node.1', n: 3, instance: 77, ...counts };
const body = { t: 'body', id: 'abc.node.1', n: 2, instance: 3, first: 1, count: 0, hidden: false, ...counts };

/** Reads the text with the general reader. */
function general(text: string): unknown {
  const read = parseJsonBody(new TextEncoder().encode(text), { bodyBytesMax: 1 << 20, messagesMax: 256 });
  return typeof read === 'string' ? read : read.messages.length === 0 ? read.record : 'with messages';
}

describe('readPlainCarrier', () => {
  it.each([
    attach,
    { ...attach, prompt: true, hidden: true, resets: 4 },
    { ...attach, last: 9, want: 3, count: 0 },
    body,
    { ...body, blind: true, want: 1 },
    { ...body, later: 'a field of a later version' },
  ])('readPlainCarrier reads %j as the general reader does', (record) => {
    const text = JSON.stringify(record);
    expect(readPlainCarrier(text)).toEqual(record);
    expect(general(text)).toEqual(record);
  });

  it.each([
    { ...body, count: 1, m: ['message'] },
    { ...attach, first: 1, count: 1, m: ['message'] },
    { ...attach, token: 'new' },
    { ...attach, id: 'é' },
    { t: 'open', nonce: 'n' },
    { t: 'fail', id: 'x', code: 'c', ack: 1 },
    { ...attach, of: { a: { later: 'version' } } },
  ])('readPlainCarrier leaves %j to the general reader', (record) => {
    expect(readPlainCarrier(JSON.stringify(record))).toBeNull();
  });

  it('readPlainCarrier accepts no altered record that the general reader refuses', () => {
    const values = [-1, 1.5, 2 ** 53, '1', '', null, true, [], {}, 'x'.repeat(9_000), undefined];
    let taken = 0;
    for (const record of [attach, body, { ...attach, prompt: true, resets: 1, last: 2, want: 1, hidden: true }]) {
      for (const field of [...Object.keys(record), 'm', 'token', 'count', 'first', 'blind']) {
        for (const value of values) {
          const text = JSON.stringify({ ...record, [field]: value });
          const read = readPlainCarrier(text);
          if (read === null) continue;
          taken += 1;
          expect(read).toEqual(general(text));
        }
      }
    }
    expect(taken).toBeGreaterThan(10);
  });

  it.each([
    '',
    '{',
    'null',
    '1',
    '"attach"',
    '[]',
    '{"t":"attach"}',
    `{"t":"attach","x":"${'x'.repeat(2_000)}"}`,
    '\0',
  ])('readPlainCarrier declines the text %j', (text) => expect(readPlainCarrier(text)).toBeNull());
});
