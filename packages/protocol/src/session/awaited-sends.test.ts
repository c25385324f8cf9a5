import { describe, expect, it } from 'vitest';
import { AwaitedSends, type Until } from './awaited-sends.js';

/** Records the outcome of each send, by number. */
function promise(...sends: readonly (readonly [number, Until])[]): { sends: AwaitedSends; outcomes: unknown[] } {
  const outcomes: unknown[] = [];
  const promised = new AwaitedSends();
  for (const [number, until] of sends) {
    promised.add({ number, until, done: (failure) => outcomes.push([number, until, failure?.code ?? 'kept']) });
  }
  return { sends: promised, outcomes };
}

describe('awaited sends', () => {
  it('[SN-30.2] an awaited send succeeds when it is received or settled, as requested', () => {
    const { sends, outcomes } = promise([1, 'peer'], [2, 'server'], [4, 'peer']);
    expect(sends.wanted).toBe(4);
    sends.counted(3, 0);
    expect(outcomes).toEqual([[2, 'server', 'kept']]);
    sends.counted(3, 1);
    sends.counted(4, 4);
    expect(outcomes.slice(1)).toEqual([
      [1, 'peer', 'kept'],
      [4, 'peer', 'kept'],
    ]);
    expect(sends.wanted).toBe(0);
  });

  it('[SN-32.1] a refused send fails without affecting others', () => {
    const { sends, outcomes } = promise([1, 'peer'], [2, 'peer']);
    sends.refused(1, 'no');
    sends.counted(2, 2);
    expect(outcomes).toEqual([
      [1, 'peer', 'no'],
      [2, 'peer', 'kept'],
    ]);
  });

  it('[SN-33.2] an awaited send gets a lower number when earlier messages are removed', () => {
    const { sends, outcomes } = promise([3, 'peer'], [9, 'peer']);
    sends.moved([1, 4, 5]);
    expect(sends.wanted).toBe(6);
    sends.counted(2, 2);
    sends.counted(6, 6);
    expect(outcomes).toHaveLength(2);
  });

  it('[SN-4.1] the verdict settles all awaited sends: acknowledged ones succeed, the others fail', () => {
    const { sends, outcomes } = promise([1, 'peer'], [2, 'server']);
    sends.ended({ clean: false, code: 'lost', acknowledged: 1, sent: 2, unknown: 1 });
    expect(outcomes).toEqual([
      [1, 'peer', 'kept'],
      [2, 'server', 'lost'],
    ]);
  });
});
