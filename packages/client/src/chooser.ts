import { BUFFERED_FIRST_MS, STRIKES_MAX, UPGRADE_FIRST_MS, UPGRADE_MAX_MS } from './limits.js';
import type { TransportEntry } from './transport.js';

/** What the chooser knows about one transport. A demoted transport is not chosen while another one is left. */
interface Standing {
  readonly row: TransportEntry;
  /** Consecutive failures without proof that the transport works. */
  strikes: number;
  /** Wait before the next probe, and when it is due. `at` counts only while the transport is demoted. */
  waitMs: number;
  at: number;
}

/** A failed link. */
export interface TransportFailure {
  readonly row: TransportEntry;
  readonly now: number;
  /** The link had carried useful traffic for a while, so the transport is not the cause of the failure (SN-12). */
  readonly proven: boolean;
  /**
   * The link failed while no link was attached, possibly because of a server restart. The failure counts for the order
   * of attempts, but the transport is probed as soon as another one works.
   */
  readonly suspect: boolean;
  /**
   * `streams`: a proxy buffered the response, as it would buffer every stream on this network. `row`: the received
   * bytes were damaged. Both demote immediately, the first all streams, the second this transport (SN-13).
   */
  readonly blame?: 'streams' | 'row' | undefined;
  /** Minimum milliseconds for which streams are then demoted, because no request may be held for so long (SN-47). */
  readonly leastMs?: number;
}

/**
 * Chooses the next transport: the best one that is not demoted (SN-12). Holds no timer; `now` is the caller's clock.
 */
export interface Chooser {
  /** Returns the transport to connect with while there is none. */
  choose(): TransportEntry;
  /**
   * Returns the transport to race against a two-way transport that has not answered; `undefined` if none is left
   * (SN-14).
   */
  second(): TransportEntry | undefined;
  /** Records a failed link. */
  failed(failure: TransportFailure): void;
  /** Records that a transport works. */
  proven(row: TransportEntry): void;
  /** Returns the transport better than `row` that is to be probed next, and when; `undefined` if `row` is the best. */
  upgrade(row: TransportEntry): { readonly row: TransportEntry; readonly at: number } | undefined;
  /** Forgets all failures, because the network changed or the user asked to try again. */
  forget(): void;
}

/** Options of a `Chooser`. */
export interface ChooserOptions {
  /** At least one transport, best first. A single transport is always chosen. */
  readonly rows: readonly TransportEntry[];
  /** Returns a number uniform in [0, 1) that spreads the probes. */
  readonly random: () => number;
  /** Name of the transport that worked on this network before. Better ones are demoted for a moment (SN-14). */
  readonly winner?: string | undefined;
  readonly now: number;
}

/** Creates a chooser. */
export function createChooser({ rows, random, winner, now: startsAt }: ChooserOptions): Chooser {
  const winnerRank = rows.findIndex(({ name }) => name === winner);
  const all: Standing[] = rows.map((row, rank) => ({
    row,
    strikes: rank < winnerRank ? STRIKES_MAX : 0,
    waitMs: UPGRADE_FIRST_MS,
    at: startsAt + UPGRADE_FIRST_MS,
  }));
  const find = (row: TransportEntry): Standing | undefined => all.find((one) => one.row === row);
  const clear = (strikes: number): void => {
    for (const one of all) Object.assign(one, { strikes, waitMs: UPGRADE_FIRST_MS, at: 0 });
  };
  /** Demotes a transport for a while, which doubles each time. */
  const demote = (one: Standing, now: number): void => {
    one.strikes = STRIKES_MAX;
    one.at = now + one.waitMs * (0.75 + random() / 2);
    one.waitMs = Math.min(UPGRADE_MAX_MS, one.waitMs * 2);
  };
  const demoteStreams = (now: number, leastMs: number): void => {
    for (const one of all) {
      if (one.row.kind !== 'stream') continue;
      one.waitMs = Math.max(one.waitMs, BUFFERED_FIRST_MS);
      demote(one, now);
      one.at = Math.max(one.at, now + leastMs);
    }
  };
  const strike = (one: Standing, now: number, suspect: boolean): void => {
    if (one.strikes + 1 < STRIKES_MAX) one.strikes += 1;
    else if (suspect) Object.assign(one, { strikes: STRIKES_MAX, at: now });
    else demote(one, now);
  };
  const fit = (): Standing | undefined => all.find((one) => one.strikes < STRIKES_MAX);
  const prove = (row: TransportEntry): void => {
    const one = find(row);
    if (one) Object.assign(one, { strikes: 0, waitMs: UPGRADE_FIRST_MS });
  };
  return {
    choose() {
      // All transports failed, so the server or the network is the cause. From now on each gets one attempt per round.
      if (!fit()) clear(STRIKES_MAX - 1);
      return fit()!.row;
    },
    second: () => all.find(({ row, strikes }) => row.kind !== 'duplex' && strikes < STRIKES_MAX)?.row,
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
        .map((one) => ({ row: one.row, at: one.strikes < STRIKES_MAX ? 0 : one.at }))
        .sort((a, b) => a.at - b.at)[0];
    },
    forget: () => clear(0),
  };
}
