/** Returns random whole numbers below 2^32. Not by `randomUUID`, which pages on plain HTTP do not have. */
export function randomWords(count: number): Uint32Array {
  return crypto.getRandomValues(new Uint32Array(count));
}

/** Returns a random number, uniform in [0, 1). */
export function randomFraction(): number {
  return randomWords(1)[0]! / 2 ** 32;
}
