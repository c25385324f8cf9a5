import type { DecodeError } from './encoding.js';

/**
 * Splits text, which arrives in arbitrary pieces, into lines without their line ends. `ends` is LF alone, or CR, LF and
 * CRLF. Ignores everything after an error.
 * @param lineUnitsMax maximum line length in UTF-16 code units.
 */
export function createTextSplitter(
  ends: '\n' | 'any',
  lineUnitsMax: number,
  onLine: (line: string) => DecodeError | null,
): (text: string) => DecodeError | null {
  const end = ends === '\n' ? ends : /\r\n|\r|\n/;
  let rest = '';
  let endedInCr = false;
  let error: DecodeError | null = null;

  const check = (line: string): string => {
    if (line.length > lineUnitsMax) error ??= 'too_big';
    return line;
  };
  // Searches only new text and extends `rest` by concatenation, so that a long line in many pieces costs linear time.
  const take = (text: string): void => {
    const lines = text.split(end);
    let line = check(rest + lines.shift());
    for (const next of lines) {
      error ??= onLine(line);
      line = check(next);
    }
    rest = line;
  };

  // A CR at the end of one piece and an LF at the start of the next are one line end.
  const joinCrLf = (text: string): string => {
    const joined = endedInCr && text.charAt(0) === '\n' ? text.slice(1) : text;
    if (text) endedInCr = ends === 'any' && text.charAt(text.length - 1) === '\r';
    return joined;
  };

  return (text) => {
    if (!error) take(joinCrLf(text));
    return error;
  };
}
