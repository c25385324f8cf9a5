/** What a check found wrong: what was looked at, what the rule asks for, what there was. */
export class Mismatch extends Error {
  readonly expected: string;
  readonly seen: string;

  constructor(what: string, expected: unknown, seen: unknown) {
    super(what);
    this.expected = show(expected);
    this.seen = show(seen);
  }
}

/** @throws Mismatch unless both are the same as JSON. */
export function expectEqual(what: string, seen: unknown, expected: unknown): void {
  if (show(seen) !== show(expected)) throw new Mismatch(what, expected, seen);
}

/** @throws Mismatch with what was `seen` unless `holds`. */
export function expectThat(what: string, holds: boolean, expected: string, seen: unknown): void {
  if (!holds) throw new Mismatch(what, expected, seen);
}

function show(value: unknown): string {
  if (value === undefined) return 'nothing';
  const text = typeof value === 'string' ? value : (JSON.stringify(value) ?? String(value));
  return text.length > 300 ? `${text.slice(0, 300)}… (${text.length} characters)` : text;
}
