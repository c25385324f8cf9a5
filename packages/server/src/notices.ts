export interface Notice {
  readonly code: string;
  readonly text: string;
}

/** Tells the operator, at most once an interval for each code: a flood of refusals must not become a flood of log lines. */
export interface Notices {
  tell(code: string, text: string): void;
  /** How often each code was due, those that were withheld included. */
  counts(): Readonly<Record<string, number>>;
}

/** Codes are ours and few, so the table that limits them is bounded by the source. */
export function createNotices(
  onNotice: ((notice: Notice) => void) | undefined,
  now: () => number,
  intervalMs: number,
): Notices {
  const entries = new Map<string, { at: number; withheld: number; count: number }>();
  return {
    tell(code: string, text: string): void {
      const entry = entries.get(code) ?? { at: Number.NEGATIVE_INFINITY, withheld: 0, count: 0 };
      entries.set(code, entry);
      entry.count += 1;
      const at = now();
      if (at - entry.at < intervalMs) {
        entry.withheld += 1;
        return;
      }
      const { withheld } = entry;
      entry.at = at;
      entry.withheld = 0;
      onNotice?.({ code, text: withheld === 0 ? text : `${text} (${withheld} more like it since the last notice)` });
    },
    counts: () => Object.fromEntries([...entries].map(([code, { count }]) => [code, count])),
  };
}
