import { describe, expect, it } from 'vitest';
import { counts, ServerBench, sumOf } from './test-kit/server-bench.js';

// Tests how a server session ends. A close is clean if each end has acknowledged the last message (`last`) of the
// other; the verdict states how the session ended. `ServerBench` is one server node with a manual clock; the test plays
// the client.

/** A bench with an open session and a two-way link attached to it. */
function attached(options = {}) {
  const bench = new ServerBench(options);
  bench.open();
  const io = bench.attach();
  io.take();
  return { bench, io };
}

describe('closing', () => {
  it('[SN-4.6] a close is clean when each end has acknowledged the other’s last', () => {
    const { bench, io } = attached();
    bench.record(io, { t: 'from', first: 1 });
    bench.message(io, 'up');
    bench.send('down');
    io.take();
    bench.session.close();
    bench.flush();
    const sum = sumOf('up');
    const lastSum = sumOf('down');
    expect(io.take()).toEqual([{ t: 'ack', ...counts({ received: 1, sent: 1, sum, last: 1, lastSum }) }]);
    bench.record(io, { t: 'ack', ...counts({ ack: 1, received: 1, sent: 1, sum: sumOf('down'), last: 1 }) });
    expect(bench.session.done).toBeNull();
    bench.settle();
    expect(io.take()).toEqual([{ t: 'closed', clean: true, code: 'closed', ack: 1 }]);
    expect(io.ending).toBe('closed');
    expect(bench.events.at(-1)).toEqual({ clean: true, code: 'closed', acknowledged: 1, sent: 1, unknown: 0 });
  });

  it('[SN-4.5] a close is lost if the number of messages matches but the messages do not', () => {
    const { bench, io } = attached();
    bench.record(io, { t: 'from', first: 1 });
    // The first message never arrived, and the client continues from its own count by a body.
    bench.message(io, 'two');
    bench.body(2, ['two'], { last: 2, lastSum: sumOf('one', 'two') });
    expect(bench.session.done).toBeNull();
    bench.settle();
    expect(bench.session.done).toMatchObject({ clean: false, code: 'lost' });
    expect(io.take().at(-1)).toMatchObject({ t: 'closed', clean: false, code: 'lost' });
  });

  it('[SN-4.5] a close compares checksums only when all messages arrived, and only if the client states one', () => {
    const { bench, io } = attached();
    bench.record(io, { t: 'from', first: 1 });
    bench.body(1, ['one'], { last: 2, lastSum: sumOf('one', 'two') });
    bench.settle();
    expect(bench.session.done).toBeNull();
    bench.body(2, ['two'], { last: 2 });
    bench.settle();
    expect(bench.session.done).toMatchObject({ clean: true, code: 'closed' });
  });

  it('[SN-4.16] a message after the client’s last ends the session with lost', () => {
    const { bench, io } = attached();
    bench.record(io, { t: 'from', first: 1 });
    bench.record(io, { t: 'ack', ...counts({ last: 1 }) });
    bench.message(io, 'one');
    expect(bench.session.done).toBeNull();
    bench.message(io, 'two');
    expect(bench.session.done).toMatchObject({ clean: false, code: 'lost' });
  });

  it('[SN-4.2] [SN-4.3] a server accepts no message while closing, and closes when the client closes', () => {
    const { bench, io } = attached();
    bench.record(io, { t: 'ack', ...counts({ last: 0 }) });
    expect(bench.session.done).toMatchObject({ clean: true, code: 'closed' });
  });

  it('[SN-4.12] a close without an answer reports the unknown messages after 8 s', () => {
    const { bench } = attached();
    bench.send('a', 'b');
    bench.session.close();
    bench.flush();
    bench.pass(7999);
    expect(bench.session.done).toBeNull();
    bench.pass(1);
    expect(bench.events.at(-1)).toEqual({ clean: false, code: 'timeout', acknowledged: 0, sent: 2, unknown: 2 });
  });

  it('[SN-4.7] [TR-9.4] [SN-14.8] a server answers every carrier with the verdict for 60 s, then forgets the session', () => {
    const { bench } = attached();
    bench.session.fail('revoked');
    const verdict = { t: 'closed', clean: false, code: 'revoked', ack: 0 };
    expect(bench.body(1, ['a']).take()).toEqual([verdict]);
    expect(bench.attach(9).take()).toEqual([verdict]);
    expect(bench.open().take()).toEqual([verdict]);
    bench.now = 59_999;
    bench.registry.tick(bench.now);
    expect(bench.attach(9).take()).toEqual([verdict]);
    bench.now = 60_000;
    bench.registry.tick(bench.now);
    expect(bench.attach(9).take()).toEqual([{ t: 'refused', code: 'unknown' }]);
    expect(bench.open().take()).toMatchObject([{ t: 'opened', id: 'id 2' }]);
  });

  it('[SN-4.14] a session ends with the code of the client’s failure', () => {
    const { bench, io } = attached();
    const post = bench.link('post');
    bench.record(post, { t: 'fail', id: 'id 1', code: 'lost', ack: 0 });
    expect(bench.session.done).toMatchObject({ clean: false, code: 'lost' });
    expect(post.take()).toEqual([{ t: 'closed', clean: false, code: 'lost', ack: 0 }]);
    expect(io.ending).toBe('closed');
  });

  it('[SN-4.4] a last that changes or is below the received ends the session with lost', () => {
    const one = attached();
    one.bench.body(1, ['a'], { last: 0 });
    expect(one.bench.session.done?.code).toBe('lost');
    const two = attached();
    two.bench.send('x');
    two.bench.record(two.io, { t: 'ack', ...counts({ last: 3 }) });
    two.bench.record(two.io, { t: 'ack', ...counts({ last: 4 }) });
    expect(two.bench.session.done?.code).toBe('lost');
  });

  it('[SN-4.17] [TR-14.6] a closing session answers its polls within 50 ms', () => {
    const { bench } = attached();
    bench.send('a');
    bench.attach(2, {}, bench.link('poll'));
    bench.session.close();
    bench.flush();
    const poll = bench.attach(3, { received: 1, sum: sumOf('a'), last: 0 }, bench.link('poll'));
    bench.pass(50);
    expect(poll.take()).toEqual([{ t: 'attached', first: 2, ...counts({ sent: 1, last: 1, lastSum: sumOf('a') }) }]);
  });
});

describe('the end of a session', () => {
  it('[SN-4.1] the end of a session by its client is reported after the end of its link', () => {
    const { bench } = attached();
    bench.events.splice(0);
    bench.record(bench.link('post'), { t: 'fail', id: 'id 1', code: 'gone', ack: 0 });
    expect(bench.events).toMatchObject(['transport null', { clean: false, code: 'gone' }]);
  });

  it('[SN-4.1] the end of a session by its server is reported after the end of its link', () => {
    const { bench } = attached();
    bench.events.splice(0);
    bench.session.fail('internal');
    expect(bench.events).toMatchObject(['transport null', { clean: false, code: 'internal' }]);
  });
});
