/** So many whole numbers below 2^32. Not `randomUUID`: pages on plain HTTP do not have it. */
export function randomWords(count: number): Uint32Array {
  return crypto.getRandomValues(new Uint32Array(count));
}

/** Uniform in [0, 1). */
export function randomFraction(): number {
  return randomWords(1)[0]! / 2 ** 32;
}
