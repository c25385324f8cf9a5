import { describe, expect, it } from 'vitest';
import { type RecordedLink, ServerBench } from './test-kit/server-bench.js';

// Tests an `open` in the handshake of a WebSocket: it opens the session and attaches the link in one round trip.
// `ServerBench` is one server node with a manual clock; the test plays the client.

/** Opens a session on a two-way link that is attached by its `open`. */
function openAttached(bench: ServerBench, instance = 1, io: RecordedLink = bench.link()): RecordedLink {
  bench.open('n', [], io, instance);
  return io;
}

/** The names of the records, and the texts of the messages, that the server wrote since the last call. */
const names = (io: RecordedLink): unknown[] => io.take().map((item) => (typeof item === 'string' ? item : item.t));

describe('an `open` that attaches its link', () => {
  it('[SN-40.2] [SN-40.5] an `open` that attaches its link gets both answers and is confirmed by the client’s `from`', () => {
    const bench = new ServerBench();
    const io = openAttached(bench);
    expect(names(io)).toEqual(['opened', 'attached']);
    expect(bench.session.delivery.isConfirmed).toBe(false);
    expect(bench.events).toEqual(['transport duplex']);
    bench.record(io, { t: 'from', first: 1 });
    expect(bench.events).toContain('confirmed');
    bench.message(io, 'a');
    bench.send('b');
    expect(bench.delivered).toEqual(['a']);
    expect(io.take()).toEqual(['b']);
  });

  it('[SN-14.6] [SN-40.5] an unconfirmed session attached by its `open` ends without effect and says so on the link', () => {
    const bench = new ServerBench();
    const io = openAttached(bench);
    io.take();
    bench.pass(10_000);
    expect(io.take()).toMatchObject([{ t: 'closed', code: 'unconfirmed' }]);
    expect(bench.events).not.toContain('confirmed');
  });

  it('[SN-40.6] a session attached by its `open` writes only records before it is confirmed', () => {
    const bench = new ServerBench();
    const io = openAttached(bench);
    io.take();
    bench.send('held back');
    expect(io.take()).toEqual([]);
    bench.record(io, { t: 'from', first: 1 });
    expect(io.take()).toEqual(['held back']);
  });

  it('[SN-9.5] [SN-40.3] an `open` repeated by a proxy replaces the first link, and the client attaches again', () => {
    const bench = new ServerBench();
    const first = openAttached(bench);
    bench.record(first, { t: 'from', first: 1 });
    bench.message(first, 'a');
    first.take();
    const second = openAttached(bench);
    expect(names(second)).toEqual(['opened', 'attached']);
    expect(first.take()).toEqual([{ t: 'superseded', n: 1, same: true }]);
    bench.attach(2, { sent: 1 }, first);
    expect(names(second)).toEqual(['superseded']);
    bench.message(first, 'b');
    expect(bench.delivered).toEqual(['a', 'b']);
  });

  it('[SN-40.3] [SN-40.4] an `open` does not attach its link if another carrier was faster or the instance differs', () => {
    const bench = new ServerBench();
    const first = openAttached(bench);
    bench.record(first, { t: 'from', first: 1 });
    expect(names(openAttached(bench, 2))).toEqual(['opened']);
    bench.attach(2, {}, bench.link('stream'));
    expect(names(openAttached(bench))).toEqual(['opened']);
  });

  it('[SN-14.2] an `open` by POST attaches no link', () => {
    const bench = new ServerBench();
    const io = openAttached(bench, 1, bench.link('post'));
    expect(names(io)).toEqual(['opened']);
    expect([io.ending, bench.session.links.top]).toEqual(['done', 0]);
  });

  it('[SN-15.5] [SN-40.2] the silence of a link attached by its `open` counts from the opening on', () => {
    const bench = new ServerBench();
    bench.now = 1_000_000;
    const io = openAttached(bench);
    bench.pass(100);
    expect(io.ending).toBeNull();
  });
});
