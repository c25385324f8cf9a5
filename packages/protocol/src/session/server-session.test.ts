// Over 300 lines: attaching, reading, acknowledging and writing of one session, on one bench.
import { describe, expect, it } from 'vitest';
import { counts, ServerBench, sumOf } from './test-kit/server-bench.js';

// Tests the server's half of a session: attaching links, reading, acknowledging and writing messages. `ServerBench` is
// one server node with a manual clock; the test plays the client.

/** Small windows: at most 16 messages may be in flight upstream and 4 downstream. */
const small = {
  limits: { messageBytesMax: 8192, up: { messages: 16, bytes: 16_384 }, down: { messages: 4, bytes: 65_536 } },
};

/** A bench with an open session and a two-way link attached to it. */
function attached(options = {}) {
  const bench = new ServerBench(options);
  bench.open();
  const io = bench.attach();
  return { bench, io };
}

describe('attaching', () => {
  it('[SN-5.2] [SN-5.6] [SN-9.7] the head of a link states the number of its first message and the counts', () => {
    const { io } = attached();
    expect(io.take()).toEqual([{ t: 'attached', first: 1, ...counts() }]);
  });

  it('[SN-5.5] [SN-10.6] a new link continues after the messages that the client received and acknowledged', () => {
    const { bench } = attached();
    bench.send('a', 'b', 'c');
    const next = bench.attach(2, { ack: 1, received: 2, sum: sumOf('a', 'b') });
    expect(next.take()).toEqual([{ t: 'attached', first: 3, ...counts({ seen: 1, sent: 3 }) }, 'c']);
  });

  it('[SN-5.3] a link whose old attach states less begins after the acknowledged messages', () => {
    const { bench, io } = attached();
    bench.send('a', 'b');
    bench.record(io, { t: 'ack', ...counts({ ack: 2, received: 2, sum: sumOf('a', 'b') }) });
    expect(bench.attach(1).take()).toEqual([{ t: 'attached', first: 3, ...counts({ seen: 2, sent: 2 }) }]);
  });

  it('[SN-9.2] a lower attach ends with the higher number and whose it is', () => {
    const { bench } = attached();
    bench.attach(5);
    const late = bench.attach(3);
    expect(late.take()).toEqual([{ t: 'superseded', n: 5, same: true }]);
    expect(late.ending).toBe('superseded');
    expect(bench.attach(4, { instance: 2 }).take()).toEqual([{ t: 'superseded', n: 5, same: false }]);
  });

  it('[SN-9.5] an equal attach of the same instance replaces the first, even with old counts', () => {
    const { bench } = attached();
    const first = bench.attach(2, {}, bench.link('stream'));
    bench.send('a');
    bench.record(bench.link('post'), {
      t: 'body',
      ...{ id: 'id 1', n: 1, instance: 1 },
      first: 1,
      count: 0,
      ...counts({ ack: 0, received: 1, sum: sumOf('a') }),
    });
    const again = bench.attach(2, {}, bench.link('stream'));
    expect(again.take()).toEqual([{ t: 'attached', first: 1, ...counts({ sent: 1 }) }, 'a']);
    expect(first.take().at(-1)).toEqual({ t: 'superseded', n: 2, same: true });
    expect(first.ending).toBe('superseded');
  });

  it('[R6] [SN-9.6] an equal attach of another instance, a duplicated tab, ends', () => {
    const { bench } = attached();
    expect(bench.attach(1, { instance: 2 }).take()).toEqual([{ t: 'superseded', n: 1, same: false }]);
  });

  it('[SN-9.2] the older tab is superseded for good when another instance attaches higher', () => {
    const { bench, io } = attached();
    io.take();
    bench.attach(2, { instance: 2 });
    expect(io.take()).toEqual([{ t: 'superseded', n: 2, same: false }]);
  });

  it('[SN-10.6] [SN-10.7] after a switch the server writes only to the new link and reads the old one for 2 s', () => {
    const { bench, io } = attached();
    bench.record(io, { t: 'from', first: 1 });
    const next = bench.attach(2);
    io.take();
    bench.send('down');
    bench.message(io, 'up');
    expect(next.take().at(-1)).toBe('down');
    expect(io.take()).toEqual([]);
    expect(bench.delivered).toEqual(['up']);
    bench.pass(1999);
    expect(io.ending).toBeNull();
    bench.pass(1);
    expect(io.ending).toBe('superseded');
    expect(next.ending).toBeNull();
  });

  it('[SN-3] [SN-10.7] at most four old links are still read', () => {
    const { bench, io } = attached();
    for (let n = 2; n <= 5; n += 1) bench.attach(n);
    expect(io.ending).toBeNull();
    bench.attach(6);
    expect(io.ending).toBe('superseded');
  });

  it('[SN-2.7] [SN-2.9] a malformed carrier ends its link, not the session', () => {
    const { bench, io } = attached();
    const twice = bench.attach(2, { first: 1, count: 2 }, bench.link('poll'), ['one only']);
    expect(twice.ending).toBe('malformed');
    const onPost = bench.attach(3, {}, bench.link('post'));
    expect(onPost.ending).toBe('malformed');
    bench.send('still there');
    expect(io.take().at(-1)).toBe('still there');
  });
});

describe('reading', () => {
  it('[SN-2.1] [SN-2.2] a server drops repeated messages, takes the next, and ends a link with a gap', () => {
    const { bench, io } = attached();
    bench.record(io, { t: 'from', first: 1 });
    bench.message(io, 'one');
    bench.record(io, { t: 'from', first: 1 });
    bench.message(io, 'one');
    bench.message(io, 'two');
    expect(bench.delivered).toEqual(['one', 'two']);
    bench.record(io, { t: 'from', first: 4 });
    bench.message(io, 'four');
    expect(io.ending).toBe('gap');
    expect(bench.delivered).toEqual(['one', 'two']);
    expect(bench.session.done).toBeNull();
  });

  it('[SN-2.8] a message whose number is not known yet is not taken', () => {
    const { bench, io } = attached();
    bench.message(io, 'which?');
    expect(io.ending).toBe('malformed');
    expect(bench.delivered).toEqual([]);
  });

  it('[SN-5.4] messages on one link do not move the cursor of another', () => {
    const { bench, io } = attached();
    bench.record(io, { t: 'from', first: 1 });
    bench.body(1, ['one', 'two']);
    bench.message(io, 'one');
    bench.message(io, 'two');
    bench.message(io, 'three');
    expect(bench.delivered).toEqual(['one', 'two', 'three']);
  });

  it('[SN-7.4] [SN-2.3] [SN-2.4] new, repeated, overlapping, empty and gapped bodies are answered alike', () => {
    const { bench } = attached();
    const answer = (received: number, ...texts: string[]) => [
      { t: 'answer', ...counts({ received, sum: sumOf(...texts) }) },
    ];
    expect(bench.body(1, ['a', 'b']).take()).toEqual(answer(2, 'a', 'b'));
    expect(bench.body(1, ['a', 'b']).take()).toEqual(answer(2, 'a', 'b'));
    expect(bench.body(2, ['b', 'c']).take()).toEqual(answer(3, 'a', 'b', 'c'));
    expect(bench.body(4, []).take()).toEqual(answer(3, 'a', 'b', 'c'));
    expect(bench.body(5, ['e']).take()).toEqual(answer(3, 'a', 'b', 'c'));
    expect(bench.delivered).toEqual(['a', 'b', 'c']);
  });

  it('[SN-15.14] the answer to a body states if no link is attached', () => {
    const { bench, io } = attached();
    bench.attach(2, {}, bench.link('poll'));
    expect(bench.body(1, []).take()).toEqual([{ t: 'answer', ...counts() }]);
    bench.send('a');
    const answer = { t: 'answer', ...counts({ sent: 1 }), attached: false };
    expect(bench.body(1, []).take()).toEqual([answer]);
    expect(io.take().at(-1)).toMatchObject({ t: 'superseded' });
    bench.attach(3, { received: 1, sum: sumOf('a') }, bench.link('stream'));
    expect(bench.body(1, [], { received: 1, sum: sumOf('a') }).take()).toEqual([
      { t: 'answer', ...counts({ sent: 1 }) },
    ]);
  });

  it('[SN-7.2] a poll with messages is answered immediately', () => {
    const { bench } = attached();
    const poll = bench.attach(2, { first: 1, count: 1 }, bench.link('poll'), ['a']);
    expect(poll.take()).toEqual([{ t: 'attached', first: 1, ...counts({ received: 1, sum: sumOf('a') }) }]);
    expect(poll.ending).toBe('done');
  });

  it('[SN-2.5] the counts of a carrier are checked before any of its messages is taken', () => {
    const { bench } = attached();
    const body = bench.body(1, ['a'], { received: 7 });
    expect(bench.delivered).toEqual([]);
    expect(body.take()).toEqual([{ t: 'closed', clean: false, code: 'lost', ack: 0 }]);
  });

  it('[SN-22.3] a client that writes beyond the window ends its session before delivery', () => {
    const { bench, io } = attached(small);
    bench.record(io, { t: 'from', first: 1 });
    for (let k = 1; k <= 16; k += 1) bench.message(io, `${k}`);
    expect(bench.session.done).toBeNull();
    bench.message(io, '17');
    expect(bench.session.done?.code).toBe('hostile');
    expect(bench.delivered).toHaveLength(16);
    expect(io.take().at(-1)).toEqual({ t: 'closed', clean: false, code: 'hostile', ack: 0 });
  });

  it('[SN-22.3] the window limits bytes too, but allows one message of any size', () => {
    const { bench, io } = attached(small);
    bench.record(io, { t: 'from', first: 1 });
    bench.message(io, 'x'.repeat(20_000));
    expect(bench.session.done).toBeNull();
    bench.message(io, 'y');
    expect(bench.session.done?.code).toBe('hostile');
  });
});

describe('acknowledging', () => {
  it('[SN-6.2] an acknowledgement is sent when a quarter of the window is settled and not acknowledged', () => {
    const { bench, io } = attached(small);
    bench.record(io, { t: 'from', first: 1 });
    io.take();
    for (const text of ['a', 'b', 'c', 'd']) bench.message(io, text);
    bench.settle(3);
    expect(io.take()).toEqual([]);
    bench.settle(1);
    expect(io.take()).toEqual([{ t: 'ack', ...counts({ ack: 4, received: 4, sum: sumOf('a', 'b', 'c', 'd') }) }]);
  });

  it('[SN-6.2] an acknowledgement is sent when a quarter of the window’s bytes is settled', () => {
    const { bench, io } = attached(small);
    bench.record(io, { t: 'from', first: 1 });
    io.take();
    const text = 'x'.repeat(4096);
    bench.message(io, text);
    bench.settle();
    expect(io.take()).toEqual([{ t: 'ack', ...counts({ ack: 1, received: 1, sum: sumOf(text) }) }]);
  });

  it('[SN-6.6] an acknowledgement that the client has not seen is sent again', () => {
    const { bench, io } = attached(small);
    bench.record(io, { t: 'from', first: 1 });
    for (const text of ['a', 'b', 'c', 'd']) bench.message(io, text);
    bench.settle();
    io.take();
    // The client writes its counts after the acknowledgement was sent and before it arrived.
    bench.record(io, { t: 'ack', ...counts({ seen: 0, sent: 4 }) });
    expect(io.take()).toEqual([{ t: 'ack', ...counts({ ack: 4, received: 4, sum: sumOf('a', 'b', 'c', 'd') }) }]);
    bench.record(io, { t: 'ack', ...counts({ seen: 4, sent: 4 }) });
    expect(io.take()).toEqual([]);
  });

  it('[SN-6.2] a held poll is answered with an acknowledgement that is due', () => {
    const { bench } = attached(small);
    const poll = bench.attach(2, {}, bench.link('poll'));
    bench.body(1, ['a', 'b', 'c', 'd']);
    bench.settle();
    expect(poll.take()).toEqual([
      { t: 'attached', first: 1, ...counts({ ack: 4, received: 4, sum: sumOf('a', 'b', 'c', 'd') }) },
    ]);
    expect(poll.ending).toBe('done');
  });

  it('[SN-6.5] an acknowledgement that a blind client could not read is repeated downstream within 50 ms', () => {
    const { bench, io } = attached();
    io.take();
    bench.body(1, ['a'], { blind: true });
    bench.settle();
    bench.pass(49);
    expect(io.take()).toEqual([]);
    bench.pass(1);
    expect(io.take()).toEqual([{ t: 'ack', ...counts({ ack: 1, received: 1, sum: sumOf('a') }) }]);
  });

  it('[SN-6.5] a blind body ends a held poll within 50 ms', () => {
    const { bench } = attached();
    const poll = bench.attach(2, {}, bench.link('poll'));
    bench.body(1, ['a'], { blind: true });
    bench.pass(50);
    expect(poll.take()).toEqual([{ t: 'attached', first: 1, ...counts({ received: 1, sum: sumOf('a') }) }]);
  });
});

describe('writing', () => {
  it('[SN-22.2] a server writes at most one window beyond the acknowledged messages', () => {
    const { bench, io } = attached(small);
    io.take();
    bench.send('a', 'b', 'c', 'd', 'e', 'f');
    expect(io.take()).toEqual(['a', 'b', 'c', 'd']);
    bench.record(io, { t: 'ack', ...counts({ ack: 1, received: 4, sum: sumOf('a', 'b', 'c', 'd') }) });
    expect(io.take()).toEqual(['e']);
  });

  it('[SN-22.4] a poll is answered with one batch, and the rest is kept for the next', () => {
    const { bench } = attached({ limits: { batchMessagesMax: 2 } });
    bench.attach(2, {}, bench.link('poll'));
    bench.send('a');
    bench.send('b', 'c');
    const poll = bench.attach(3, { received: 1, sum: sumOf('a') }, bench.link('poll'));
    expect(poll.take()).toEqual([{ t: 'attached', first: 2, ...counts({ sent: 1 }) }, 'b', 'c']);
    expect(bench.session.transport).toBeNull();
  });

  it('[SN-23.6] a reset is sent once per link, and again after a lost link', () => {
    const { bench, io } = attached();
    io.take();
    bench.session.reset('news');
    bench.flush();
    expect(io.take()).toEqual([{ t: 'reset', topic: 'news', no: 1 }]);
    expect(bench.attach(2).take().slice(1)).toEqual([{ t: 'reset', topic: 'news', no: 1 }]);
    expect(bench.attach(3, { resets: 1 }).take().slice(1)).toEqual([]);
  });
});
