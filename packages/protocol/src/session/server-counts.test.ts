import { describe, expect, it } from 'vitest';
import { messageFromText } from '../message.js';
import { counts, ServerBench, sumOf } from './test-kit/server-bench.js';

// Tests the buffer of a server session and the counts that a client states about both directions, such as `ack` and
// `received`. `ServerBench` is one server node with a manual clock; the test plays the client.

/** A bench with an open session and a two-way link attached to it. */
function attached(options = {}) {
  const bench = new ServerBench(options);
  bench.open();
  return { bench, io: bench.attach() };
}

/** The texts '1', '2', and so on. */
const numbers = (count: number): string[] => Array.from({ length: count }, (_, k) => `${k + 1}`);

describe('sending', () => {
  it('[SN-23.2] send returns above beyond the window and full beyond the limit', () => {
    const { bench } = attached({ limits: { down: { messages: 2, bytes: 65_536 } }, buffers: { bufferMessagesMax: 3 } });
    const send = () => bench.session.send(messageFromText('a'));
    expect([send(), send(), send(), send()]).toEqual(['ok', 'ok', 'above', 'full']);
    expect(bench.session.flow.outgoing.sent).toBe(3);
  });

  it('[SN-23.2] the limits of send apply to bytes too', () => {
    const { bench } = attached({ limits: { down: { messages: 9, bytes: 10 } }, buffers: { bufferBytesMax: 20 } });
    const send = () => bench.session.send(messageFromText('12345678'));
    expect([send(), send(), send()]).toEqual(['ok', 'above', 'full']);
    expect(bench.session.flow.outgoing.bufferedAmount).toBe(16);
    expect(bench.session.flow.outgoing.accepts(4)).toBe(true);
    expect(bench.session.flow.outgoing.accepts(5)).toBe(false);
  });

  it('[SN-23.1] [SN-23.2] bufferedAmount counts accepted, unacknowledged bytes, and drain fires at half the window', () => {
    const { bench, io } = attached({ limits: { down: { messages: 4, bytes: 65_536 } } });
    bench.send('1', '2', '3', '4', '5');
    expect(bench.session.flow.outgoing.bufferedAmount).toBe(5);
    bench.record(io, { t: 'ack', ...counts({ ack: 2, received: 4, sum: sumOf('1', '2', '3', '4') }) });
    expect(bench.session.flow.outgoing.bufferedAmount).toBe(3);
    expect(bench.events).not.toContain('drain');
    bench.record(io, { t: 'ack', ...counts({ ack: 3, received: 5, sum: sumOf('1', '2', '3', '4', '5') }) });
    expect(bench.events.filter((event) => event === 'drain')).toHaveLength(1);
  });

  it('[SN-4.2] send accepts nothing while closing', () => {
    const { bench } = attached();
    bench.send('a');
    bench.session.close();
    expect(bench.session.send(messageFromText('b'))).toBe('closed');
    expect(bench.session.flow.outgoing.sent).toBe(1);
  });

  it('[SN-1] the buffer keeps its order while it grows and shrinks', () => {
    const { bench, io } = attached({ limits: { down: { messages: 1000, bytes: 1_000_000 } } });
    const texts = numbers(700);
    let acked = 0;
    for (let sent = 0; sent < texts.length; ) {
      const step = 1 + (sent % 97);
      bench.send(...texts.slice(sent, sent + step));
      sent = Math.min(texts.length, sent + step);
      acked = Math.max(acked, sent - 60);
      const received = texts.slice(0, acked);
      bench.record(io, { t: 'ack', ...counts({ ack: acked, received: acked, sum: sumOf(...received) }) });
    }
    expect(io.written.filter((item) => typeof item === 'string')).toEqual(texts);
    const next = bench.attach(2, { ack: 600, received: 640, sum: sumOf(...texts.slice(0, 640)) });
    expect(next.written.slice(1)).toEqual(texts.slice(640));
  });
});

describe('counts of the client', () => {
  it.each([
    ['an ack beyond received', { ack: 2, received: 1, sum: sumOf('a') }],
    ['a received beyond what was written', { received: 3 }],
    ['a seen beyond what was acknowledged', { seen: 1 }],
    ['a checksum of other messages', { received: 2, sum: sumOf('b', 'a') }],
    ['a checksum of an equal number of messages of other content', { received: 1, sum: sumOf('x') }],
  ])('[SN-5.7] [SN-5.9] client counts with %s are lost', (_, wrong) => {
    const { bench, io } = attached();
    bench.send('a', 'b');
    bench.record(io, { t: 'ack', ...counts(wrong) });
    expect(bench.session.done).toEqual({ clean: false, code: 'lost', acknowledged: 0, sent: 2, unknown: 2 });
  });

  it('[SN-5.10] the count sent is a hint and never checked', () => {
    const { bench, io } = attached();
    bench.record(io, { t: 'ack', ...counts({ sent: 99 }) });
    expect(bench.session.done).toBeNull();
  });

  it('[SN-5.11] the maximum of ack counts, and the last stated received', () => {
    const { bench, io } = attached();
    bench.send('a', 'b');
    bench.record(io, { t: 'ack', ...counts({ ack: 2, received: 2, sum: sumOf('a', 'b') }) });
    bench.record(io, { t: 'ack', ...counts({ ack: 1, received: 1, sum: sumOf('a') }) });
    expect(bench.session.flow.outgoing.acked).toBe(2);
    expect(bench.session.flow.outgoing.peerReceived).toBe(1);
  });

  it('[SN-5.8] a checksum of messages that are no longer known is not checked', () => {
    const { bench, io } = attached();
    bench.send('a', 'b');
    bench.record(io, { t: 'ack', ...counts({ ack: 2, received: 2, sum: sumOf('a', 'b') }) });
    bench.record(io, { t: 'ack', ...counts({ ack: 1, received: 1, sum: 12_345 }) });
    expect(bench.session.done).toBeNull();
  });
});
