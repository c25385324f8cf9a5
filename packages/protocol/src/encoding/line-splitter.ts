import type { DecodeError, Decoder } from './encoding.js';

/**
 * Cuts UTF-8 bytes, split anywhere, into lines without their end. `ends` is LF alone, or CR, LF and CRLF.
 * @param lineUnitsMax longest line taken, in UTF-16 code units.
 */
export function createLineSplitter(
  ends: '\n' | 'any',
  lineUnitsMax: number,
  onLine: (line: string) => DecodeError | null,
): Decoder {
  const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
  const end = ends === '\n' ? /\n/g : /\r\n|\r|\n/g;
  let rest = '';
  let endedInCr = false;
  let error: DecodeError | null = null;

  // Only what is new is searched, and `rest` grows by joining alone: a long line that dribbles in costs no more than once.
  const take = (text: string): DecodeError | null => {
    let from = 0;
    end.lastIndex = 0;
    for (let found = end.exec(text); found; found = end.exec(text)) {
      const line = rest + text.slice(from, found.index);
      rest = '';
      from = end.lastIndex;
      const wrong = line.length > lineUnitsMax ? 'too_big' : onLine(line);
      if (wrong) return wrong;
    }
    rest += text.slice(from);
    return rest.length > lineUnitsMax ? 'too_big' : null;
  };

  // A CR at the end of one chunk and an LF at the start of the next are one line end.
  const joinCrLf = (text: string): string => {
    const joined = endedInCr && text[0] === '\n' ? text.slice(1) : text;
    if (text) endedInCr = ends === 'any' && text.endsWith('\r');
    return joined;
  };

  return {
    feed(chunk: Uint8Array): DecodeError | null {
      if (error) return error;
      const text = decodeNext(decoder, chunk);
      error = text === null ? 'malformed' : take(joinCrLf(text));
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
