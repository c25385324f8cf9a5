/** A whole number below 2^32. Not `randomUUID`: pages on plain HTTP do not have it. */
export function randomWord(): number {
  return crypto.getRandomValues(new Uint32Array(1))[0]!;
}

/** Uniform in [0, 1). */
export function randomFraction(): number {
  return randomWord() / 2 ** 32;
}
