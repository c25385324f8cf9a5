// Over 300 lines: opening, racing, one link, switching and closing of one session, on one bench.
import { describe, expect, it } from 'vitest';
import { sessionLimits } from '../limits.js';
import { ClientBench, duplex, poll, stream } from './test-kit/client-bench.js';
import { counts, sumOf } from './test-kit/server-bench.js';

// Tests the client's half of a session, in the order of its life. `ClientBench` is one client session with a manual
// clock; the test plays the server and the network.

/** The server's answer to `open`: the session has an id. */
const opened = { t: 'opened', id: 'id 1', received: 0, limits: sessionLimits } as const;
/** The server's answer to `attach`: the link carries messages from number `first` on. */
const attached = (first: number, some = {}) => ({ t: 'attached', first, ...counts(some) }) as const;

describe('opening', () => {
  it('[SN-40.8] if the handshake carried no record, the client opens on the two-way link and attaches once it has the id', () => {
    const bench = new ClientBench();
    bench.token = 'secret';
    bench.session.start(0);
    bench.opened(bench.last, false);
    expect(bench.last.written).toEqual([{ t: 'open', nonce: 'nonce 1', features: 'typed', token: 'secret' }]);
    bench.record(bench.last, opened);
    expect(bench.last.written.slice(1)).toEqual([{ t: 'attach', id: 'id 1', n: 2, instance: 1, ...counts() }]);
    expect(bench.carriers).toHaveLength(1);
  });

  it('[SN-14.4] a client without a two-way link opens by POST with the first messages', () => {
    const bench = new ClientBench(stream);
    bench.send('a', 'b');
    bench.session.start(0);
    expect(bench.last).toMatchObject({
      head: { t: 'open', nonce: 'nonce 1', version: 2, features: 'typed', first: 1, count: 2 },
      texts: ['a', 'b'],
    });
    bench.record(bench.last, { ...opened, received: 2 });
    expect(bench.last.head).toMatchObject({ t: 'attach', id: 'id 1', n: 1, sent: 2 });
  });

  it('[SN-14.4] a client sends at most 16 messages before its session is open', () => {
    const bench = new ClientBench(stream);
    bench.send(...Array.from({ length: 20 }, (_, k) => `${k}`));
    bench.session.start(0);
    expect(bench.last.texts).toHaveLength(16);
  });

  it('[SN-14.9] [SN-14.11] [SN-14.12] a client races a second transport with the same nonce and drops the loser', () => {
    const bench = new ClientBench();
    bench.session.start(0);
    bench.session.race(poll, 0);
    const [first, second] = bench.carriers;
    expect(second?.head).toEqual({ t: 'open', nonce: 'nonce 1', version: 2, features: 'typed', first: 1, count: 0 });
    if (!first || !second) throw new Error('no race');
    bench.opened(first);
    bench.record(first, opened);
    expect(second.ending).toBe('done');
    bench.record(first, attached(1));
    expect(bench.carriers).toHaveLength(2);
    expect(bench.events).toEqual(['attached websocket']);
  });

  it('[SN-14.12] a two-way link that loses the race is kept and becomes the next link when it opens', () => {
    const bench = new ClientBench();
    bench.session.start(0);
    bench.session.race(stream, 0);
    const [first, second] = bench.carriers;
    if (!first || !second) throw new Error('no race');
    bench.record(second, opened);
    bench.record(bench.last, attached(1));
    expect(first.ending).toBeNull();
    bench.opened(first, false);
    expect(first.written).toMatchObject([{ t: 'probe' }]);
    bench.record(first, { t: 'probe', pad: '.' });
    bench.record(first, attached(1));
    expect(bench.events).toEqual(['attached event-stream', 'attached websocket']);
  });

  it('[SN-14.12] a losing link that has already sent its open is probed when its answer arrives', () => {
    const bench = new ClientBench();
    bench.session.start(0);
    bench.opened(bench.last);
    bench.session.race(stream, 0);
    const [first, second] = bench.carriers;
    if (!first || !second) throw new Error('no race');
    bench.record(second, opened);
    first.written = [];
    bench.record(first, opened);
    expect(first.written).toMatchObject([{ t: 'probe' }]);
  });

  it('[SN-14.12] a losing link that reached another node is dropped, because the same nonce is another session there', () => {
    const bench = new ClientBench();
    bench.session.start(0);
    bench.opened(bench.last);
    bench.session.race(stream, 0);
    const [first, second] = bench.carriers;
    if (!first || !second) throw new Error('no race');
    bench.record(second, opened);
    bench.record(first, { ...opened, id: 'id of another node' });
    expect(first.ending).toBe('done');
    expect(bench.session.manager.links.candidate).toBeNull();
  });

  it('[SN-14.12] a losing link that fails does not affect the session', () => {
    const bench = new ClientBench();
    bench.session.start(0);
    bench.session.race(stream, 0);
    const [first, second] = bench.carriers;
    if (!first || !second) throw new Error('no race');
    bench.record(second, opened);
    bench.record(bench.last, attached(1));
    bench.ended(first, false);
    expect(bench.events).toEqual(['attached event-stream', 'failed websocket']);
    expect(bench.session.manager.links.current?.transport).toBe(stream);
  });

  it('[SN-14.9] [SN-14.11] a client races again when it replaces a link, and the first attached link wins', () => {
    for (const winner of [duplex, poll]) {
      const bench = ClientBench.attached();
      bench.ended(bench.last, false);
      bench.pass(100);
      const first = bench.last;
      bench.session.race(poll, bench.now);
      const second = bench.last;
      expect(second.head).toMatchObject({ t: 'attach', n: 3, prompt: true });
      if (winner === duplex) bench.opened(first);
      bench.record(winner === duplex ? first : second, attached(1));
      expect(bench.events.at(-1)).toBe(`attached ${winner.name}`);
      if (winner === duplex) expect(second.ending).toBe('done');
      bench.pass(3000);
      expect(bench.session.manager.links.attached).toBe(true);
    }
  });

  it('[SN-14.7] a client whose session was unconfirmed opens again with a new nonce and the same messages', () => {
    const bench = new ClientBench(stream);
    bench.send('a');
    bench.session.start(0);
    bench.record(bench.last, { ...opened, received: 1 });
    bench.record(bench.last, { t: 'closed', clean: false, code: 'unconfirmed', ack: 0 });
    bench.pass(0);
    expect(bench.last).toMatchObject({
      head: { t: 'open', nonce: 'nonce 2', version: 2, features: 'typed', first: 1, count: 1 },
      texts: ['a'],
    });
  });

  it('a session that is refused for good ends with the code of the refusal', () => {
    const bench = new ClientBench();
    bench.session.start(0);
    bench.record(bench.last, { t: 'refused', code: 'unauthorized' });
    expect(bench.verdict).toEqual({ clean: false, code: 'unauthorized', acknowledged: 0, sent: 0, unknown: 0 });
  });

  it('[SN-4.1] an unknown session is lost', () => {
    const bench = ClientBench.attached();
    bench.send('a');
    bench.record(bench.last, { t: 'refused', code: 'unknown' });
    expect(bench.verdict).toEqual({ clean: false, code: 'lost', acknowledged: 0, sent: 1, unknown: 1 });
  });
});

describe('a two-way link', () => {
  it('[SN-5.1] [SN-5.2] a two-way link carries the number of its first message, then plain messages', () => {
    const bench = new ClientBench();
    bench.session.start(0);
    bench.send('a');
    bench.opened(bench.last);
    bench.record(bench.last, opened);
    bench.last.written = [];
    bench.record(bench.last, attached(1));
    bench.send('b', 'c');
    expect(bench.last.written).toEqual([{ t: 'from', first: 1 }, 'a', 'b', 'c']);
    expect(bench.carriers).toHaveLength(1);
  });

  it('[SN-15.3] a client answers a ping from the message handler, with its last number on the link', () => {
    const bench = ClientBench.attached();
    bench.send('a');
    bench.message(bench.last, 'x');
    bench.last.written = [];
    bench.record(bench.last, { t: 'ping', at: 1, ...counts({ received: 1, sent: 1, sum: sumOf('a') }) });
    expect(bench.last.written).toEqual([{ t: 'pong', at: 1, ...counts({ received: 1, sent: 1, sum: sumOf('x') }) }]);
  });

  it('[SN-5.12] [SN-4.13] a ping with another number than was read ends the session with lost, and the client reports it', () => {
    const bench = ClientBench.attached();
    const [link] = bench.carriers;
    bench.record(bench.last, { t: 'ping', at: 1, ...counts({ sent: 1 }) });
    expect(bench.verdict?.code).toBe('lost');
    expect(link?.written).toEqual([{ t: 'fail', id: 'id 1', code: 'lost', ack: 0 }]);
    expect(bench.last.head).toEqual({ t: 'fail', id: 'id 1', instance: 1, code: 'lost', ack: 0 });
  });

  it('[SN-2.2] a client ends a link with a gap and connects again', () => {
    const bench = ClientBench.attached();
    const { last } = bench;
    bench.record(last, attached(3));
    bench.message(last, 'three');
    expect(last.ending).toBe('gap');
    expect(bench.delivered).toEqual([]);
    bench.pass(200);
    expect(bench.carriers).toHaveLength(2);
  });

  it('[SN-5.7] [SN-5.9] server counts of messages that were never written end the session with lost', () => {
    const bench = ClientBench.attached();
    bench.record(bench.last, { t: 'ack', ...counts({ received: 1 }) });
    expect(bench.verdict?.code).toBe('lost');
  });

  it('[SN-5.8] a server checksum of other messages ends the session with lost', () => {
    const bench = ClientBench.attached();
    bench.send('a');
    bench.record(bench.last, { t: 'ack', ...counts({ received: 1, sum: sumOf('b') }) });
    expect(bench.verdict?.code).toBe('lost');
  });

  it('[SN-6.2] a client sends an acknowledgement at a quarter of the window', () => {
    const bench = ClientBench.attached();
    for (let k = 0; k < 64; k += 1) bench.message(bench.last, `${k}`);
    bench.settle(63);
    expect(bench.last.written).toEqual([]);
    bench.settle(1);
    expect(bench.last.written).toMatchObject([{ t: 'ack', ack: 64, received: 64 }]);
  });
});

describe('switching', () => {
  it('[SN-10.1] [SN-10.2] [SN-10.5] [SN-10.8] [SN-10.11] a switch to a two-way link closes the old one once superseded', () => {
    const bench = ClientBench.attached();
    const [old] = bench.carriers;
    bench.session.switchTo({ name: 'tcp', kind: 'duplex' }, bench.now);
    const next = bench.last;
    bench.opened(next);
    expect(next.written).toEqual([{ t: 'probe', pad: '.'.repeat(2048) }]);
    bench.send('a');
    expect(old?.written).toEqual(['a']);
    bench.record(next, { t: 'probe', pad: '.'.repeat(2048) });
    expect(next.written[1]).toMatchObject({ t: 'attach', n: 2, sent: 1 });
    bench.record(next, attached(1, { received: 1, sum: sumOf('a') }));
    bench.send('b');
    expect(next.written.slice(2)).toEqual([{ t: 'from', first: 2 }, 'b']);
    expect(old?.ending).toBeNull();
    if (old) bench.record(old, { t: 'superseded', n: 2, same: true });
    expect(old?.ending).toBe('done');
    expect(bench.events.at(-1)).toBe('attached tcp');
  });

  it('[SN-10.3] a switch to a stream uses its head as the probe and sends on the old link until then', () => {
    const bench = ClientBench.attached();
    const [old] = bench.carriers;
    bench.session.switchTo(stream, bench.now);
    const next = bench.last;
    expect(next.head).toMatchObject({ t: 'attach', n: 2 });
    if (old) bench.record(old, { t: 'superseded', n: 2, same: true });
    bench.send('a');
    expect(old?.written).toEqual(['a']);
    expect(old?.ending).toBeNull();
    bench.record(next, attached(1));
    expect(old?.ending).toBe('superseded');
    expect(bench.last).toMatchObject({ head: { t: 'body', first: 1, count: 1 }, texts: ['a'] });
  });

  it('[SN-10.4] a switch to a poll requests an immediate answer', () => {
    const bench = ClientBench.attached();
    bench.session.switchTo(poll, bench.now);
    expect(bench.last.head).toMatchObject({ t: 'attach', n: 2, prompt: true });
    bench.record(bench.last, attached(1));
    bench.ended(bench.last, true);
    expect(bench.last.head).toMatchObject({ t: 'attach', n: 3 });
    expect(bench.last.head).not.toHaveProperty('prompt');
  });

  it('[SN-10.5] a failed switch leaves the session on its old link', () => {
    const bench = ClientBench.attached();
    bench.session.switchTo(stream, bench.now);
    bench.ended(bench.last, false);
    expect(bench.session.manager.links.current?.transport).toEqual(duplex);
    expect(bench.events.at(-1)).toBe('failed event-stream');
    bench.send('a');
    expect(bench.carriers[0]?.written).toEqual(['a']);
  });

  it('[SN-10.5] a client reads an old link for at most 2 s', () => {
    const bench = ClientBench.attached();
    const [old] = bench.carriers;
    bench.session.switchTo(stream, bench.now);
    bench.record(bench.last, attached(1));
    bench.pass(1999);
    expect(old?.ending).toBeNull();
    bench.pass(1);
    expect(old?.ending).toBe('superseded');
  });

  it('[SN-9.3] a client attaches again when the same instance holds a higher number', () => {
    const bench = ClientBench.attached();
    bench.record(bench.last, { t: 'superseded', n: 7, same: true });
    bench.pass(200);
    expect(bench.last.head).toMatchObject({ t: 'attach', n: 8 });
  });

  it('[SN-9.4] a session ends when another tab takes it over', () => {
    const bench = ClientBench.attached();
    bench.record(bench.last, { t: 'superseded', n: 7, same: false });
    expect(bench.verdict?.code).toBe('superseded');
  });
});

describe('closing', () => {
  it('[SN-4.2] [SN-4.8] a closing client states its last and repeats its counts until it receives the verdict', () => {
    const bench = ClientBench.attached();
    bench.send('a');
    bench.last.written = [];
    bench.session.close();
    bench.turn();
    expect(bench.last.written).toEqual([{ t: 'ack', ...counts({ sent: 1, last: 1, lastSum: sumOf('a') }) }]);
    bench.pass(300);
    expect(bench.last.written).toHaveLength(2);
    bench.record(bench.last, { t: 'closed', clean: true, code: 'closed', ack: 1 });
    expect(bench.verdict).toEqual({ clean: true, code: 'closed', acknowledged: 1, sent: 1, unknown: 0 });
  });

  it('[SN-4.12] [SN-4.13] a close without an answer times out after 8 s and two round trips and reports unknown messages', () => {
    const bench = ClientBench.attached(stream);
    bench.send('a');
    bench.ended(bench.last, false);
    bench.session.close();
    bench.turn();
    bench.pass(8000 + 2 * (bench.session.manager.roundTrip.ms ?? 0) - 1);
    expect(bench.verdict).toBeUndefined();
    bench.pass(2000);
    expect(bench.verdict).toEqual({ clean: false, code: 'timeout', acknowledged: 0, sent: 1, unknown: 1 });
    expect(bench.last.head).toEqual({ t: 'fail', id: 'id 1', instance: 1, code: 'timeout', ack: 0 });
  });

  it.each([0, 1])('[SN-4.18] a close before the session is open, after %i messages', (sent) => {
    const bench = new ClientBench(stream);
    if (sent > 0) bench.send('a');
    bench.session.start(0);
    bench.session.close();
    bench.turn();
    expect(bench.verdict).toEqual(
      sent > 0 ? undefined : { clean: true, code: 'closed', acknowledged: 0, sent, unknown: 0 },
    );
    expect(Number.isFinite(bench.session.manager.nextTickAt)).toBe(sent > 0);
  });

  it('[SN-4.11] a close without an answer is clean after that time if the client’s own counts prove it', () => {
    const bench = ClientBench.attached();
    bench.send('a');
    bench.session.close();
    bench.turn();
    bench.record(bench.last, { t: 'ack', ...counts({ ack: 1, received: 1, sum: sumOf('a'), last: 0 }) });
    bench.pass(10_000);
    expect(bench.verdict).toEqual({ clean: true, code: 'closed', acknowledged: 1, sent: 1, unknown: 0 });
  });

  it('[SN-4.5] a close is lost if the received messages are not those that the server sent', () => {
    const bench = ClientBench.attached();
    bench.message(bench.last, 'two');
    bench.settle();
    const lastSum = sumOf('one');
    bench.record(bench.last, { t: 'ack', ...counts({ sent: 1, last: 1, lastSum }) });
    bench.pass(200);
    expect(bench.verdict).toMatchObject({ clean: false, code: 'lost' });
    expect(bench.last.head).toMatchObject({ t: 'fail', code: 'lost' });
  });

  it('[SN-4.15] a verdict that acknowledges less than before is lost', () => {
    const bench = ClientBench.attached();
    bench.send('a');
    bench.record(bench.last, { t: 'ack', ...counts({ ack: 1, received: 1, sum: sumOf('a') }) });
    bench.record(bench.last, { t: 'closed', clean: true, code: 'closed', ack: 0 });
    expect(bench.verdict).toMatchObject({ clean: false, code: 'lost' });
  });

  it('[SN-4.15] a verdict that acknowledges more than was written is lost', () => {
    const bench = ClientBench.attached();
    bench.send('a');
    bench.record(bench.last, { t: 'closed', clean: true, code: 'closed', ack: 2 });
    expect(bench.verdict).toMatchObject({ clean: false, code: 'lost' });
  });

  it('[SN-4.3] a client closes when the server closes', () => {
    const bench = ClientBench.attached();
    bench.record(bench.last, { t: 'ack', ...counts({ last: 0 }) });
    expect(bench.last.written).toEqual([{ t: 'ack', ...counts({ last: 0, lastSum: 0 }) }]);
  });
});
