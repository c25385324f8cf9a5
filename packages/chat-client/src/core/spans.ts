/** A span: the sequences (message numbers) from `low` to `high`, both included. */
export type SequenceRange = readonly [low: number, high: number];

/**
 * Returns the spans with one added. The result is ascending and disjoint. Spans that overlap or are adjacent are
 * merged.
 */
export function addSpan(spans: readonly SequenceRange[], [low, high]: SequenceRange): readonly SequenceRange[] {
  const before = spans.filter((span) => span[1] < low - 1);
  const after = spans.filter((span) => span[0] > high + 1);
  const touching = spans.filter((span) => span[1] >= low - 1 && span[0] <= high + 1);
  const joined: SequenceRange = [
    Math.min(low, ...touching.map((span) => span[0])),
    Math.max(high, ...touching.map((span) => span[1])),
  ];
  return [...before, joined, ...after];
}

/**
 * Returns the parts of `spans` that are outside all of `others`. The result is ascending and disjoint if `spans` are.
 */
export function withoutSpans(
  spans: readonly SequenceRange[],
  others: readonly SequenceRange[],
): readonly SequenceRange[] {
  const without = (left: readonly SequenceRange[], [low, high]: SequenceRange): readonly SequenceRange[] =>
    left
      .flatMap(([from, to]): SequenceRange[] => [
        [from, Math.min(to, low - 1)],
        [Math.max(from, high + 1), to],
      ])
      .filter(([from, to]) => from <= to);
  return others.reduce(without, spans);
}

/** Returns whether one of the spans contains a sequence. */
export function isIn(spans: readonly SequenceRange[], sequence: number): boolean {
  return spans.some(([low, high]) => sequence >= low && sequence <= high);
}
