import { describe, expect, it } from 'vitest';
import { encodeBase64 } from '../encoding/base64.js';
import type { BodyRecord } from '../record.js';
import { counts, type RecordedLink, ServerBench, sumOf } from './test-kit/server-bench.js';

// Tests the server's side of a message in parts. A client whose network refuses large bodies (POSTs) sends the bytes of
// a long message in several bodies. `ServerBench` is one server node with a manual clock; the test plays the client.

const encoder = new TextEncoder();

/** A session with an attached stream and bodies, whose first message is 'a'. */
function begun(options = {}): ServerBench {
  const bench = new ServerBench(options);
  bench.open();
  bench.attach(1, {}, bench.link('stream'));
  bench.body(1, ['a']);
  bench.settle();
  return bench;
}

/** The bytes `at` to `end` of a text, by default as message 2. `more` overrides fields of the body's record. */
interface Part {
  readonly text: string;
  readonly at: number;
  readonly end: number;
  readonly first?: number;
  readonly more?: Partial<BodyRecord>;
}

/** Sends a part in a body. */
function part(bench: ServerBench, { text, at, end, first = 2, more = {} }: Part): RecordedLink {
  const content = encoder.encode(text);
  const fields = { part: encodeBase64(content.slice(at, end)), at, of: content.length, as: 0, ...more };
  return bench.body(first, [], fields);
}

/** Returns the answer's type, the received messages, and the held bytes of the message in parts. */
function stated({ written }: RecordedLink): unknown {
  const [answer] = written as { readonly t: string; readonly received: number; readonly partial?: number }[];
  return answer && [answer.t, answer.received, answer.partial];
}

/** 16 bytes, with characters of 1, 3 and 4 bytes. */
const text = 'five 你好 😀';

describe('a message in parts', () => {
  it('[SN-45.2] [SN-45.4] a message in parts, split within a character, is delivered once when it is whole', () => {
    const bench = begun();
    expect(stated(part(bench, { text, at: 0, end: 6 }))).toEqual(['answer', 1, 6]);
    expect(bench.delivered).toEqual(['a']);
    expect(stated(part(bench, { text, at: 6, end: 14 }))).toEqual(['answer', 1, 14]);
    expect(stated(part(bench, { text, at: 14, end: 16 }))).toEqual(['answer', 2, undefined]);
    expect(bench.delivered).toEqual(['a', text]);
    expect(bench.session.flow.incoming.sum).toBe(sumOf('a', text));
  });

  it('[SN-45.3] only new bytes of a repeated part are taken, and none after a gap or of another message', () => {
    const bench = begun();
    part(bench, { text, at: 0, end: 6 });
    expect(stated(part(bench, { text, at: 0, end: 6 }))).toEqual(['answer', 1, 6]);
    expect(stated(part(bench, { text, at: 8, end: 10 }))).toEqual(['answer', 1, 6]);
    expect(stated(part(bench, { text: 'another one', at: 0, end: 4, first: 3 }))).toEqual(['answer', 1, 6]);
    expect(stated(part(bench, { text: 'a', at: 0, end: 1, first: 1 }))).toEqual(['answer', 1, 6]);
    expect(stated(part(bench, { text, at: 3, end: 16 }))).toEqual(['answer', 2, undefined]);
    expect(stated(part(bench, { text, at: 3, end: 16 }))).toEqual(['answer', 2, undefined]);
    expect(bench.delivered).toEqual(['a', text]);
  });

  it('[SN-45.4] the held bytes are stated on every down link', () => {
    const bench = begun();
    part(bench, { text, at: 0, end: 6 });
    const poll = bench.attach(2, { prompt: true, received: 0 }, bench.link('poll'));
    expect(poll.written[0]).toMatchObject({ t: 'attached', received: 1, partial: 6 });
  });

  it('[SN-45.7] the whole message by another carrier replaces its parts', () => {
    const bench = begun();
    part(bench, { text, at: 0, end: 6 });
    bench.body(2, [text, 'b'], { n: 2 });
    expect(bench.delivered).toEqual(['a', text, 'b']);
    expect(stated(part(bench, { text, at: 6, end: 16 }))).toEqual(['answer', 3, undefined]);
  });

  it('[SN-45.8] a message above the window ends the session at its first part', () => {
    const bench = new ServerBench({ limits: { up: { messages: 256, bytes: 65_536 } } });
    bench.open();
    bench.body(1, ['x'.repeat(60_000)]);
    part(bench, { text: 'y'.repeat(6000), at: 0, end: 10 });
    expect(bench.session.done).toMatchObject({ code: 'hostile' });
  });

  it('[SN-45.8] memory grows with the received bytes, not with the announced length', () => {
    const bench = begun({ limits: { messageBytesMax: 1_000_000 } });
    const before = process.memoryUsage().arrayBuffers;
    const of = 1_000_000;
    const ten = encodeBase64(new Uint8Array(10));
    for (let k = 2; k < 202; k += 1) {
      bench.open(`nonce ${k}`);
      bench.body(1, [], { id: `id ${k}`, part: ten, at: 0, of, as: 1 });
    }
    expect(bench.session.flow.incoming.held).toBe(10);
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(200 * 10_000);
  });

  it.each<[string, Partial<BodyRecord>]>([
    ['no position', { at: undefined as never }],
    ['no length', { of: undefined as never }],
    ['no kind', { as: undefined as never }],
    ['no content field', { part: undefined as never }],
    ['an unknown kind', { as: 3 }],
    ['content beyond its end', { at: 12 }],
    ['a position after the end', { at: 16 }],
    ['content that is not base64', { part: '!!!!' }],
    ['empty content', { part: '' }],
    ['a length above the limit', { of: 65_537 }],
    ['messages in addition', { count: 1 }],
    ['no message number', { first: 0 }],
  ])('[SN-45.9] a part with %s is malformed, and the session continues', (_name, more) => {
    const bench = begun();
    const io = part(bench, { text, at: 0, end: 6, more });
    expect([io.ending, io.written]).toEqual(['malformed', []]);
    // Nothing of it is kept, including its announced length.
    part(bench, { text: 'shorter', at: 0, end: 3 });
    expect(bench.session.flow.incoming.held).toBe(3);
    bench.body(2, ['b'], { n: 3 });
    part(bench, { text, at: 0, end: 16, first: 3 });
    expect(bench.delivered).toEqual(['a', 'b', text]);
  });

  it.each([
    ['a text that is not UTF-8', 0, [0x61, 0xff]],
    ['an invalid typed message', 2, [0x5b, 0x31, 0x5d]],
    ['a typed message that is not JSON', 2, [0x5b, 0x31]],
  ])('[SN-45.12] %s is malformed when it is whole, and dropped', (_name, as, content) => {
    const bench = begun();
    const bytes = Uint8Array.from(content);
    const io = bench.body(2, [], { part: encodeBase64(bytes), at: 0, of: bytes.length, as });
    expect(io.ending).toBe('malformed');
    expect(bench.session.flow.incoming.held).toBe(0);
    part(bench, { text, at: 0, end: 16 });
    expect(bench.delivered).toEqual(['a', text]);
  });

  it('[SN-45.11] typed and binary messages in parts keep their kinds', () => {
    const bench = begun();
    const typed = '["q",1,"what?"]';
    part(bench, { text: typed, at: 0, end: 5, more: { as: 2 } });
    part(bench, { text: typed, at: 5, end: 15, more: { as: 2 } });
    part(bench, { text: 'bytes', at: 0, end: 5, first: 3, more: { as: 1 } });
    expect(bench.queue.map(({ binary, typed: isTyped, text: content }) => [binary, isTyped, content])).toEqual([
      [false, true, typed],
      [true, undefined, 'bytes'],
    ]);
  });

  it.each([{ of: 17 }, { as: 1 }])(
    '[SN-45.10] a part of another message with the same number ends the session: %o',
    (more) => {
      const bench = begun();
      part(bench, { text, at: 0, end: 6 });
      part(bench, { text, at: 6, end: 8, more });
      expect(bench.session.done).toMatchObject({ code: 'lost' });
    },
  );

  it('[SN-45.3] the counts of a body with a part are applied before the part', () => {
    const bench = begun();
    part(bench, { text, at: 0, end: 6, more: { ...counts({ received: 9 }) } });
    expect(bench.session.done).toMatchObject({ code: 'lost' });
    expect(bench.session.flow.incoming.held).toBe(0);
  });
});
