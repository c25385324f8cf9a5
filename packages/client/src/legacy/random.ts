import { platform } from './platform.js';

/** Returns random whole numbers below 2^32, from the platform's strong source if it has one, otherwise from `Math.random`. */
export function randomWords(count: number): ArrayLike<number> {
  const { crypto, Uint32Array: Words } = platform;
  if (crypto?.getRandomValues && Words) return crypto.getRandomValues(new Words(count));
  const words: number[] = [];
  while (words.length < count) words.push(Math.floor(Math.random() * 2 ** 32));
  return words;
}

/** Returns a random number, uniform in [0, 1). */
export function randomFraction(): number {
  return Math.random();
}
