import { describe, expect, it } from 'vitest';
import { sessionLimits } from '../limits.js';
import { ClientBench, stream } from './test-kit/client-bench.js';
import { counts } from './test-kit/server-bench.js';

// Tests a client that sends its first record (`open` or `attach`) in the handshake of a WebSocket, which saves a round
// trip. `ClientBench` is one client session with a manual clock; the test plays the server and the network. `head` is
// that record.

const opened = { t: 'opened', id: 'id 1', received: 0, limits: sessionLimits } as const;
const attached = (first: number, some = {}) => ({ t: 'attached', first, ...counts(some) }) as const;

describe('a client that uses the opening handshake', () => {
  it('[SN-40.2] a client opens in the handshake and sends as soon as it is attached', () => {
    const bench = new ClientBench();
    bench.token = 'secret';
    bench.send('a');
    bench.session.start(0);
    const open = { t: 'open', nonce: 'nonce 1', features: 'typed', token: 'secret', instance: 1 };
    expect(bench.last).toMatchObject({ head: open, texts: [] });
    bench.opened(bench.last);
    bench.record(bench.last, opened);
    bench.record(bench.last, attached(1));
    expect(bench.last.written).toEqual([{ t: 'from', first: 1 }, 'a']);
    expect(bench.events).toEqual(['attached websocket']);
  });

  it('[SN-40.7] a client without another link attaches in the handshake, with its counts at that moment', () => {
    const bench = ClientBench.attached();
    bench.message(bench.last, 'x');
    bench.settle();
    bench.ended(bench.last, false);
    bench.pass(100);
    expect(bench.last.head).toMatchObject({ t: 'attach', id: 'id 1', n: 2, instance: 1, ack: 1, received: 1 });
    bench.opened(bench.last);
    expect(bench.last.written).toEqual([]);
    bench.record(bench.last, attached(2, { sent: 1 }));
    expect(bench.last.written).toEqual([{ t: 'from', first: 1 }]);
  });

  it('[SN-40.8] if the server ignored the handshake’s record, the client attaches with a higher number', () => {
    const bench = ClientBench.attached();
    bench.ended(bench.last, false);
    bench.pass(100);
    expect(bench.last.head).toMatchObject({ t: 'attach', n: 2 });
    bench.opened(bench.last, false);
    expect(bench.last.written).toMatchObject([{ t: 'attach', n: 3 }]);
  });

  it('[SN-10.1] [SN-40.7] the handshake of a link to be probed carries no record', () => {
    const bench = ClientBench.attached(stream);
    bench.session.switchTo({ name: 'websocket', kind: 'duplex' }, bench.now);
    expect(bench.last.head).toBeUndefined();
  });

  it('[SN-40.9] every third handshake in a row without success carries no record', () => {
    const bench = new ClientBench();
    const heads: (string | undefined)[] = [];
    bench.session.start(0);
    for (let k = 0; k < 7; k += 1) {
      heads.push(bench.last.head?.t);
      bench.ended(bench.last, false);
      bench.pass(2000);
    }
    expect(heads).toEqual(['open', 'open', undefined, 'open', 'open', undefined, 'open']);
  });

  it('[SN-40.10] the first round trip is half of the connection time, which never raises it later', () => {
    const bench = new ClientBench();
    bench.session.start(0);
    bench.pass(80);
    bench.opened(bench.last);
    expect(bench.session.manager.roundTrip.ms).toBe(40);
    bench.record(bench.last, opened);
    bench.record(bench.last, attached(1));
    expect(bench.session.manager.roundTrip.ms).toBe(40);
    bench.ended(bench.last, false);
    bench.pass(100);
    bench.now += 500;
    bench.opened(bench.last);
    expect(bench.session.manager.roundTrip.ms).toBe(40);
  });

  it('[SN-40.10] the answer to a ping measures the round trip', () => {
    const bench = ClientBench.attached();
    bench.session.wake(bench.now);
    bench.pass(90);
    bench.record(bench.last, { t: 'pong', at: 0, ...counts() });
    expect(bench.session.manager.roundTrip.ms).toBe(50);
  });

  it('[SN-14.11] [SN-40.11] the winner of a race takes a number above the loser’s, which may still arrive', () => {
    const bench = ClientBench.attached();
    bench.ended(bench.last, false);
    bench.pass(100);
    const first = bench.last;
    bench.session.race(stream, bench.now);
    const second = bench.last;
    expect([first.head, second.head]).toMatchObject([{ n: 2 }, { n: 3 }]);
    bench.opened(first);
    bench.record(first, attached(1));
    expect(second.ending).toBe('done');
    expect(first.written).toMatchObject([
      { t: 'attach', n: 4 },
      { t: 'from', first: 1 },
    ]);
    // The loser reached the server before that.
    bench.record(first, { t: 'superseded', n: 3, same: true });
    bench.record(first, attached(1));
    bench.send('a');
    expect(first.ending).toBeNull();
    expect(first.written.slice(2)).toEqual(['a']);
    expect(bench.session.manager.links.attached).toBe(true);
  });

  it('[SN-14.12] [SN-40.2] a slower WebSocket that the server attached first takes over immediately', () => {
    const bench = new ClientBench();
    bench.session.start(0);
    bench.session.race(stream, 0);
    const [first, second] = bench.carriers;
    if (!first || !second) throw new Error('no race');
    bench.record(second, opened);
    const third = bench.last;
    expect(third.head).toMatchObject({ t: 'attach', n: 2 });
    bench.opened(first);
    bench.record(first, opened);
    bench.record(first, attached(1));
    expect(bench.session.manager.links.current).toBe(first.link);
    expect(first.written.slice(1)).toMatchObject([{ t: 'attach', n: 3 }, { t: 'from' }]);
  });

  it('[SN-19.4] a client with an empty token sends none', () => {
    const bench = new ClientBench();
    bench.token = '';
    bench.session.start(0);
    expect(JSON.stringify(bench.last.head)).not.toContain('token');
  });
});
