/**
 * Returns random whole numbers below 2^32. Does not use `crypto.randomUUID`, which does not exist on pages loaded by
 * plain HTTP.
 */
export function randomWords(count: number): Uint32Array {
  return crypto.getRandomValues(new Uint32Array(count));
}

/** Returns a random number, uniform in [0, 1). */
export function randomFraction(): number {
  return randomWords(1)[0]! / 2 ** 32;
}
