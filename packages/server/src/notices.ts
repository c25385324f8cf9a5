import { callGuarded } from '@everywire/protocol/internal';

/** A message for the operator, with a stable code. */
export interface ServerNotice {
  readonly code: string;
  readonly text: string;
}

/** Reports notices to the operator, each code at most once an interval, so that a flood of refusals does not flood the log. */
export interface Notices {
  report(code: string, text: string): void;
  /** Returns how often each code occurred, including withheld notices. */
  counts(): Readonly<Record<string, number>>;
}

/** Creates the notices. Memory is bounded, because the codes are few and fixed. */
export function createNotices(
  onNotice: ((notice: ServerNotice) => void) | undefined,
  now: () => number,
  intervalMs: number,
): Notices {
  const entries = new Map<string, { at: number; withheld: number; count: number }>();
  const counted = (code: string): { at: number; withheld: number; count: number } => {
    const entry = entries.get(code) ?? { at: Number.NEGATIVE_INFINITY, withheld: 0, count: 0 };
    entries.set(code, entry);
    entry.count += 1;
    return entry;
  };
  return {
    report(code: string, text: string): void {
      const entry = counted(code);
      const at = now();
      if (at - entry.at < intervalMs) {
        entry.withheld += 1;
        return;
      }
      const { withheld } = entry;
      entry.at = at;
      entry.withheld = 0;
      const whole = withheld === 0 ? text : `${text} (${withheld} more like it since the last notice)`;
      // A logger that fails has nowhere to report it but the counters.
      callGuarded(
        () => onNotice?.({ code, text: whole }),
        () => counted('notice_failed'),
      );
    },
    counts: () => Object.fromEntries([...entries].map(([code, { count }]) => [code, count])),
  };
}
