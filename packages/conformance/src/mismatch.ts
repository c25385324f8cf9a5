/** Characters of a value that a report shows, and how many of them precede the first difference. */
const SHOWN_MAX = 300;
const LEAD = 100;

/** A violated rule: the checked property, the expected value and the actual one. */
export class Mismatch extends Error {
  readonly expected: string;
  readonly seen: string;

  constructor(what: string, expected: unknown, seen: unknown) {
    super(what);
    let texts = [expected, seen].map(textOf);
    // Shows texts without quotes, unless the quotes are the only difference.
    if (texts[0] === texts[1]) texts = [expected, seen].map((value) => JSON.stringify(value) ?? 'nothing');
    const [one = '', other = ''] = texts;
    let differsAt = 0;
    while (differsAt < one.length && one[differsAt] === other[differsAt]) differsAt += 1;
    this.expected = excerptOf(one, differsAt);
    this.seen = excerptOf(other, differsAt);
  }
}

/** Compares two values as JSON. @throws Mismatch if they differ */
export function expectEqual(what: string, seen: unknown, expected: unknown): void {
  if (JSON.stringify(seen) !== JSON.stringify(expected)) throw new Mismatch(what, expected, seen);
}

/** @throws Mismatch with the value `seen` unless `holds` */
export function expectThat(what: string, holds: boolean, expected: string, seen: unknown): void {
  if (!holds) throw new Mismatch(what, expected, seen);
}

/** Checks a duration in milliseconds. Allows `LATE_MS` above the maximum, for a busy machine. */
export function expectTime(took: number, [least, most]: readonly [number, number]): void {
  const holds = took >= least && took <= most + LATE_MS;
  expectThat('the time', holds, `${Math.round(least)} to ${Math.round(most)} ms`, Math.round(took));
}

const LATE_MS = 1_000;

function textOf(value: unknown): string {
  if (value === undefined) return 'nothing';
  return typeof value === 'string' ? value : (JSON.stringify(value) ?? String(value));
}

/** Shortens a long text to an excerpt around its first difference. */
function excerptOf(text: string, differsAt: number): string {
  if (text.length <= SHOWN_MAX) return text;
  const from = Math.max(0, Math.min(differsAt, text.length) - LEAD);
  const rest = text.length > from + SHOWN_MAX ? '…' : '';
  return `${from > 0 ? '…' : ''}${text.slice(from, from + SHOWN_MAX)}${rest} (${text.length} characters)`;
}
