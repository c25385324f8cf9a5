import type { DecodeError } from './encoding.js';

/**
 * Cuts text, split anywhere, into lines without their end. `ends` is LF alone, or CR, LF and CRLF. After an error all that comes
 * is ignored.
 * @param lineUnitsMax longest line taken, in UTF-16 code units.
 */
export function createTextSplitter(
  ends: '\n' | 'any',
  lineUnitsMax: number,
  onLine: (line: string) => DecodeError | null,
): (text: string) => DecodeError | null {
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

  // A CR at the end of one piece and an LF at the start of the next are one line end.
  const joinCrLf = (text: string): string => {
    const joined = endedInCr && text.charAt(0) === '\n' ? text.slice(1) : text;
    if (text) endedInCr = ends === 'any' && text.charAt(text.length - 1) === '\r';
    return joined;
  };

  return (text) => {
    error ??= take(joinCrLf(text));
    return error;
  };
}
