// Over 300 lines: bodies, streams and polls share one bench and the same upstream state.
import { describe, expect, it } from 'vitest';
import { sessionLimits } from '../limits.js';
import { ClientBench, duplex, poll, stream } from './test-kit/client-bench.js';
import { counts, sumOf } from './test-kit/server-bench.js';

// Tests a client session over HTTP: messages go up in bodies (POSTs with messages) and come down by a stream or by
// polls. `ClientBench` is one client session with a manual clock; the test plays the server and the network.

/** The record of a body with messages `first` to `first + count - 1`, and the counts that it states. */
const body = (first: number, count: number, some = {}) => ({
  t: 'body',
  id: 'id 1',
  n: 1,
  instance: 1,
  first,
  count,
  hidden: false,
  ...counts(some),
});
/** The server's answer to a body: its counts. */
const answer = (some = {}) => ({ t: 'answer', ...counts(some) }) as const;

describe('bodies', () => {
  it('[SN-7.1] one body is in flight, and messages sent meanwhile go in the next', () => {
    const bench = ClientBench.attached(stream);
    bench.send('a');
    const first = bench.last;
    expect(first).toMatchObject({ head: body(1, 1, { sent: 1 }), texts: ['a'] });
    bench.send('b', 'c');
    expect(bench.last).toBe(first);
    bench.record(first, answer({ received: 1, sum: sumOf('a') }));
    expect(bench.last).toMatchObject({ head: body(2, 2, { n: 2, sent: 3 }), texts: ['b', 'c'] });
  });

  it('[SN-7.7] the next body continues after the received that the answer states', () => {
    const bench = ClientBench.attached(stream);
    bench.send('a', 'b');
    bench.record(bench.last, answer({ received: 0 }));
    expect(bench.last.texts).toEqual(['a', 'b']);
  });

  it('[SN-7.8] a body after a failure continues after the last stated received', () => {
    const bench = ClientBench.attached(stream);
    bench.send('a');
    bench.record(bench.last, answer({ received: 1, sum: sumOf('a') }));
    bench.send('b');
    bench.ended(bench.last, false);
    bench.send('c');
    bench.pass(150);
    expect(bench.last).toMatchObject({ head: { first: 2, count: 2 }, texts: ['b', 'c'] });
  });

  it('[SN-7.9] a body times out after two round trips and 500 ms, and a late answer is ignored', () => {
    const bench = ClientBench.attached(stream);
    bench.send('a');
    const first = bench.last;
    bench.pass(519);
    expect(first.ending).toBeNull();
    bench.pass(300);
    expect(first.ending).toBe('silent');
    expect(bench.last.texts).toEqual(['a']);
    bench.record(first, answer({ received: 1, sum: sumOf('a') }));
    expect(bench.session.flow.peerReceived).toBe(0);
  });

  it('[SN-6.7] an empty body carries an acknowledgement that is due and is retried like any other', () => {
    const bench = ClientBench.attached(stream);
    const [, down] = bench.carriers;
    if (!down) throw new Error('no stream');
    for (let k = 0; k < 64; k += 1) bench.message(down, 'm');
    bench.settle();
    const first = bench.last;
    expect(first.head).toMatchObject({ t: 'body', first: 1, count: 0, ack: 64 });
    bench.ended(first, false);
    bench.pass(150);
    expect(bench.last).not.toBe(first);
    expect(bench.last.head).toMatchObject({ t: 'body', first: 1, count: 0, ack: 64 });
  });

  it('[SN-15.4] an empty body answers the ping of a stream', () => {
    const bench = ClientBench.attached(stream);
    bench.record(bench.last, { t: 'ping', at: 0, ...counts() });
    expect(bench.last.head).toEqual(body(1, 0));
  });

  it('[SN-15.2] a body states that the page is hidden', () => {
    const bench = ClientBench.attached(stream);
    bench.session.hidden(true, bench.now);
    expect(bench.last.head).toEqual({ ...body(1, 0), hidden: true });
  });

  it('[SN-10.10] a body waits up to 500 ms for a two-way attach in progress', () => {
    const bench = ClientBench.attached(duplex);
    bench.ended(bench.last, false);
    bench.send('a');
    bench.pass(120);
    const next = bench.last;
    expect(next.link.kind).toBe('duplex');
    bench.pass(480);
    expect(bench.last).toBe(next);
    bench.pass(100);
    expect(bench.last).toMatchObject({ head: { t: 'body' }, texts: ['a'] });
  });

  it('[SN-22.4] a body carries at most one batch', () => {
    const bench = ClientBench.attached(stream);
    const text = 'x'.repeat(60_000);
    bench.send(text, text, text, text, text, text);
    expect(bench.last.texts).toHaveLength(4);
    bench.record(bench.last, answer({ received: 4, sum: sumOf(text, text, text, text) }));
    expect(bench.last.texts).toHaveLength(2);
  });
});

describe('streams', () => {
  it('a stream that reached the server’s cap is followed by the next immediately', () => {
    const bench = ClientBench.attached(stream);
    bench.message(bench.last, 'a');
    bench.ended(bench.last, true);
    expect(bench.last.head).toMatchObject({ t: 'attach', n: 2, received: 1 });
  });

  it('[SN-13.2] a stream whose response has begun has two round trips and 500 ms to deliver its head', () => {
    const bench = new ClientBench(stream);
    bench.session.start(0);
    bench.now = 40;
    bench.record(bench.last, { t: 'opened', id: 'id 1', received: 0, limits: sessionLimits });
    const { last } = bench;
    bench.pass(300);
    bench.opened(last);
    bench.pass(579);
    expect(last.ending).toBeNull();
    bench.pass(1);
    expect(last.ending).toBe('silent');
  });

  it('[SN-13.2] a stream whose response has begun has at most 5 s to deliver its head', () => {
    const bench = new ClientBench(stream);
    bench.session.start(0);
    bench.now = 2400;
    bench.record(bench.last, { t: 'opened', id: 'id 1', received: 0, limits: sessionLimits });
    const { last } = bench;
    bench.opened(last);
    bench.pass(4999);
    expect(last.ending).toBeNull();
    bench.pass(1);
    expect(last.ending).toBe('silent');
  });

  it('[SN-13.3] a stream that lacks messages which an answer states as sent is reported as buffered', () => {
    const bench = ClientBench.attached(stream);
    const down = bench.last;
    bench.send('a');
    bench.message(down, 'x');
    bench.record(bench.last, answer({ received: 1, sent: 3, sum: sumOf('a') }));
    bench.pass(1019);
    expect(down.ending).toBeNull();
    bench.pass(110);
    expect(down.ending).toBe('buffered');
  });

  it('[SN-13.3] a stream that is slow but brings data is not reported as buffered', () => {
    const bench = ClientBench.attached(stream);
    const down = bench.last;
    bench.send('a');
    bench.record(bench.last, answer({ received: 1, sent: 3, sum: sumOf('a') }));
    bench.pass(900);
    bench.message(down, 'x');
    bench.pass(900);
    expect(down.ending).toBeNull();
  });

  it('[SN-13.5] a stream that misses a heartbeat is checked by one empty body', () => {
    const bench = ClientBench.attached(stream);
    const down = bench.last;
    bench.pass(15_519);
    expect(bench.last).toBe(down);
    bench.pass(1);
    expect(bench.last.head).toEqual(body(1, 0));
    bench.record(bench.last, answer());
    const before = bench.carriers.length;
    bench.pass(5000);
    expect(bench.carriers).toHaveLength(before);
    expect(down.ending).toBeNull();
  });

  it('[SN-13.5] a stream that brings nothing after messages went up is checked by one empty body', () => {
    const bench = ClientBench.attached(stream);
    const down = bench.last;
    for (const [count, text] of ['a', 'b'].entries()) {
      bench.pass(100);
      bench.send(text);
      bench.record(bench.last, answer({ received: count + 1, sum: count === 0 ? sumOf('a') : sumOf('a', 'b') }));
    }
    const before = bench.carriers.length;
    bench.pass(250);
    expect(bench.carriers).toHaveLength(before);
    bench.pass(110);
    expect(bench.last).toMatchObject({ head: { t: 'body', first: 3, count: 0 } });
    // The answer states that something was written, but it does not arrive.
    bench.record(bench.last, answer({ received: 2, sent: 1, sum: sumOf('a', 'b') }));
    bench.pass(1400);
    expect(down.ending).toBe('buffered');
  });

  it('[SN-12.2] a stream that carried only its head is followed by the next after a pause', () => {
    const bench = ClientBench.attached(stream);
    const before = bench.carriers.length;
    bench.ended(bench.last, true);
    expect(bench.carriers).toHaveLength(before);
    bench.pass(100);
    expect(bench.last.head).toMatchObject({ t: 'attach', n: 2 });
  });
});

describe('a stream that died unnoticed', () => {
  it('[SN-4.10] [SN-15.13] a dead stream is doubted while closing, because accepted messages do not arrive', () => {
    const bench = ClientBench.attached(stream);
    const dead = bench.last;
    bench.session.close();
    bench.session.flush(bench.now);
    for (let k = 0; k < 8; k += 1) {
      if (bench.last.head?.t === 'body') bench.record(bench.last, answer({ last: 1 }));
      bench.pass(300);
    }
    const again = bench.carriers.filter(({ head }) => head?.t === 'attach');
    expect(again.length).toBeGreaterThan(1);
    expect(again.at(-1)).not.toBe(dead);
  });
});

describe('polls', () => {
  it('[SN-8.2] [SN-9.1] polls follow each other, each with its attach number and counts', () => {
    const bench = ClientBench.attached(poll);
    const held = bench.last;
    expect(held.head).toEqual({ t: 'attach', id: 'id 1', n: 2, instance: 1, first: 1, count: 0, ...counts() });
    bench.record(held, { t: 'attached', first: 1, ...counts({ sent: 1 }) });
    bench.message(held, 'a');
    bench.ended(held, true);
    expect(bench.last.head).toMatchObject({ t: 'attach', n: 3, received: 1, sum: sumOf('a') });
  });

  it('[SN-7.1] a poll that carries messages is the only body in flight', () => {
    const bench = ClientBench.attached(poll);
    bench.send('a');
    expect(bench.last).toMatchObject({ head: { t: 'body', first: 1 }, texts: ['a'] });
    bench.send('b');
    bench.record(bench.last, answer({ received: 1, sum: sumOf('a') }));
    expect(bench.last.texts).toEqual(['b']);
    bench.ended(bench.last, false);
    const held = bench.carriers.find(({ head }) => head?.t === 'attach' && head.n === 2);
    bench.pass(50);
    if (held) bench.record(held, { t: 'attached', first: 1, ...counts({ received: 1, sum: sumOf('a') }) });
    bench.pass(60);
    const before = bench.carriers.length;
    if (held) bench.ended(held, true);
    expect(bench.carriers.slice(before)).toHaveLength(1);
  });

  it('[SN-35.1] a poll counts the messages that it carries as sent, like a body', () => {
    const bench = new ClientBench(poll);
    bench.session.start(bench.now);
    bench.send('a', 'b');
    bench.record(bench.last, { t: 'opened', id: 'id 1', received: 0, limits: sessionLimits });
    expect(bench.last).toMatchObject({ head: { t: 'attach', first: 1, count: 2, sent: 2 }, texts: ['a', 'b'] });
  });

  it('[SN-15.8] a held poll times out after a heartbeat, two round trips and 500 ms', () => {
    const bench = ClientBench.attached(poll);
    const held = bench.last;
    bench.pass(15_519);
    expect(held.ending).toBeNull();
    bench.pass(10);
    expect(held.ending).toBe('silent');
  });

  it('[SN-15.13] a poll that lacks messages which an answer states as sent is repeated', () => {
    const bench = ClientBench.attached(poll);
    const held = bench.last;
    bench.send('a');
    bench.record(bench.last, answer({ received: 1, sent: 3, sum: sumOf('a') }));
    bench.pass(1019);
    expect(held.ending).toBeNull();
    bench.pass(110);
    expect(held.ending).toBe('silent');
  });
});
