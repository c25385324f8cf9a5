import { describe, expect, it } from 'vitest';
import { sessionLimits } from '../limits.js';
import { ClientBench, duplex, poll } from './test-kit/client-bench.js';
import { counts } from './test-kit/server-bench.js';

// Tests a client whose `open` is answered with `refused`. With the codes `busy` and `closing` it retries; all other
// codes are final. `ClientBench` is one client session with a manual clock; the test plays the server and the network.

describe('a client whose open is refused temporarily', () => {
  it.each([
    ['busy', duplex],
    ['closing', duplex],
    ['busy', poll],
    ['closing', poll],
  ])('[SN-43.2] a client refused with `%s` opens again after the stated time and jitter (%o)', (code, transport) => {
    const bench = new ClientBench(transport);
    bench.send('waiting');
    bench.session.start(0);
    bench.now += 10;
    bench.record(bench.last, { t: 'refused', code, retryAfterMs: 3_000 });
    expect([bench.last.ending, bench.verdict]).toEqual([code, undefined]);
    // The bench uses the maximum jitter.
    bench.pass(5_999);
    expect(bench.carriers).toHaveLength(1);
    bench.pass(1);
    expect(bench.carriers).toHaveLength(2);
    if (transport === duplex) bench.opened(bench.last);
    bench.record(bench.last, { t: 'opened', id: 'id 1', received: 0, limits: sessionLimits });
    bench.record(bench.last, { t: 'attached', first: 1, ...counts() });
    expect([bench.session.id, bench.session.manager.links.attached, bench.verdict]).toEqual(['id 1', true, undefined]);
  });

  it('[SN-43.5] a temporary refusal is not attributed to the transport, and the next open requests a token again', () => {
    const bench = new ClientBench();
    bench.session.start(0);
    bench.record(bench.last, { t: 'refused', code: 'busy' });
    expect(bench.events).toEqual(['failed websocket proven']);
  });

  it('[SN-43.3] a client waits two seconds and jitter if the refusal states no time, and at most a minute', () => {
    const bench = new ClientBench();
    bench.session.start(0);
    bench.record(bench.last, { t: 'refused', code: 'busy' });
    expect(bench.session.manager.retryAt).toBe(4_000);
    bench.pass(4_000);
    bench.record(bench.last, { t: 'refused', code: 'busy', retryAfterMs: 86_400_000 });
    expect(bench.session.manager.retryAt).toBe(124_000);
  });

  it('[SN-43.4] a client retries less often while a server refuses for many minutes', () => {
    const bench = new ClientBench();
    bench.session.start(0);
    for (let times = 0; times < 200; times += 1) {
      bench.record(bench.last, { t: 'refused', code: 'busy', retryAfterMs: 1_000 });
      bench.pass((bench.session.manager.retryAt as number) - bench.now);
    }
    bench.record(bench.last, { t: 'refused', code: 'busy', retryAfterMs: 1_000 });
    expect((bench.session.manager.retryAt as number) - bench.now).toBeGreaterThan(10_000);
  });

  it('[SN-43.6] a refused client keeps the session that another carrier has opened meanwhile', () => {
    const bench = new ClientBench();
    bench.session.start(0);
    bench.session.race(poll, 1);
    const [socket, post] = bench.carriers as [(typeof bench.carriers)[number], (typeof bench.carriers)[number]];
    bench.record(post, { t: 'opened', id: 'id 1', received: 0, limits: sessionLimits });
    const attach = bench.last;
    bench.record(socket, { t: 'refused', code: 'busy' });
    expect(socket.ending).toBe('busy');
    bench.record(attach, { t: 'attached', first: 1, ...counts() });
    expect([bench.verdict, bench.session.manager.links.attached, bench.session.id]).toEqual([undefined, true, 'id 1']);
  });

  it.each(['unauthorized', 'wire_version', 'of_the_application'])(
    'a session refused with `%s`, which is final, ends',
    (code) => {
      const bench = new ClientBench();
      bench.session.start(0);
      bench.record(bench.last, { t: 'refused', code, retryAfterMs: 10 });
      expect(bench.verdict).toMatchObject({ clean: false, code });
    },
  );
});
