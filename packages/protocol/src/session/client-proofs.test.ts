import { describe, expect, it } from 'vitest';
import type { Transport } from './contract.js';
import { ClientBench, poll, stream } from './test-kit/client-bench.js';
import { counts, sumOf } from './test-kit/server-bench.js';

// Tests how a client proves a downstream link that may be dead: it connects a second link next to the doubtful one.
// `ClientBench` is one client session with a manual clock; the test plays the server and the network.

/** The server's answer to a body: its counts. */
const answer = (some = {}) => ({ t: 'answer', ...counts(some) }) as const;

describe('a down link that may be dead', () => {
  /** A session whose first body was lost and whose second one succeeded. Nothing has arrived downstream since. */
  function revived(transport: Transport): ClientBench {
    const bench = ClientBench.attached(transport);
    bench.send('a');
    const [body] = bench.carriers.slice(-1);
    bench.pass(1000);
    expect(body?.ending).toBe('silent');
    expect(bench.last).toMatchObject({ head: { t: 'body' }, texts: ['a'] });
    bench.record(bench.last, answer({ received: 1, sum: sumOf('a') }));
    return bench;
  }

  it.each([stream, poll])(
    '[SN-15.16] a doubtful down link is proven by a second $name link once a body succeeds again',
    (transport) => {
      const bench = revived(transport);
      expect(bench.last).toMatchObject({ head: { t: 'attach' } });
      expect(bench.last.link.transport).toBe(transport);
    },
  );

  it.each([stream, poll])(
    '[SN-15.16] a doubtful down link is proven again when the second $name link is lost too',
    (transport) => {
      const bench = revived(transport);
      // A body may ask in parallel (SN-13).
      const attaches = (): typeof bench.carriers => bench.carriers.filter(({ head }) => head?.t === 'attach');
      const latest = (): typeof bench.last => attaches().at(-1) as typeof bench.last;
      for (let proof = 0; proof < 3; proof += 1) {
        const last = latest();
        bench.pass(2000);
        expect(last.ending).toBe('silent');
        expect(latest()).not.toBe(last);
      }
      bench.record(latest(), { t: 'attached', first: 1, ...counts({ received: 1, sum: sumOf('a') }) });
      const before = attaches().length;
      bench.pass(5000);
      expect(attaches()).toHaveLength(before);
    },
  );

  /**
   * Sends a body `waitMs` after the downstream request was made, and returns the requests by which the client proves that
   * link after the answer.
   *
   * @param fields whether the answer states that the server has a downstream link
   */
  function proofsAfter(transport: Transport, waitMs: number, fields: { attached?: boolean }): ClientBench['carriers'] {
    const bench = ClientBench.attached(transport);
    const before = bench.carriers.length;
    bench.pass(waitMs);
    bench.send('a');
    bench.record(bench.last, { ...answer({ received: 1, sum: sumOf('a') }), ...fields });
    return bench.carriers.slice(before).filter(({ head }) => head?.t === 'attach');
  }

  it.each([stream, poll])(
    '[SN-15.15] a down link of $name is proven immediately if the server states that it has none',
    (transport) => {
      expect(proofsAfter(transport, 300, { attached: false })).toMatchObject([{ link: { transport }, ending: null }]);
    },
  );

  it('[SN-15.15] a down link that may still be in transit, or that the server has, is not proven', () => {
    expect(proofsAfter(poll, 200, { attached: false })).toEqual([]);
    expect(proofsAfter(poll, 300, { attached: true })).toEqual([]);
    expect(proofsAfter(poll, 300, {})).toEqual([]);
  });

  it('[SN-15.15] proofs are repeated one at a time while the server states that it has no down link', () => {
    const bench = ClientBench.attached(poll);
    bench.pass(300);
    bench.send('a');
    bench.record(bench.last, { ...answer({ received: 1, sum: sumOf('a') }), attached: false });
    const proof = bench.last;
    expect(proof.head).toMatchObject({ t: 'attach', prompt: true });
    bench.send('b');
    bench.record(bench.last, { ...answer({ received: 2, sum: sumOf('a', 'b') }), attached: false });
    expect(bench.carriers.at(-2)).toBe(proof);
    bench.pass(2000);
    expect(proof.ending).toBe('silent');
    expect(bench.last.head).toMatchObject({ t: 'attach', prompt: true });
  });
});
