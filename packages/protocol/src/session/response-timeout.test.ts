import { describe, expect, it } from 'vitest';
import { ResponseTimeout } from './response-timeout.js';
import { ClientBench, duplex, poll, stream } from './test-kit/client-bench.js';
import { counts, sumOf } from './test-kit/server-bench.js';

// Tests `ResponseTimeout`, which finds that a server does not answer, and a session that reports this as `silentSince`.
// `ClientBench` is one client session with a manual clock; the test plays the server and the network.

describe('an awaited answer', () => {
  it('an answer is overdue after two seconds, or after the timeout of a slow path', () => {
    const answer = new ResponseTimeout();
    // Asked at 1,000 ms, on a path whose timeout is 500 ms.
    answer.ask(1_000, 500);
    expect([answer.lookAt, answer.look(2_999), answer.look(3_000), answer.overdueSince]).toEqual([
      3_000,
      false,
      true,
      1_000,
    ]);
    expect(answer.heard()).toBe(true);
    answer.ask(5_000, 4_000);
    expect([answer.lookAt, answer.look(8_999), answer.look(9_000)]).toEqual([9_000, false, true]);
  });

  it('an answer is awaited since the first request, regardless of later ones', () => {
    const answer = new ResponseTimeout();
    answer.ask(1_000, 500);
    answer.ask(2_500, 500);
    expect([answer.look(3_000), answer.look(3_001), answer.overdueSince, answer.lookAt]).toEqual([
      true,
      false,
      1_000,
      Number.POSITIVE_INFINITY,
    ]);
  });

  it('an answer in time was never overdue', () => {
    const answer = new ResponseTimeout();
    answer.ask(1_000, 500);
    expect([answer.heard(), answer.look(9_000), answer.overdueSince]).toEqual([false, false, null]);
  });
});

describe('a session without answers', () => {
  it.each([duplex, stream, poll])(
    '[SN-15.18] a session without answers on $name reports since when and keeps its links',
    (transport) => {
      const bench = ClientBench.attached(transport);
      bench.pass(1_000);
      const askedAt = bench.now;
      bench.session.wake(bench.now);
      bench.pass(1_999);
      expect([bench.session.manager.silentSince, bench.session.manager.links.attached]).toEqual([null, true]);
      const changes = bench.events.length;
      bench.pass(1);
      expect([bench.session.manager.silentSince, bench.session.manager.links.attached]).toEqual([askedAt, true]);
      expect(bench.events.slice(changes)).toEqual([`attached ${transport.name}`]);
    },
  );

  it('[SN-15.18] data on any link ends the silence', () => {
    const bench = ClientBench.attached(duplex);
    const [first] = bench.carriers;
    bench.session.wake(bench.now);
    bench.pass(3_000);
    expect(bench.session.manager.silentSince).not.toBeNull();
    bench.message(first as typeof bench.last, 'a');
    expect(bench.session.manager.silentSince).toBeNull();
    bench.pass(5_000);
    expect(bench.session.manager.silentSince).toBeNull();
  });

  it('[SN-15.18] a second link that opens without an answer, as a channel of a dead WebSocket does, ends no silence', () => {
    const bench = ClientBench.attached(duplex);
    bench.pass(1_000);
    const askedAt = bench.now;
    bench.session.wake(bench.now);
    while (bench.carriers.length === 1) bench.pass(100);
    bench.opened(bench.last, false);
    bench.pass(askedAt + 2_000 - bench.now);
    expect(bench.session.manager.silentSince).toBe(askedAt);
  });

  it('[SN-15.18] an unanswered message makes a session silent, and an answered one does not', () => {
    const bench = ClientBench.attached(stream);
    bench.send('a');
    bench.record(bench.last, { t: 'answer', ...counts({ received: 1, sum: sumOf('a') }) });
    bench.pass(3_000);
    expect(bench.session.manager.silentSince).toBeNull();
    bench.send('b');
    bench.ended(bench.last, false);
    bench.pass(2_000);
    expect(bench.session.manager.silentSince).not.toBeNull();
  });
});
