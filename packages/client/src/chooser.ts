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

/** A link ended that should not have. */
export interface Failure {
  readonly row: TransportRow;
  readonly now: number;
  /** Its transport had carried something useful, and for a while, so that it is not to blame (SN-12). */
  readonly proven: boolean;
  /**
   * Nothing was attached and it did not get through: that may be the server's restart as well. It counts for the order of the
   * tries, and is looked into as soon as another transport works.
   */
  readonly suspect: boolean;
  /** `streams`: it was buffered, as every stream here would be. `row`: its bytes were damaged. Both are told at once (SN-13). */
  readonly blame?: 'streams' | 'row' | undefined;
  /** Milliseconds that streams are passed over then, at least: for so long nothing is to be held here (SN-47). */
  readonly leastMs?: number;
}

/** Which transport next: the best that is not passed over (SN-12). Holds no timer; `now` is the caller's clock. */
export interface Chooser {
  /** The transport to connect with while there is none. */
  choose(): TransportRow;
  /** The transport to race against a two-way one that has not answered yet; `undefined` where none is left (SN-14). */
  second(): TransportRow | undefined;
  failed(failure: Failure): void;
  proven(row: TransportRow): void;
  /** The best transport above `row` and when to probe it, or `undefined` where none is better. */
  upgrade(row: TransportRow): { readonly row: TransportRow; readonly at: number } | undefined;
  /** Another network, or a person who asked: what failed before says nothing. */
  forget(): void;
}

export interface ChooserOptions {
  /** At least one, best first; a single one is forced. */
  readonly rows: readonly TransportRow[];
  /** Uniform in [0, 1), spreads the probes. */
  readonly random: () => number;
  /** Name of the transport that won on this network before: better ones are passed over for a moment (SN-14). */
  readonly winner?: string | undefined;
  readonly now: number;
}

export function createChooser({ rows, random, winner, now: startsAt }: ChooserOptions): Chooser {
  const winnerRank = rows.findIndex(({ name }) => name === winner);
  const all: Standing[] = rows.map((row, rank) => ({
    row,
    strikes: rank < winnerRank ? strikesMax : 0,
    waitMs: upgradeFirstMs,
    at: startsAt + upgradeFirstMs,
  }));
  const find = (row: TransportRow): Standing | undefined => all.find((one) => one.row === row);
  const clear = (strikes: number): void => {
    for (const one of all) Object.assign(one, { strikes, waitMs: upgradeFirstMs, at: 0 });
  };
  /** Passed over for a while: twice as long each time. */
  const demote = (one: Standing, now: number): void => {
    one.strikes = strikesMax;
    one.at = now + one.waitMs * (0.75 + random() / 2);
    one.waitMs = Math.min(upgradeMaxMs, one.waitMs * 2);
  };
  const demoteStreams = (now: number, leastMs: number): void => {
    for (const one of all) {
      if (one.row.kind !== 'stream') continue;
      one.waitMs = Math.max(one.waitMs, bufferedFirstMs);
      demote(one, now);
      one.at = Math.max(one.at, now + leastMs);
    }
  };
  const strike = (one: Standing, now: number, suspect: boolean): void => {
    if (one.strikes + 1 < strikesMax) one.strikes += 1;
    else if (suspect) Object.assign(one, { strikes: strikesMax, at: now });
    else demote(one, now);
  };
  const fit = (): Standing | undefined => all.find((one) => one.strikes < strikesMax);
  const prove = (row: TransportRow): void => {
    const one = find(row);
    if (one) Object.assign(one, { strikes: 0, waitMs: upgradeFirstMs });
  };
  return {
    choose() {
      // Nothing works: it is the server or the network, and no transport is to blame. From here each gets one try a round.
      if (!fit()) clear(strikesMax - 1);
      return fit()!.row;
    },
    second: () => all.find(({ row, strikes }) => row.kind !== 'duplex' && strikes < strikesMax)?.row,
    failed({ row, now, proven, suspect, blame, leastMs = 0 }) {
      const one = find(row);
      if (!one) return;
      if (blame === 'streams') demoteStreams(now, leastMs);
      else if (blame === 'row') demote(one, now);
      else if (proven) prove(row);
      else strike(one, now, suspect);
    },
    proven: prove,
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
