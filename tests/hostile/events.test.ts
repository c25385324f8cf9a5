import { eventStreamEncoding, messageFromText } from '@everywire/protocol/internal';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { eventually, HandCounts, openByPost } from '../server/hand-client.js';
import { hostileRow } from './hostile-row.js';
import { head, Peer } from './peer.js';

/** Parses an event stream by the HTML standard (section 9.2.6), independently of our decoder. */
function parse(stream: string): readonly { readonly type: string; readonly data: string; readonly id: string }[] {
  const events: { type: string; data: string; id: string }[] = [];
  let [type, data, id] = ['', '', ''];
  for (const line of stream.replace(/^\ufeff/, '').split(/\r\n|\n|\r/)) {
    if (line === '') {
      if (data !== '') events.push({ type: type || 'message', data: data.replace(/\n$/, ''), id });
      [type, data] = ['', ''];
      continue;
    }
    const [field, value] = fieldOf(line);
    if (field === 'event') type = value;
    else if (field === 'data') data += `${value}\n`;
    else if (field === 'id' && !value.includes('\0')) id = value;
  }
  return events;
}

/** Splits a line into field name and value. */
function fieldOf(line: string): readonly [string, string] {
  const at = line.indexOf(':');
  return at < 0 ? [line, ''] : [line.slice(0, at), line.slice(at + 1).replace(/^ /, '')];
}

/** Parts of messages that have a meaning in an event stream. */
const pieces = fc.constantFrom(
  '\n',
  '\r',
  '\r\n',
  ' ',
  ':',
  '\ufeff',
  '\u2028',
  '\u2029',
  '\0',
  'data: x',
  'retry: 1',
  'id: 9',
  'event: reset',
  '\n\n',
  '',
  'é😀',
  '\\',
  '"',
);
const texts = fc.array(fc.oneof(pieces, fc.string({ unit: 'grapheme' }), fc.string({ unit: 'binary' })), {
  maxLength: 8,
});

describe('a message in an event stream', () => {
  const decoder = new TextDecoder('utf-8', { ignoreBOM: true });

  it('[S1] [S3] [S5] a message in an event stream is one event regardless of its content, and is decoded unchanged', () => {
    fc.assert(
      fc.property(
        fc.array(
          texts.map((parts) => Buffer.from(parts.join('')).toString()),
          { minLength: 1, maxLength: 4 },
        ),
        (messages) => {
          const bytes = messages.map((text) => eventStreamEncoding.encodeMessage(messageFromText(text)));
          const events = parse(bytes.map((one) => decoder.decode(one)).join(''));
          expect(events.map(({ data }) => JSON.parse(data) as unknown)).toEqual(messages);
          expect(events.every(({ type, id }) => type === 'message' && id === '')).toBe(true);
        },
      ),
      { numRuns: 500 },
    );
  });

  it('[S3] a message in an event stream has no lone surrogate', () => {
    const [event] = parse(decoder.decode(eventStreamEncoding.encodeMessage(messageFromText('a\ud800b'))));
    expect(JSON.parse(event?.data ?? '')).toBe('a\ufffdb');
  });
});

/** Opens one raw event stream with these headers. */
async function streamed(port: number, headers: Readonly<Record<string, string>>): Promise<Peer> {
  const peer = new Peer(port);
  const rest = {
    Upgrade: null,
    Connection: null,
    'Sec-WebSocket-Version': null,
    'Sec-WebSocket-Key': null,
    'Sec-WebSocket-Protocol': null,
  };
  peer.write(
    Buffer.from(head({ path: '/everywire/raw-event-stream?topic=a', headers: { ...rest, ...headers } }), 'latin1'),
  );
  await eventually(() => peer.text.includes('\r\n\r\n') || peer.ended);
  return peer;
}

describe('an event stream', () => {
  hostileRow(
    '[S4] an event stream requested from an invalid position starts from the present',
    { raw: true },
    async ({ port }) => {
      for (const id of [
        'x',
        '-1',
        '0',
        'AAAAAAAA-999999999999',
        '\xff\xfe',
        `${'9'.repeat(8_000)}`,
        'other-1',
        '../../etc',
        '__proto__',
      ]) {
        const peer = await streamed(port, { 'Last-Event-ID': id });
        await eventually(() => peer.text.includes('event: reset'));
        expect(peer.text).toMatch(/^HTTP\/1\.1 200 /);
        // The answer contains nothing from the request.
        if (id.length > 3) expect(peer.text).not.toContain(id);
      }
      expect((await streamed(port, { 'Last-Event-ID': '9'.repeat(64 << 10) })).text).toMatch(/^HTTP\/1\.1 431 /);
      expect((await streamed(port, { 'Last-Event-ID': 'a\0b' })).text).toMatch(/^HTTP\/1\.1 400 /);
    },
  );

  hostileRow(
    '[S10] an event stream is not a page, and requires GET',
    { raw: true, notice: 'not_acceptable' },
    async ({ base, port }) => {
      for (const accept of ['text/html', 'application/json, text/html;q=0.9', 'image/*'])
        for (const name of ['event-stream?ticket=x', 'raw-event-stream?topic=a'])
          expect((await fetch(`${base}/${name}`, { headers: { accept } })).status).toBe(406);
      for (const accept of ['text/event-stream', 'text/*', 'text/html, */*;q=0.1'])
        expect((await fetch(`${base}/event-stream?ticket=x`, { headers: { accept } })).status).toBe(204);
      for (const [method, name] of [
        ['HEAD', 'event-stream'],
        ['PUT', 'event-stream'],
        ['HEAD', 'raw-event-stream'],
        ['POST', 'raw-event-stream'],
      ] as const)
        expect([method, name, (await fetch(`${base}/${name}`, { method })).status]).toEqual([method, name, 405]);
      await streamed(port, { Accept: 'text/event-stream' });
    },
  );

  const quick = { heartbeatMs: 1_500, heartbeatHiddenMs: 1_500 };
  hostileRow(
    '[S6] an event stream without a reader is cut, and its session survives',
    { limits: quick },
    async (target) => {
      const id = await openByPost(target.base);
      const body = JSON.stringify({ t: 'attach', id, n: 1, instance: 1, ...new HandCounts().block });
      const peer = new Peer(target.port);
      peer.write(`POST /everywire/event-stream HTTP/1.1\r\nHost: x\r\nContent-Length: ${body.length}\r\n\r\n${body}`);
      await eventually(() => peer.text.includes('"attached"'));
      // The client answers no heartbeat from here on.
      await eventually(() => peer.text.endsWith('0\r\n\r\n') || peer.ended);
      expect((await target.report()).sessions).toBe(2);
    },
  );
});
