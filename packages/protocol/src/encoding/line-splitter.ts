import type { DecodeError, Decoder } from './encoding.js';
import { createTextSplitter } from './text-splitter.js';

/** Splits UTF-8 bytes into lines. Invalid UTF-8 is `malformed`. Arguments are those of `createTextSplitter`. */
export function createLineSplitter(
  ends: '\n' | 'any',
  lineUnitsMax: number,
  onLine: (line: string) => DecodeError | null,
): Decoder {
  const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
  const split = createTextSplitter(ends, lineUnitsMax, onLine);
  let error: DecodeError | null = null;
  return {
    feed(chunk: Uint8Array): DecodeError | null {
      if (error) return error;
      const text = decodeNext(decoder, chunk);
      error = text === null ? 'malformed' : split(text);
      return error;
    },
  };
}

function decodeNext(decoder: TextDecoder, chunk: Uint8Array): string | null {
  try {
    return decoder.decode(chunk, { stream: true });
  } catch {
    return null;
  }
}
