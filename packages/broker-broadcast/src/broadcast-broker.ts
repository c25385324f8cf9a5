import { randomBytes } from 'node:crypto';
import type { Broker } from '@everywire/server';
import type { BrokerCarrier } from './broker-carrier.js';
import { BrokerError } from './broker-error.js';
import { FrameQueue } from './frame-queue.js';
import { decodeFrame, FROM_BYTES } from './frames.js';
import { Peers } from './peers.js';
import { decodeRecord, encodePublication } from './records.js';

/** Options of a broker over a carrier that reaches all nodes. */
export interface BroadcastOptions {
  /** The interval between heartbeats, ms; equal on all nodes. Default 1,000. A loss is detected within two heartbeats, and a dead node within six. */
  readonly heartbeatMs?: number;
  /** The most bytes that may wait for the carrier. Default 8 MiB. */
  readonly waitingBytesMax?: number;
  /**
   * Called at each change with the number of nodes that fell silent without closing: they died, or the network between them and this node is partitioned. A node
   * is no longer counted after 900 heartbeats.
   */
  readonly onGone?: (count: number) => void;
}

/** While the service is unreachable, a gap is reported once per this many heartbeats, because nothing else brings what the other nodes have. */
const AWAY_BEATS = 30;
/** A broker that has met no peer in this many heartbeats sends only heartbeats. A later peer sees from their number that publications are missing. */
const ALONE_BEATS = 3;
/** After a pause of this process of more heartbeats than this, peers are not taken for dead: their frames may wait to be read. */
const PAUSED_BEATS = 3;

/**
 * Creates a `Broker` over a carrier. Every publication goes to every node, and each node drops the topics without a local subscription. So a subscription takes
 * effect immediately, and one sequence number per node reveals a loss on any topic. Made for up to about eight nodes; with more, most received traffic is dropped.
 *
 * Frames are trusted: every client that may write to the message service may publish.
 */
export function createBroadcastBroker(carrier: BrokerCarrier, options: BroadcastOptions = {}): Broker {
  const { heartbeatMs = 1_000, waitingBytesMax = 8 << 20 } = options;
  const subscribed = new Set<string>();
  const from = randomBytes(FROM_BYTES);
  const name = from.toString('latin1');
  const outbox = new FrameQueue(carrier, from, waitingBytesMax);
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
      // An error of the handler is the application's; the remaining records are still delivered.
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
      // A frame of a later version or of a foreign sender: it may have carried a publication.
      gaps.add();
    }
  };
  carrier.onContact = (isThereNow) => {
    isThere = isThereNow;
    awayFor = 0;
    peers.excuse();
  };
  const beating = setInterval(tick, heartbeatMs).unref();
  // The other nodes learn of this node before it publishes.
  outbox.beat();

  const broker: Broker = {
    onPublication: null,
    onGap: null,
    publish: (publication) =>
      ifOpen(() => {
        if (isThere && (beats < ALONE_BEATS || !peers.isEmpty)) {
          outbox.add(encodePublication(publication));
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

/** Reports a gap immediately, and all further gaps within the same heartbeat together. */
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
