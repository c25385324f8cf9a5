import { bufferedFirstMs, strikesMax, upgradeFirstMs, upgradeMaxMs } from './limits.js';
import type { TransportRow } from './transport.js';

interface Standing {
  readonly row: TransportRow;
  /** Failures in a row without proven life. */
  strikes: number;
  /** Wait before the next probe, and when that is due; `at` counts only while the transport is passed over. */
  waitMs: number;
  at: number;
}

/** A down link ended that should not have. */
interface Failure {
  readonly row: TransportRow;
  readonly now: number;
  /** It had carried something useful and lived for `provenLifeMs`, so that its transport is not to blame. */
  readonly proven: boolean;
  /** What ended it all streams share: it was buffered. */
  readonly streams: boolean;
}

/** Which transport next: the best that is not passed over (SN-12). Holds no timer; `now` is the caller's clock. */
export interface Chooser {
  /** The transport to connect with while there is none. */
  choose(): TransportRow;
  failed(failure: Failure): void;
  /** The best transport above `row` and when to probe it, or `undefined` where none is better. */
  upgrade(row: TransportRow): { readonly row: TransportRow; readonly at: number } | undefined;
  /** Another network, or a person who asked: what failed before says nothing. */
  forget(): void;
}

/** @param rows at least one, best first; a single one is forced. @param random uniform in [0, 1), spreads the probes. */
export function createChooser(rows: readonly TransportRow[], random: () => number): Chooser {
  const all: Standing[] = rows.map((row) => ({ row, strikes: 0, waitMs: upgradeFirstMs, at: 0 }));
  const find = (row: TransportRow): Standing | undefined => all.find((one) => one.row === row);
  const clear = (strikes: number): void => {
    for (const one of all) Object.assign(one, { strikes, waitMs: upgradeFirstMs, at: 0 });
  };
  const strike = (one: Standing, now: number, strikes: number): void => {
    one.strikes = strikes;
    if (strikes < strikesMax) return;
    one.at = now + one.waitMs * (0.75 + random() / 2);
    one.waitMs = Math.min(upgradeMaxMs, one.waitMs * 2);
  };
  const fit = (): Standing | undefined => all.find((one) => one.strikes < strikesMax);
  return {
    choose() {
      // Nothing works: it is the server or the network, and no transport is to blame. From here each gets one try a round.
      if (!fit()) clear(strikesMax - 1);
      return fit()!.row;
    },
    failed({ row, now, proven, streams }) {
      const one = find(row);
      if (!one) return;
      if (proven) {
        Object.assign(one, { strikes: 0, waitMs: upgradeFirstMs });
        return;
      }
      for (const other of all) {
        if (!streams || other.row.kind !== 'stream') continue;
        other.waitMs = Math.max(other.waitMs, bufferedFirstMs);
        strike(other, now, strikesMax);
      }
      if (!streams) strike(one, now, one.strikes + 1);
    },
    upgrade(row) {
      const rank = rows.indexOf(row);
      const better = rank < 0 ? all : all.slice(0, rank);
      return better
        .map((one) => ({ row: one.row, at: one.strikes < strikesMax ? 0 : one.at }))
        .sort((a, b) => a.at - b.at)[0];
    },
    forget: () => clear(0),
  };
}
