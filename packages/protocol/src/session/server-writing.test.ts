import { describe, expect, it } from 'vitest';
import { counts, type RecordedLink, ServerBench, sumOf } from './test-kit/server-bench.js';

// Tests the output of a server session and the check of bodies (POSTs with messages). `ServerBench` is one server node
// with a manual clock; the test plays the client.

/** With these limits, an acknowledgement is due at 16,384 - 14,000 = 2,384 settled bytes. */
const small = { limits: { messageBytesMax: 14_000, up: { messages: 16, bytes: 16_384 } } };

/** An open session with a two-way link on which the client sends from number 1. */
function attached(options = {}): { readonly bench: ServerBench; readonly io: RecordedLink } {
  const bench = new ServerBench(options);
  bench.open();
  const io = bench.attach();
  bench.record(io, { t: 'from', first: 1 });
  io.take();
  return { bench, io };
}

describe('output of a server', () => {
  it('[SN-13.1] a stream begins with `attached`, without padding', () => {
    const { bench } = attached();
    const stream = bench.attach(2, {}, bench.link('stream'));
    expect(stream.take()).toEqual([{ t: 'attached', first: 1, ...counts() }]);
  });

  it('[SN-19.1] a record precedes the messages of the same write and has no number', () => {
    const { bench, io } = attached();
    bench.session.reset('news');
    bench.send('a', 'b');
    expect(io.take()).toEqual([{ t: 'reset', topic: 'news', no: 1 }, 'a', 'b']);
    bench.pass(15_000);
    expect(io.take()).toEqual([{ t: 'ping', at: 2, ...counts({ sent: 2 }) }]);
  });

  it('[SN-6.3] an acknowledgement is sent before the largest message has no room next to the settled ones', () => {
    const { bench, io } = attached(small);
    const [most, more] = ['x'.repeat(2_383), 'y'];
    bench.message(io, most);
    bench.settle();
    expect(io.take()).toEqual([]);
    bench.message(io, more);
    bench.settle();
    expect(io.take()).toEqual([{ t: 'ack', ...counts({ ack: 2, received: 2, sum: sumOf(most, more) }) }]);
  });

  it('[SN-6.4] each message settled while closing is acknowledged', () => {
    const { bench, io } = attached();
    bench.send('down');
    for (const text of ['a', 'b']) bench.message(io, text);
    bench.session.close();
    bench.flush();
    io.take();
    const closing = { received: 2, sent: 1, sum: sumOf('a', 'b'), last: 1, lastSum: sumOf('down') };
    bench.settle(1);
    expect(io.take()).toEqual([{ t: 'ack', ...counts({ ...closing, ack: 1 }) }]);
    bench.settle(1);
    expect(io.take()).toEqual([{ t: 'ack', ...counts({ ...closing, ack: 2 }) }]);
  });
});

describe('a body', () => {
  it.each([
    ['fewer messages than it states', ['a'], { count: 2 }],
    ['more messages than it states', ['a', 'b'], { count: 1 }],
    ['messages without a first number', ['a'], { first: 0 }],
  ])('[SN-2.9] [SN-7.3] a body with %s is not taken, not even in part', (_name, texts, stated) => {
    const { bench } = attached();
    const body = bench.body(1, texts, stated);
    expect([body.ending, body.take()]).toEqual(['malformed', []]);
    expect(bench.delivered).toEqual([]);
    expect(bench.body(1, ['a']).take()).toEqual([{ t: 'answer', ...counts({ received: 1, sum: sumOf('a') }) }]);
  });
});
