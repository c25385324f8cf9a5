import { describe, expect, it } from 'vitest';
import { AwaitedSends, type Until } from './awaited-sends.js';

// Tests `AwaitedSends`: calls of `send` whose caller waits until the other end has received (`server`) or handled
// (`peer`) the message.

/** Creates `AwaitedSends` with these sends. `outcomes` gets an entry for each send that settles: `kept`, or the error's code. */
function promise(...sends: readonly (readonly [number, Until])[]): { sends: AwaitedSends; outcomes: unknown[] } {
  const outcomes: unknown[] = [];
  const awaited = new AwaitedSends();
  for (const [number, until] of sends) {
    awaited.add({ number, until, done: (failure) => outcomes.push([number, until, failure?.code ?? 'kept']) });
  }
  return { sends: awaited, outcomes };
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
