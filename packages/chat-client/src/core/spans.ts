/** Sequences from `low` to `high`, both ends included. */
export type Span = readonly [low: number, high: number];

/** The spans with one more; rising, disjoint, and never adjacent: those that touch become one. */
export function addSpan(spans: readonly Span[], [low, high]: Span): readonly Span[] {
  const before = spans.filter((span) => span[1] < low - 1);
  const after = spans.filter((span) => span[0] > high + 1);
  const touching = spans.filter((span) => span[1] >= low - 1 && span[0] <= high + 1);
  const joined: Span = [
    Math.min(low, ...touching.map((span) => span[0])),
    Math.max(high, ...touching.map((span) => span[1])),
  ];
  return [...before, joined, ...after];
}

export function isIn(spans: readonly Span[], sequence: number): boolean {
  return spans.some(([low, high]) => sequence >= low && sequence <= high);
}
