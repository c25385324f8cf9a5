import { platform } from './platform.js';

/** So many whole numbers below 2^32: of the platform's own chance where it has one, else of the language's. */
export function randomWords(count: number): ArrayLike<number> {
  const { crypto, Uint32Array: Words } = platform;
  if (crypto?.getRandomValues && Words) return crypto.getRandomValues(new Words(count));
  const words: number[] = [];
  while (words.length < count) words.push(Math.floor(Math.random() * 2 ** 32));
  return words;
}

/** Uniform in [0, 1). */
export function randomFraction(): number {
  return Math.random();
}
