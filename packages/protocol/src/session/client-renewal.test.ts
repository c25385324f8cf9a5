import { describe, expect, it } from 'vitest';
import { ClientBench, duplex, poll } from './test-kit/client-bench.js';
import { counts } from './test-kit/server-bench.js';

// Tests how a client sends a new token that the server requests, and takes over a new session id (rotation).
// `ClientBench` is one client session with a manual clock; the test plays the server and the network.

describe('a client whose token is requested', () => {
  it('[SN-21.3] a client sends a requested token on its two-way link', () => {
    const bench = ClientBench.attached();
    bench.record(bench.last, { t: 'auth' });
    expect(bench.events).toContain('renew');
    bench.session.renew('new', bench.now);
    expect(bench.last.written).toEqual([{ t: 'auth', token: 'new' }]);
  });

  it('[SN-21.3] a client without a two-way link sends a requested token in one body', () => {
    const bench = ClientBench.attached(poll);
    bench.session.renew('new', bench.now);
    expect(bench.last.head).toMatchObject({ t: 'body', token: 'new', count: 0 });
    bench.record(bench.last, { t: 'answer', ...counts() });
    bench.send('up');
    expect(bench.last.head).toMatchObject({ t: 'body', count: 1 });
    expect(bench.last.head).not.toHaveProperty('token');
  });
});

describe('a client with a rotated id', () => {
  it('[SN-20.6] a client uses a new id from the next carrier on', () => {
    const bench = ClientBench.attached();
    const [first] = bench.carriers;
    bench.record(bench.last, { t: 'rotate', id: 'id 2' });
    bench.ended(first as (typeof bench.carriers)[number], false);
    bench.pass(100);
    expect(bench.last.link.transport).toBe(duplex);
    expect(bench.last.head).toMatchObject({ t: 'attach', id: 'id 2' });
  });

  it('[SN-20.6] a client ignores an older id that arrives late by the previous link (seed 1140)', () => {
    const bench = ClientBench.attached();
    const [first] = bench.carriers as [(typeof bench.carriers)[number]];
    bench.session.switchTo(poll, bench.now);
    const second = bench.last;
    bench.record(second, { t: 'attached', first: 1, ...counts() });
    bench.record(second, { t: 'rotate', id: 'id 3' });
    bench.record(first, { t: 'rotate', id: 'id 2' });
    expect(bench.session.id).toBe('id 3');
  });
});
