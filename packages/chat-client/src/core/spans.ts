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

/** The parts of `spans` that none of `others` has; rising and disjoint, as they are. */
export function withoutSpans(spans: readonly Span[], others: readonly Span[]): readonly Span[] {
  const without = (left: readonly Span[], [low, high]: Span): readonly Span[] =>
    left
      .flatMap(([from, to]): Span[] => [
        [from, Math.min(to, low - 1)],
        [Math.max(from, high + 1), to],
      ])
      .filter(([from, to]) => from <= to);
  return others.reduce(without, spans);
}

export function isIn(spans: readonly Span[], sequence: number): boolean {
  return spans.some(([low, high]) => sequence >= low && sequence <= high);
}
