import { describe, expect, it } from 'vitest';
import { Arrivals } from './arrivals.js';

describe('arrivals', () => {
  it('[SN-26.3] tells the next from one that came again and from one after a gap, for each publisher and topic', () => {
    const arrivals = new Arrivals();
    const [room, other] = [{}, {}];
    const noted = [7, 8, 8, 6, 10, 11].map((counter) => arrivals.note(room, 'a', counter));
    expect(noted).toEqual(['next', 'next', 'again', 'again', 'gap', 'next']);
    expect(arrivals.note(room, 'b', 3)).toBe('next');
    expect(arrivals.note(other, 'a', 20)).toBe('next');
    expect(arrivals.of(room)).toEqual([
      ['a', 11],
      ['b', 3],
    ]);
  });

  it('[SN-26.3] begins anew after all was reset', () => {
    const arrivals = new Arrivals();
    const room = {};
    arrivals.note(room, 'a', 7);
    arrivals.forget();
    expect(arrivals.note(room, 'a', 20)).toBe('next');
    expect(arrivals.of({})).toEqual([]);
  });

  it('[SN-3] remembers so many publishers of a topic', () => {
    const arrivals = new Arrivals();
    const room = {};
    for (let k = 0; k <= 1000; k += 1) arrivals.note(room, `p${k}`, 1);
    expect(arrivals.of(room)).toHaveLength(1000);
    expect(arrivals.note(room, 'p0', 5)).toBe('next');
  });
});
