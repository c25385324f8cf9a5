import { describe, expect, it } from 'vitest';
import { ClientBench, duplex, stream } from './test-kit/client-bench.js';
import { counts, sumOf } from './test-kit/server-bench.js';

describe('failing links', () => {
  it('[SN-12] are tried again after a pause that grows to one second, and longer in a long outage', () => {
    const bench = ClientBench.attached();
    const pauses: number[] = [];
    bench.ended(bench.last, false);
    for (let k = 0; k < 8; k += 1) {
      pauses.push((bench.session.retryAt ?? 0) - bench.now);
      bench.pass(pauses.at(-1) ?? 0);
      bench.ended(bench.last, false);
    }
    expect(pauses).toEqual([100, 200, 400, 800, 1000, 1000, 1000, 1000]);
    bench.now += 600_000;
    bench.session.tick(bench.now);
    bench.ended(bench.last, false);
    expect((bench.session.retryAt ?? 0) - bench.now).toBeGreaterThan(9000);
  });

  it('[SN-12] report whether they were of use', () => {
    const bench = ClientBench.attached();
    bench.ended(bench.last, false);
    bench.pass(100);
    bench.opened(bench.last);
    bench.record(bench.last, { t: 'attached', first: 1, ...counts() });
    bench.message(bench.last, 'a');
    bench.ended(bench.last, false);
    expect(bench.events.filter((event) => event.startsWith('failed'))).toEqual([
      'failed websocket',
      'failed websocket useful',
    ]);
  });

  it('[SN-10] a new link attaches at once where the old one is dead', () => {
    const bench = ClientBench.attached();
    bench.ended(bench.last, false);
    bench.pass(100);
    bench.opened(bench.last);
    expect(bench.last.written).toMatchObject([{ t: 'attach', n: 2 }]);
  });

  it('[SN-7] what a lost two-way link carried is written again from the last received', () => {
    const bench = ClientBench.attached();
    bench.send('a', 'b', 'c');
    bench.record(bench.last, { t: 'ack', ...counts({ received: 1, sum: sumOf('a') }) });
    bench.ended(bench.last, false);
    bench.pass(100);
    bench.opened(bench.last);
    bench.record(bench.last, { t: 'attached', first: 1, ...counts({ received: 2, sum: sumOf('a', 'b') }) });
    expect(bench.last.written.slice(1)).toEqual([{ t: 'from', first: 3 }, 'c']);
  });

  it('[SN-15] a link silent for a heartbeat and a half is dead', () => {
    const bench = ClientBench.attached();
    const { last } = bench;
    bench.pass(22_499);
    expect(last.ending).toBeNull();
    bench.pass(1);
    expect(last.ending).toBe('silent');
  });

  it('[SN-15] a link whose head does not come is given up, a little later each time', () => {
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

describe('doubt', () => {
  it('[SN-15] asks after what is not stated as received, then proves a second link beside the first', () => {
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

  it('[SN-15] is over when the first link is heard', () => {
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

  it('[SN-15] waking asks at once, and proves a second link where there is no answer', () => {
    const bench = ClientBench.attached();
    bench.session.wake(bench.now);
    expect(bench.last.written).toMatchObject([{ t: 'ping' }]);
    bench.pass(400);
    expect(bench.carriers).toHaveLength(2);
  });

  it('[SN-15] waking on a stream connects a second one', () => {
    const bench = ClientBench.attached(stream);
    const before = bench.carriers.length;
    bench.session.wake(bench.now);
    expect(bench.carriers).toHaveLength(before + 1);
    expect(bench.last.head).toMatchObject({ t: 'attach', n: 2 });
  });

  it('[SN-15] waking without a link connects at once', () => {
    const bench = ClientBench.attached(duplex);
    bench.ended(bench.last, false);
    const before = bench.carriers.length;
    bench.session.wake(bench.now);
    expect(bench.carriers).toHaveLength(before + 1);
  });

  it('[SN-15] hiding tells the server and waits for the longer heartbeat', () => {
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
