import { describe, expect, it } from 'vitest';
import { ClientBench, duplex, poll, stream } from './test-kit/client-bench.js';
import { counts, sumOf } from './test-kit/server-bench.js';

// Tests how a client session handles links that fail, fall silent or are in doubt, and pages that are hidden or closed.
// `ClientBench` is one client session with a manual clock; the test plays the server and the network. A proof is a
// second link that a client connects next to a doubtful one.

describe('failing links', () => {
  it('[SN-12.2] [SN-12.3] [TR-17.6] the retry pause grows to one second, and further in a long outage', () => {
    const bench = ClientBench.attached();
    const pauses: number[] = [];
    bench.ended(bench.last, false);
    for (let k = 0; k < 8; k += 1) {
      pauses.push((bench.session.manager.retryAt ?? 0) - bench.now);
      bench.pass(pauses.at(-1) ?? 0);
      bench.ended(bench.last, false);
    }
    expect(pauses).toEqual([100, 200, 400, 800, 1000, 1000, 1000, 1000]);
    bench.now += 600_000;
    bench.session.tick(bench.now);
    bench.ended(bench.last, false);
    expect((bench.session.manager.retryAt ?? 0) - bench.now).toBeGreaterThan(9000);
  });

  it.each([
    ['neither useful traffic nor enough time', 0, false, 'failed websocket'],
    ['enough time without useful traffic', 5000, false, 'failed websocket'],
    ['useful traffic without enough time', 1999, true, 'failed websocket'],
    ['useful traffic and enough time', 2000, true, 'failed websocket proven'],
  ])('[SN-12.1] a failed link with %s is reported as proven or not', (_, lifeMs, useful, reported) => {
    const bench = ClientBench.attached();
    if (useful) bench.message(bench.last, 'a');
    bench.pass(lifeMs);
    bench.ended(bench.last, false);
    expect(bench.events.at(-1)).toBe(reported);
  });

  it('[SN-12.1] the transport is proven as a whole, not the single poll that fails', () => {
    const bench = ClientBench.attached(poll);
    for (let k = 0; k < 3; k += 1) {
      bench.pass(1000);
      bench.record(bench.last, { t: 'attached', first: 1, ...counts() });
      bench.ended(bench.last, true);
    }
    expect(bench.events.filter((event) => event.startsWith('proven'))).toEqual(['proven long-poll']);
    bench.ended(bench.last, false);
    expect(bench.events.at(-1)).toBe('failed long-poll proven');
  });

  it('[SN-12.2] the backoff of links that attach and fail keeps growing until one is proven', () => {
    const bench = ClientBench.attached();
    const pauses: number[] = [];
    for (let k = 0; k < 6; k += 1) {
      bench.message(bench.last, `${k}`);
      if (k === 4) bench.pass(2000);
      bench.ended(bench.last, false);
      pauses.push((bench.session.manager.retryAt ?? 0) - bench.now);
      bench.pass(pauses.at(-1) ?? 0);
      bench.opened(bench.last);
      bench.record(bench.last, { t: 'attached', first: k + 2, ...counts({ sent: k + 1 }) });
    }
    expect(pauses).toEqual([100, 200, 400, 800, 100, 200]);
  });

  it('[SN-10.9] a new link attaches immediately if the old one is dead', () => {
    const bench = ClientBench.attached();
    bench.ended(bench.last, false);
    bench.pass(100);
    expect(bench.last.head).toMatchObject({ t: 'attach', n: 2 });
  });

  it('[SN-7.8] messages of a lost two-way link are written again from the last stated received', () => {
    const bench = ClientBench.attached();
    bench.send('a', 'b', 'c');
    bench.record(bench.last, { t: 'ack', ...counts({ received: 1, sum: sumOf('a') }) });
    bench.ended(bench.last, false);
    bench.pass(100);
    bench.opened(bench.last);
    bench.record(bench.last, { t: 'attached', first: 1, ...counts({ received: 2, sum: sumOf('a', 'b') }) });
    expect(bench.last.written).toEqual([{ t: 'from', first: 3 }, 'c']);
  });

  it('[SN-15.5] a link silent for a heartbeat and a half is dead', () => {
    const bench = ClientBench.attached();
    const { last } = bench;
    bench.pass(22_499);
    expect(last.ending).toBeNull();
    bench.pass(1);
    expect(last.ending).toBe('silent');
  });

  it('[SN-10.12] a link without a head times out, a little later each time', () => {
    const bench = ClientBench.attached();
    bench.ended(bench.last, false);
    bench.pass(100);
    const { last } = bench;
    bench.pass(519);
    expect(last.ending).toBeNull();
    bench.pass(1);
    expect(last.ending).toBe('silent');
  });
});

describe('an upstream link in doubt', () => {
  it('[SN-15.9] [SN-15.10] a client asks about unconfirmed messages, then proves a second link next to the first', () => {
    const bench = ClientBench.attached();
    const [first] = bench.carriers;
    bench.send('a');
    if (first) first.written = [];
    bench.pass(400);
    expect(first?.written).toMatchObject([{ t: 'ping', at: 1 }]);
    bench.pass(100);
    expect(bench.carriers).toHaveLength(1);
    bench.pass(200);
    expect(bench.carriers).toHaveLength(2);
    expect(first?.ending).toBeNull();
    bench.opened(bench.last);
    expect(bench.last.written).toMatchObject([{ t: 'probe' }]);
  });

  it('[SN-4.9] a closing client asks and proves too, although everything is confirmed', () => {
    const bench = ClientBench.attached();
    const [first] = bench.carriers;
    bench.session.close();
    bench.turn();
    bench.pass(400);
    expect(first?.written).toContainEqual(expect.objectContaining({ t: 'ping', last: 0 }));
    bench.pass(600);
    expect(bench.carriers).toHaveLength(2);
  });

  it('[SN-15.11] a proof ends when data arrives on the first link', () => {
    const bench = ClientBench.attached();
    const [first] = bench.carriers;
    bench.send('a');
    bench.pass(800);
    const second = bench.last;
    if (first) bench.record(first, { t: 'pong', at: 0, ...counts({ received: 1, sum: sumOf('a') }) });
    expect(second.ending).toBe('done');
    bench.pass(5000);
    expect(bench.carriers).toHaveLength(2);
  });

  it('[SN-15.17] waking asks immediately, and proves a second link if there is no answer', () => {
    const bench = ClientBench.attached();
    bench.session.wake(bench.now);
    expect(bench.last.written).toMatchObject([{ t: 'ping' }]);
    bench.pass(400);
    expect(bench.carriers).toHaveLength(2);
  });

  it('[SN-15.10] proofs continue at growing pauses while neither the first link nor a second one brings data', () => {
    const bench = ClientBench.attached();
    bench.session.wake(bench.now);
    const tries: number[] = [];
    for (let at = 0; at < 4000; at += 10) {
      bench.pass(10);
      if (bench.carriers.length === 1 + tries.length) continue;
      tries.push(at);
      bench.ended(bench.last, false);
    }
    expect(tries).toEqual([290, 890, 1490, 2590, 3690]);
    expect(bench.carriers[0]?.ending).toBeNull();
  });

  it('[SN-15.17] the time that a device slept does not count as silence of the link', () => {
    const bench = ClientBench.attached();
    bench.now += 3_600_000;
    bench.session.wake(bench.now);
    bench.session.tick(bench.now);
    expect(bench.carriers).toHaveLength(1);
    expect(bench.last.ending).toBeNull();
  });

  it('[SN-15.17] waking on a stream connects a second one', () => {
    const bench = ClientBench.attached(stream);
    const before = bench.carriers.length;
    bench.session.wake(bench.now);
    expect(bench.carriers).toHaveLength(before + 1);
    expect(bench.last.head).toMatchObject({ t: 'attach', n: 2 });
  });

  it('[SN-15.17] waking without a link connects immediately', () => {
    const bench = ClientBench.attached(duplex);
    bench.ended(bench.last, false);
    const before = bench.carriers.length;
    bench.session.wake(bench.now);
    expect(bench.carriers).toHaveLength(before + 1);
  });

  it('[SN-15.2] hiding notifies the server and applies the longer heartbeat', () => {
    const bench = ClientBench.attached();
    const { last } = bench;
    bench.session.hidden(true, bench.now);
    expect(last.written).toEqual([{ t: 'hidden', hidden: true }]);
    bench.pass(67_499);
    expect(last.ending).toBeNull();
    bench.pass(1);
    expect(last.ending).toBe('silent');
  });
});

describe('a page that is closed or cached', () => {
  it('[SN-15.20] a resting page has no link and tries nothing until it is woken, in the same session', () => {
    for (const transport of [duplex, stream, poll]) {
      const bench = ClientBench.attached(transport);
      bench.session.rest(bench.now);
      expect(bench.carriers.filter(({ ending }) => ending === null).length).toBeLessThanOrEqual(2);
      expect(bench.events.at(-1)).toBe('lost undefined');
      const before = bench.carriers.length;
      bench.send('a');
      bench.session.hidden(true, bench.now);
      bench.pass(600_000);
      expect([bench.carriers.length, bench.session.manager.nextTickAt]).toEqual([before, Number.POSITIVE_INFINITY]);
      bench.session.wake(bench.now);
      const next = bench.carriers[before];
      if (next?.link.kind === 'duplex') bench.opened(next);
      expect(next?.head ?? next?.written[0]).toMatchObject({ t: 'attach', id: 'id 1' });
    }
  });

  it('[SN-15.20] a page that rests while opening opens its session when it is woken, with the same nonce', () => {
    const bench = new ClientBench();
    bench.session.start(0);
    bench.session.rest(0);
    expect(bench.last.ending).toBe('done');
    bench.session.wake(5);
    expect(bench.last.head).toMatchObject({ t: 'open', nonce: 'nonce 1' });
  });

  it('[SN-15.19] a finalBody carries the unconfirmed messages and whether more follow', () => {
    const bench = ClientBench.attached();
    bench.send('a', 'b', 'c');
    bench.record(bench.last, { t: 'ack', ...counts({ received: 1, sum: sumOf('a') }) });
    const resting = bench.session.finalBody(false, 9, bench.now);
    expect(resting?.messages.map(({ text }) => text)).toEqual(['b', 'c']);
    expect(resting?.head).toEqual({
      t: 'body',
      id: 'id 1',
      n: 1,
      instance: 1,
      first: 2,
      count: 2,
      hidden: false,
      ...counts({ sent: 3 }),
    });
    const closing = bench.session.finalBody(true, 1, bench.now);
    expect(closing?.messages.map(({ text }) => text)).toEqual(['b']);
    expect(closing?.head).toMatchObject({ first: 2, count: 1, last: 3 });
    expect(bench.session.finalBody(true, 0, bench.now)).toMatchObject({ head: { first: 2, count: 0 }, messages: [] });
  });

  it('[SN-15.19] there is no finalBody before the session is open, after its end, or without requests', () => {
    const opening = new ClientBench();
    opening.session.start(0);
    const ended = ClientBench.attached();
    ended.session.fail('lost');
    const alone = ClientBench.attached(duplex, false);
    for (const { session } of [opening, ended, alone]) expect(session.finalBody(true, 9, 20)).toBeNull();
    // Its link carries the close nevertheless.
    expect(alone.last.written).toMatchObject([{ t: 'ack', last: 0 }]);
  });
});
