import stringWidth from 'string-width';

const segmenter: Intl.Segmenter = new Intl.Segmenter(undefined, { granularity: 'grapheme' });
/** Caches the widths of the first thousands of letters, because letters repeat. */
const widths: Map<string, number> = new Map();
const WIDTHS_MAX = 5_000;

/** Control and direction characters, which must not reach the terminal from other people's texts. */
const commands = /[\p{Cc}\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/gu;

/** Splits a text into graphemes, the units of cursor movement and deletion. */
export function graphemesOf(text: string): readonly string[] {
  return Array.from(segmenter.segment(text), ({ segment }) => segment);
}

/** Returns the width in terminal cells: two for a Chinese letter or an emoji. */
export function widthOf(text: string): number {
  let width = 0;
  for (const grapheme of graphemesOf(text)) width += cellsOf(grapheme);
  return width;
}

/** Returns the text as one line without control characters. */
export function plain(text: string): string {
  return text.replace(/\s+/g, ' ').replace(commands, '�');
}

/** Fits a text into exactly `width` cells: cuts it with `…` or pads it. */
export function fit(text: string, width: number): string {
  const own = widthOf(text);
  if (own <= width) return text + ' '.repeat(width - own);
  if (width < 1) return '';
  let kept = '';
  let cells = 0;
  for (const grapheme of graphemesOf(text)) {
    const more = cellsOf(grapheme);
    if (cells + more > width - 1) break;
    kept += grapheme;
    cells += more;
  }
  return `${kept}…${' '.repeat(width - 1 - cells)}`;
}

/** Wraps a text into lines of at most `width` cells: at spaces, or anywhere within a longer word or Chinese text. */
export function wrap(text: string, width: number): readonly string[] {
  return text.split(/\r\n|[\n\r\u2028\u2029]/).flatMap((line) => wrapLine(plain(line), Math.max(2, width)));
}

function wrapLine(text: string, width: number): readonly string[] {
  const lines: string[] = [];
  let line: string[] = [];
  let cells = 0;
  for (const grapheme of graphemesOf(text)) {
    const more = cellsOf(grapheme);
    if (cells + more > width) {
      const space = line.lastIndexOf(' ');
      const rest = space > 0 && grapheme !== ' ' ? line.splice(space).slice(1) : [];
      lines.push(line.join(''));
      line = rest;
      cells = widthOf(rest.join(''));
      if (grapheme === ' ') continue;
    }
    line.push(grapheme);
    cells += more;
  }
  return [...lines, line.join('')];
}

function cellsOf(grapheme: string): number {
  const known = widths.get(grapheme);
  if (known !== undefined) return known;
  const width = stringWidth(grapheme);
  if (widths.size < WIDTHS_MAX) widths.set(grapheme, width);
  return width;
}
