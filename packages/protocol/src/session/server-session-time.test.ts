import { describe, expect, it } from 'vitest';
import { messageFromText } from '../message.js';
import { counts, ServerBench } from './test-kit/server-bench.js';

// Tests heartbeats, timeouts and the opening of sessions on the server. `ServerBench` is one server node with a manual
// clock; the test plays the client.

/** A bench with an open session and a two-way link attached to it. */
function attached(options = {}) {
  const bench = new ServerBench(options);
  bench.open();
  const io = bench.attach();
  io.take();
  return { bench, io };
}

describe('heartbeats', () => {
  it('[SN-15.1] the server pings every 15 s, with the number of its last message on that link', () => {
    const { bench, io } = attached();
    bench.send('a');
    io.take();
    bench.pass(14_999);
    expect(io.take()).toEqual([]);
    bench.pass(1);
    expect(io.take()).toEqual([{ t: 'ping', at: 1, ...counts({ sent: 1 }) }]);
  });

  it('[SN-15.1] [SN-15.2] the server pings a hidden client every 45 s, and at the short interval when it is shown again', () => {
    const { bench, io } = attached();
    const answer = (): void => bench.record(io, { t: 'ack', ...counts() });
    bench.record(io, { t: 'hidden', hidden: true });
    bench.pass(15_000);
    expect(io.take()).toMatchObject([{ t: 'ping' }]);
    answer();
    bench.pass(44_999);
    expect(io.take()).toEqual([]);
    bench.pass(1);
    expect(io.take()).toMatchObject([{ t: 'ping' }]);
    bench.record(io, { t: 'hidden', hidden: false });
    bench.pass(15_000);
    expect(io.take()).toMatchObject([{ t: 'ping' }]);
  });

  it('[SN-15.5] a link silent for a heartbeat and a half is dead', () => {
    const { bench, io } = attached();
    bench.pass(22_499);
    expect(io.ending).toBeNull();
    bench.pass(1);
    expect(io.ending).toBe('silent');
    expect(bench.events.at(-1)).toBe('transport null');
    expect(bench.session.done).toBeNull();
  });

  it('[SN-15.6] a stream lives as long as its client posts', () => {
    const { bench } = attached();
    const stream = bench.attach(2, {}, bench.link('stream'));
    for (let k = 0; k < 4; k += 1) {
      bench.pass(15_000);
      bench.body(1, []);
    }
    expect(stream.ending).toBeNull();
    bench.pass(22_500);
    expect(stream.ending).toBe('silent');
  });

  it('[SN-15.7] a parked poll is answered after one heartbeat at the latest', () => {
    const { bench } = attached();
    const poll = bench.attach(2, {}, bench.link('poll'));
    bench.pass(13_499);
    expect(poll.ending).toBeNull();
    bench.pass(1_501);
    expect(poll.take()).toEqual([{ t: 'attached', first: 1, ...counts() }]);
    expect(poll.ending).toBe('done');
  });

  it('[SN-10.4] a poll that requests it is answered immediately', () => {
    const { bench } = attached();
    const poll = bench.attach(2, { prompt: true }, bench.link('poll'));
    expect(poll.ending).toBe('done');
  });

  it('[SN-5.12] a pong with another number than was read ends the session with lost', () => {
    const { bench, io } = attached();
    bench.record(io, { t: 'from', first: 1 });
    bench.message(io, 'one');
    bench.record(io, { t: 'pong', at: 2, ...counts() });
    expect(bench.session.done?.code).toBe('lost');
  });

  it('[SN-15.12] a ping of the client is answered', () => {
    const { bench, io } = attached();
    bench.record(io, { t: 'ping', at: 0, ...counts() });
    expect(io.take()).toEqual([{ t: 'pong', at: 0, ...counts() }]);
  });

  it('[SN-15.21] a session lives 90 s without any carrier, then ends with expired', () => {
    const { bench, io } = attached();
    io.link.ended(bench.now);
    bench.send('a');
    bench.pass(89_999);
    expect(bench.session.done).toBeNull();
    bench.pass(1);
    expect(bench.events.at(-1)).toEqual({ clean: false, code: 'expired', acknowledged: 0, sent: 1, unknown: 1 });
  });
});

describe('opening', () => {
  it('[SN-14.1] [SN-14.3] the same nonce yields the same session, and opened states its id, limits and received', () => {
    const bench = new ServerBench();
    const first = bench.open('n', ['a']).take();
    expect(first).toEqual([{ t: 'opened', id: 'id 1', received: 1, limits: bench.registry.limits, features: 'typed' }]);
    expect(bench.open('n', ['a']).take()).toEqual(first);
    expect(bench.open('m').take()).toMatchObject([{ id: 'id 2' }]);
    expect(bench.registry.size).toBe(2);
  });

  it('[SN-14.5] early messages are held until another carrier arrives', () => {
    const bench = new ServerBench();
    bench.open('n', ['a', 'b']);
    expect(bench.delivered).toEqual([]);
    bench.attach();
    expect(bench.events).toEqual(['confirmed', 'begun', 'transport duplex']);
    expect(bench.delivered).toEqual(['a', 'b']);
  });

  it('[SN-14.5] a body confirms a session', () => {
    const bench = new ServerBench();
    bench.open('n', ['a']);
    bench.body(1, ['a', 'b']);
    expect(bench.delivered).toEqual(['a', 'b']);
  });

  it('[SN-14.4] an open with more than 16 messages or 16 kB is refused', () => {
    const bench = new ServerBench();
    expect(bench.open('n', new Array(17).fill('a')).ending).toBe('malformed');
    expect(bench.open('m', ['x'.repeat(16_385)]).ending).toBe('malformed');
    expect(bench.registry.size).toBe(0);
  });

  it('[SN-3] repeated opens hold no more messages than one open may carry', () => {
    const bench = new ServerBench();
    bench.open('n', new Array(16).fill('a'));
    const io = bench.link('post');
    const record = { t: 'open', version: 2, nonce: 'n', first: 17, count: 1 } as const;
    bench.registry.open(
      io.link,
      record,
      [messageFromText('b')],
      () => {
        throw new Error('the session is known');
      },
      0,
    );
    expect(io.take()).toMatchObject([{ t: 'opened', received: 16 }]);
    expect(bench.session.delivery.held).toHaveLength(16);
  });

  it('[SN-14.14] early messages are delivered immediately if handlers tolerate repetition', () => {
    const bench = new ServerBench({ earlyAtOnce: true });
    bench.open('n', ['a', 'b']);
    expect(bench.events).toEqual(['begun']);
    expect(bench.delivered).toEqual(['a', 'b']);
    bench.attach();
    expect(bench.events).toEqual(['begun', 'confirmed', 'transport duplex']);
    expect(bench.delivered).toEqual(['a', 'b']);
  });

  it('[SN-14.15] messages handled before the confirmation are acknowledged only after it', () => {
    const bench = new ServerBench({ earlyAtOnce: true });
    const link = bench.link();
    const texts = Array.from({ length: 16 }, (_, k) => `m ${k}`);
    bench.open('n', texts);
    bench.settle();
    bench.registry.open(link.link, { t: 'open', nonce: 'n', instance: 1 }, [], () => expect.fail(), bench.now);
    expect(link.take().at(-1)).toMatchObject({ t: 'attached', ack: 0, received: 16 });
    bench.pass(1000);
    bench.settle();
    expect(link.take()).toEqual([]);
    bench.record(link, { t: 'from', first: 17 });
    bench.record(link, { t: 'ping', at: 16, ...counts() });
    expect(link.take().at(-1)).toMatchObject({ t: 'pong', ack: 16 });
  });

  it('[SN-14.14] a session without messages is not reported before it is confirmed', () => {
    const bench = new ServerBench({ earlyAtOnce: true });
    bench.open('n', []);
    expect(bench.events).toEqual([]);
    bench.attach();
    expect(bench.events).toEqual(['confirmed', 'begun', 'transport duplex']);
  });

  it('[SN-14.15] a reported session that is never confirmed ends', () => {
    const bench = new ServerBench({ earlyAtOnce: true });
    bench.open('n', ['a']);
    bench.pass(10_000);
    expect(bench.events).toMatchObject(['begun', { code: 'unconfirmed' }]);
  });

  it('[SN-14.14] an open is answered with the verdict if a handler ended the session', () => {
    const bench = new ServerBench({ earlyAtOnce: true });
    bench.onDelivered = (session) => session.fail('policy');
    expect(bench.open('n', ['a']).take()).toMatchObject([{ t: 'closed', code: 'policy' }]);
  });

  it('[SN-14.6] an unconfirmed session ends without effect after 10 s', () => {
    const bench = new ServerBench();
    bench.open('n', ['a']);
    bench.pass(10_000);
    expect(bench.delivered).toEqual([]);
    expect(bench.events).toMatchObject([{ code: 'unconfirmed' }]);
    expect(bench.attach().take()).toEqual([{ t: 'closed', clean: false, code: 'unconfirmed', ack: 0 }]);
  });
});
