import { describe, expect, it } from 'vitest';
import { PromisedSends, type Until } from './promised-sends.js';

/** What has become of each, by number. */
function promise(...sends: readonly (readonly [number, Until])[]): { sends: PromisedSends; told: unknown[] } {
  const told: unknown[] = [];
  const promised = new PromisedSends();
  for (const [number, until] of sends) {
    promised.add({ number, until, done: (failure) => told.push([number, until, failure?.code ?? 'kept']) });
  }
  return { sends: promised, told };
}

describe('sends that somebody waits for', () => {
  it('[SN-30.2] are kept when they were taken, or settled, as they ask', () => {
    const { sends, told } = promise([1, 'peer'], [2, 'server'], [4, 'peer']);
    expect(sends.wanted).toBe(4);
    sends.counted(3, 0);
    expect(told).toEqual([[2, 'server', 'kept']]);
    sends.counted(3, 1);
    sends.counted(4, 4);
    expect(told.slice(1)).toEqual([
      [1, 'peer', 'kept'],
      [4, 'peer', 'kept'],
    ]);
    expect(sends.wanted).toBe(0);
  });

  it('[SN-32.1] fail alone where they were refused', () => {
    const { sends, told } = promise([1, 'peer'], [2, 'peer']);
    sends.refused(1, 'no');
    sends.counted(2, 2);
    expect(told).toEqual([
      [1, 'peer', 'no'],
      [2, 'peer', 'kept'],
    ]);
  });

  it('[SN-33.2] move up when those before them were taken out', () => {
    const { sends, told } = promise([3, 'peer'], [9, 'peer']);
    sends.moved([1, 4, 5]);
    expect(sends.wanted).toBe(6);
    sends.counted(2, 2);
    sends.counted(6, 6);
    expect(told).toHaveLength(2);
  });

  it('[SN-4.1] end with the verdict: what it says was acknowledged is kept', () => {
    const { sends, told } = promise([1, 'peer'], [2, 'server']);
    sends.ended({ clean: false, code: 'lost', acknowledged: 1, sent: 2, unknown: 1 });
    expect(told).toEqual([
      [1, 'peer', 'kept'],
      [2, 'server', 'lost'],
    ]);
  });
});
