import { randomBytes } from 'node:crypto';

/**
 * Numbers the sent packets. A returning client states the number of the last packet that it received, so that it gets
 * the packets after it.
 */
export interface Offsets {
  next(): number;
  /** Returns the name of an offset for clients. Unique, because numbers of another process mean other packets. */
  nameOf(offset: number): string;
  /** Parses such a name. Returns `null` for one of another gateway or process. */
  parse(name: unknown): number | null;
}

/** Creates the offsets of one gateway. */
export function createOffsets(): Offsets {
  const run = randomBytes(6).toString('base64url');
  let last = 0;
  return {
    next: () => ++last,
    nameOf: (offset) => `${run}.${offset.toString(36)}`,
    parse: (name) => {
      if (typeof name !== 'string' || !name.startsWith(`${run}.`)) return null;
      const offset = Number.parseInt(name.slice(run.length + 1), 36);
      return Number.isSafeInteger(offset) ? offset : null;
    },
  };
}
