import { randomBytes } from 'node:crypto';
import type { Broker } from '@everywire/server';
import { BrokerError } from './broker-error.js';
import type { Carrier } from './carrier.js';
import { decodeFrame, FROM_BYTES } from './frames.js';
import { Outbox } from './outbox.js';
import { Peers } from './peers.js';
import { decodeRecord, encodeRecord } from './records.js';

export interface BroadcastOptions {
  /** Default 1,000 ms, the same on every node. A loss is known within two of them, and a node that is gone within six. */
  readonly heartbeatMs?: number;
  /** What may wait for the carrier. Default 8 MiB. */
  readonly waitingBytesMax?: number;
  /**
   * Called with how many nodes are not heard any more that did not end, at each change: they died, or are where nothing passes between them and this one. One is
   * forgotten after 900 beats.
   */
  readonly onGone?: (count: number) => void;
}

/** While the service is away, members are told to look again once in so many beats: nothing else brings them what the other nodes have. */
const AWAY_BEATS = 30;
/** A broker that has met nobody in so many beats sends nothing but beats; who comes later finds by their number that something is missing. */
const ALONE_BEATS = 3;
/** This process stood still for so many beats: what the others sent waits to be read. */
const PAUSED_BEATS = 3;

/**
 * A `Broker` over a carrier: every publication goes to every node, which drops what nobody there has subscribed to. So a subscription takes effect at once, and
 * one number a node says whether something is missing, whatever the topics. Made for some eight nodes; beyond, most of what comes concerns nobody.
 *
 * Frames are trusted: who may write to the service may publish.
 */
export function createBroadcastBroker(carrier: Carrier, options: BroadcastOptions = {}): Broker {
  const { heartbeatMs = 1_000, waitingBytesMax = 8 << 20 } = options;
  const subscribed = new Set<string>();
  const from = randomBytes(FROM_BYTES);
  const name = from.toString('latin1');
  const outbox = new Outbox(carrier, from, waitingBytesMax);
  const gaps = new Gaps(() => broker.onGap?.());
  const peers = new Peers({ onRecord, onGap: () => gaps.add(), onGone: (count) => options.onGone?.(count) });
  let isThere = true;
  let closing: Promise<void> | null = null;
  let awayFor = 0;
  let beats = 0;
  let tickedAt = performance.now();

  function onRecord(record: Buffer): void {
    const publication = decodeRecord(record, (topic) => subscribed.has(topic));
    if (publication === null) return;
    try {
      broker.onPublication?.(publication);
    } catch (error) {
      // An error of whoever hears it is theirs, and takes nothing else with it.
      queueMicrotask(() => {
        throw error;
      });
    }
  }

  function tick(): void {
    const at = performance.now();
    if (at - tickedAt > PAUSED_BEATS * heartbeatMs) peers.excuse();
    tickedAt = at;
    gaps.tick();
    if (isThere) {
      beats += 1;
      peers.tick();
      outbox.beat();
      return;
    }
    awayFor += 1;
    if (awayFor % AWAY_BEATS === 0) gaps.add();
  }

  async function ifOpen(act: () => void): Promise<void> {
    if (closing !== null) throw new BrokerError('broker_closed');
    act();
  }

  carrier.onFrame = (bytes) => {
    if (closing !== null) return;
    try {
      const frame = decodeFrame(bytes);
      if (frame.from !== name) peers.receive(frame);
    } catch {
      // Of a later version, or not ours: something was said that is not understood here.
      gaps.add();
    }
  };
  carrier.onContact = (isThereNow) => {
    isThere = isThereNow;
    awayFor = 0;
    peers.excuse();
  };
  const beating = setInterval(tick, heartbeatMs).unref();
  // Whoever is there meets this node before it has something to say.
  outbox.beat();

  const broker: Broker = {
    onPublication: null,
    onGap: null,
    publish: (publication) =>
      ifOpen(() => {
        if (isThere && (beats < ALONE_BEATS || !peers.isEmpty)) {
          outbox.add(encodeRecord(publication));
          return;
        }
        outbox.skip();
        if (!isThere) throw new BrokerError('broker_away');
      }),
    subscribe: (topic) => ifOpen(() => void subscribed.add(topic)),
    unsubscribe: (topic) => ifOpen(() => void subscribed.delete(topic)),
    close: () => {
      clearInterval(beating);
      closing ??= outbox.end().then(() => carrier.close());
      return closing;
    },
  };
  return broker;
}

/** Reports a gap immediately, and those that follow within the same beat together. */
class Gaps {
  readonly #report: () => void;
  #wasReported = false;
  #isDue = false;

  constructor(report: () => void) {
    this.#report = report;
  }

  add(): void {
    if (this.#wasReported) {
      this.#isDue = true;
      return;
    }
    this.#wasReported = true;
    this.#report();
  }

  tick(): void {
    this.#wasReported = this.#isDue;
    if (!this.#isDue) return;
    this.#isDue = false;
    this.#report();
  }
}
