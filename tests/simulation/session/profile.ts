import type { Random } from './random.js';

/** The behaviour of the network and the applications in one run. */
export interface Profile {
  /** The chances that a link is cut within 3 s; swallowed without notice; that a request or its answer is lost. */
  readonly cut: number;
  readonly swallow: number;
  readonly lose: number;
  /** Of the swallowed links, the share that opens and is dead from then on. */
  readonly deadOnOpening: number;
  /**
   * The chances that a request is repeated up to 3 s later, with either answer used; that a delivery is up to 4 s late.
   */
  readonly duplicate: number;
  readonly late: number;
  /** The chance that a stream is withheld to its end, from its beginning or from later on. */
  readonly buffered: number;
  /** Whether the server takes a record in the opening handshake of a two-way link (SN-40); an older one does not. */
  readonly takesHeads: boolean;
  /** Whether a cut stream is requested again with the same head, as `EventSource` does. */
  readonly repeats: boolean;
  readonly latencyMs: number;
  /** 0: immediately; 1: within 120 ms; 2: now and then for seconds. */
  readonly slow: 0 | 1 | 2;
  /** The mean pause between messages is half of it. */
  readonly rateMs: number;
  /** The applications stop sending at this time: in half of the runs before the faults stop. */
  readonly quietFrom: number;
  /** Whether to close before the faults stop; otherwise `closeAt` is ignored. */
  readonly closeEarly: boolean;
  readonly closeAt: number;
  readonly closer: 'client' | 'server';
  readonly heartbeatMs: number;
  readonly windowBytes: number;
  /** Whether the client's `open` may reach either of two nodes, which do not know each other's sessions. */
  readonly twoNodes: boolean;
  /** Whether the server is restored from an earlier state some time later, or comes back empty. */
  readonly rollback: boolean;
  readonly snapshotAt: number;
  readonly restoredAfterMs: number;
  readonly forgets: boolean;
  /** When, and how long, nothing passes at all; open carriers stay dead. 0 ms: never. */
  readonly outageAt: number;
  readonly outageMs: number;
  /** Whether the client switches, wakes and hides; and whether it has only one transport. */
  readonly restless: boolean;
  readonly only: 'duplex' | 'stream' | 'poll' | undefined;
  /** Whether one frame vanishes from a link, with all messages of the same length. */
  readonly remove: boolean;
  readonly removeChance: number;
  /** The number of messages sent before the session is open. */
  readonly early: number;
  /** Whether the server's handlers take them before the session is confirmed. */
  readonly earlyAtOnce: boolean;
  /** Whether the session's token expires again and again, and is renewed late or only at the second request (SN-21). */
  readonly renewals: boolean;
  /**
   * Whether the session is frozen and restored on the other node during traffic; `doubtful`: that may fail half way
   * (SN-24).
   */
  readonly handOver: 'never' | 'sure' | 'doubtful';
  /** The most time that the snapshot takes to arrive. */
  readonly handOverMs: number;
  /** Whether answers to bodies next to a stream or poll cannot be read, because they are sent by a form (SN-6). */
  readonly blind: boolean;
  /** The chance that a proxy swaps an answer of this session with one of another; 0 for never. */
  readonly mixed: number;
  /** If polls are not held, the milliseconds between two without messages (SN-34); 0 if they are held. */
  readonly everyMs: number;
  /**
   * The bytes of a request body above which something on the path refuses it, until then: by 413, or by a cut (SN-46).
   * 0: never.
   */
  readonly bodyBytesMax: number;
  readonly bodyBytesUntil: number;
  readonly bodyCut: boolean;
  /** Whether the client has one request at a time (SN-47). */
  readonly sole: boolean;
}

/** The messages in the window, and in the buffer, of either end: small, so that both are often full. */
export const windowMessages = 16;
export const bufferMessages = 40;

/** Faults stop here; some time later everything must have arrived, and the session must close cleanly. */
export const faultsEnd = 12_000;

/** @param other a generator for later additions, so that the draws of a seed stay the same */
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
