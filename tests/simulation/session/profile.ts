import type { Random } from './random.js';

/**
 * The behaviour of the network and the applications in one run. Chances are from 0 to 1, and times are virtual
 * milliseconds. A "two-way link" is a WebSocket.
 */
export interface Profile {
  /** The chance that a link is cut within 3 s. */
  readonly cut: number;
  /** The chance that a link is swallowed: it stays open, but nothing passes any more. */
  readonly swallow: number;
  /** The chance that a request is lost, and the chance that its answer is lost. */
  readonly lose: number;
  /** Of the swallowed links, the share of those that open and pass nothing afterwards. */
  readonly deadOnOpening: number;
  /** The chance that the network repeats a request up to 3 s later. The client receives one of the two answers. */
  readonly duplicate: number;
  /** The chance that a delivery is up to 4 s late. */
  readonly late: number;
  /** The chance that a stream is buffered to its end, from its beginning or from a later moment on. */
  readonly buffered: number;
  /** Whether the server reads the record in the opening handshake of a two-way link (SN-40). Older servers do not. */
  readonly takesHeads: boolean;
  /** Whether a cut stream is requested again with the same head, as `EventSource` does. */
  readonly repeats: boolean;
  /** The mean delay of a delivery in one direction. */
  readonly latencyMs: number;
  /** How fast the applications process messages. 0: immediately; 1: within 120 ms; 2: sometimes only after seconds. */
  readonly slow: 0 | 1 | 2;
  /** The longest pause between two messages. The mean is half of it. */
  readonly rateMs: number;
  /** The applications stop sending at this time. In half of the runs, this is before the faults stop or soon after. */
  readonly quietFrom: number;
  /** Whether the session is closed at `closeAt`. Otherwise it is closed after the faults. */
  readonly closeEarly: boolean;
  readonly closeAt: number;
  readonly closer: 'client' | 'server';
  readonly heartbeatMs: number;
  readonly windowBytes: number;
  /** Whether the client's `open` may reach either of two nodes, which do not know each other's sessions. */
  readonly twoNodes: boolean;
  /** Whether the server is restored from an earlier state (a rollback). */
  readonly rollback: boolean;
  /** The time of the state that a rollback restores. */
  readonly snapshotAt: number;
  /** The time from the state to its restoration. */
  readonly restoredAfterMs: number;
  /** Whether a rollback restores an empty state instead. */
  readonly forgets: boolean;
  /** When an outage begins, in which nothing passes. Links that were open stay dead afterwards. */
  readonly outageAt: number;
  /** How long the outage lasts; 0 for no outage. */
  readonly outageMs: number;
  /** Whether the client switches transports, wakes and hides at random. */
  readonly restless: boolean;
  /** The only kind of transport that the client has; `undefined` for all kinds. */
  readonly only: 'duplex' | 'stream' | 'poll' | undefined;
  /** Whether one frame is removed from a link. All messages then have the same length, which makes this hard to notice. */
  readonly remove: boolean;
  /** The chance of each message to be the removed one. */
  readonly removeChance: number;
  /** Number of messages that the client sends before the session is open. */
  readonly early: number;
  /** Whether the server's application receives early messages before the session is confirmed. */
  readonly earlyAtOnce: boolean;
  /** Whether the session's token expires repeatedly, and is renewed late or only at the second request (SN-21). */
  readonly renewals: boolean;
  /**
   * Whether the session is handed over, that is, frozen on one node and restored on the other, during traffic (SN-24).
   * With `doubtful`, a hand-over may fail, or may never be confirmed to the old node.
   */
  readonly handOver: 'never' | 'sure' | 'doubtful';
  /** The most time that the snapshot takes to arrive. */
  readonly handOverMs: number;
  /** Whether the client cannot read the answers to its request bodies, because it sends them by a form (SN-6). */
  readonly blind: boolean;
  /** The chance that a proxy swaps an answer of this session with one of another; 0 for never. */
  readonly mixed: number;
  /** For short polls: the time between two polls without messages (SN-34). 0 for long polls, which the server holds. */
  readonly everyMs: number;
  /** Number of bytes above which the network refuses a request body (SN-46); 0 for no limit. */
  readonly bodyBytesMax: number;
  /** The time until which this limit applies. */
  readonly bodyBytesUntil: number;
  /** Whether the network cuts the connection of a body that is too large. Otherwise it answers 413. */
  readonly bodyCut: boolean;
  /** Whether the client can have only one request at a time (SN-47). */
  readonly sole: boolean;
}

/** The window of either end: how many messages may be written and not acknowledged. Small, so that it is often full. */
export const windowMessages = 16;
/** The most messages that either end buffers. Small, so that the buffer is often full. */
export const bufferMessages = 40;

/** The time at which faults stop. Some time later all messages must have arrived, and the session must close cleanly. */
export const faultsEnd = 12_000;

/**
 * Draws the profile of a run. `other` is a second generator for fields that were added later, so that the same seed still
 * gives the same values for the older fields.
 */
export function createProfile(random: Random, other: Random): Profile {
  const remove = random.chance(0.06);
  const profile = {
    cut: random.pick([0, 0.1, 0.3, 0.6]),
    swallow: random.pick([0, 0.05, 0.15]),
    deadOnOpening: 0.3,
    lose: random.pick([0, 0.05, 0.15, 0.3]),
    duplicate: random.pick([0, 0.1, 0.3]),
    late: random.pick([0, 0.05, 0.15]),
    buffered: random.pick([0, 0.3, 0.8]),
    repeats: random.chance(0.4),
    latencyMs: random.pick([10, 40, 150]),
    slow: random.pick([0, 0, 1, 2] as const),
    rateMs: random.pick([20, 60, 200]),
    quietFrom: random.chance(0.5) ? 4000 + random.below(9000) : faultsEnd + 3000,
    closeEarly: random.chance(0.3),
    closeAt: random.below(faultsEnd + 4000),
    closer: random.pick(['client', 'server'] as const),
    heartbeatMs: random.pick([1000, 1000, 3000, 8000]),
    windowBytes: random.pick([2000, 12_000, 100_000]),
    twoNodes: random.chance(0.2),
    rollback: !remove && random.chance(0.2),
    snapshotAt: 2000 + random.below(5000),
    restoredAfterMs: random.below(2000),
    forgets: random.chance(0.1),
    outageAt: 1000 + random.below(8000),
    outageMs: random.chance(0.1) ? 1000 + random.below(8000) : 0,
    restless: true,
    only: undefined,
    remove,
    removeChance: 0.02,
    early: random.chance(0.5) ? random.below(24) : 0,
  };
  const damaged = profile.rollback || remove;
  const renewals = other.chance(0.25) && !damaged;
  const handOver = other.chance(0.3) && !damaged ? other.pick(['sure', 'sure', 'doubtful'] as const) : 'never';
  const earlyAtOnce = other.chance(0.2);
  const blind = other.chance(0.2);
  const takesHeads = !other.chance(0.25);
  const everyMs = other.chance(0.25) && !blind ? other.pick([700, 2000, 4000]) : 0;
  const size = {
    bodyBytesMax: other.chance(0.2) ? other.pick([1500, 4000]) : 0,
    bodyBytesUntil: other.chance(0.5) ? other.below(faultsEnd) : Number.POSITIVE_INFINITY,
    bodyCut: other.chance(0.4),
  };
  const sole = other.chance(0.1);
  return {
    ...profile,
    renewals,
    handOver,
    handOverMs: 1500,
    earlyAtOnce,
    blind,
    takesHeads,
    everyMs,
    mixed: 0,
    ...size,
    sole,
  };
}
