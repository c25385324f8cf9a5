/** A seeded random generator. The same seed gives the same sequence of numbers. */
export interface Random {
  /** Uniform in [0, 1). */
  (): number;
  /** An integer from 0 to n - 1. */
  below(n: number): number;
  /** Returns true with this probability, from 0 to 1. */
  chance(probability: number): boolean;
  pick<T>(choices: readonly T[]): T;
}

/** Creates a generator by the algorithm mulberry32, which defines the constants. Its state is an unsigned 32-bit integer. */
export function createRandom(seed: number): Random {
  let state = seed >>> 0;
  const next = (): number => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
  const below = (n: number): number => Math.floor(next() * n);
  return Object.assign(next, {
    below,
    chance: (probability: number): boolean => next() < probability,
    pick: <T>(choices: readonly T[]): T => choices[below(choices.length)] as T,
  });
}
