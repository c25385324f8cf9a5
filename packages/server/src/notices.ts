export interface Notice {
  readonly code: string;
  readonly text: string;
}

/** Tells the operator, at most once an interval for each code: a flood of refusals must not become a flood of log lines. */
export interface Notices {
  tell(code: string, text: string): void;
}

/** Codes are ours and few, so the table that limits them is bounded by the source. */
export function createNotices(
  onNotice: ((notice: Notice) => void) | undefined,
  now: () => number,
  intervalMs: number,
): Notices {
  if (onNotice === undefined) return { tell: () => undefined };
  const last = new Map<string, { at: number; withheld: number }>();
  return {
    tell(code: string, text: string): void {
      const entry = last.get(code);
      const at = now();
      if (entry !== undefined && at - entry.at < intervalMs) {
        entry.withheld += 1;
        return;
      }
      const withheld = entry?.withheld ?? 0;
      last.set(code, { at, withheld: 0 });
      onNotice({ code, text: withheld === 0 ? text : `${text} (${withheld} more like it since the last notice)` });
    },
  };
}
