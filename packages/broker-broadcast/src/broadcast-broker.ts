import { randomBytes } from 'node:crypto';
import type { Broker } from '@everywire/server';
import type { BrokerCarrier } from './broker-carrier.js';
import { BrokerError } from './broker-error.js';
import { FrameQueue } from './frame-queue.js';
import { decodeFrame, FROM_BYTES } from './frames.js';
import { PacedReports } from './paced-reports.js';
import { Peers } from './peers.js';
import { decodeRecord, encodePublication } from './records.js';

/** Options of a broker whose carrier (connection to a message service) reaches all nodes. */
export interface BroadcastOptions {
  /**
   * Milliseconds between heartbeats. Must be equal on all nodes. Default 1,000. A loss is detected within two
   * heartbeats, and a dead node within six.
   */
  readonly heartbeatMs?: number;
  /** Maximum bytes that may wait for the carrier. Default 8 MiB. */
  readonly waitingBytesMax?: number;
  /**
   * Called with the number of gone nodes, at each change. A node is gone if its heartbeats ended without an `end`: it
   * died, or the network between it and this node is interrupted. A gone node is not counted any more after 900
   * heartbeats.
   */
  readonly onGone?: (count: number) => void;
  /**
   * Called with the number of frames that were refused since the last call, because they are not frames of this version:
   * with the first immediately, then at most once per 30 heartbeats. Each call comes with a gap, because nodes of
   * another version may publish.
   */
  readonly onRefused?: (count: number) => void;
}

/**
 * While the service is unreachable, a gap is reported once per this many heartbeats, so that clients request the
 * changes that the publications of other nodes would have reported.
 */
const AWAY_BEATS = 30;
/**
 * A broker that has received no frame of another node in this many heartbeats sends only heartbeats and no
 * publications. A node that starts later detects by the number in the heartbeats that publications are missing.
 */
const ALONE_BEATS = 3;
/**
 * If this process paused for more heartbeats than this, the other nodes are not counted as gone, because their frames
 * may be waiting to be read.
 */
const PAUSED_BEATS = 3;

/**
 * Creates a `Broker` over a carrier. Every publication is sent to every node, and each node drops publications whose
 * topics have no local subscription. A subscription therefore takes effect immediately, and one sequence of numbers for
 * each node reveals a loss on any topic. Suitable for up to about eight nodes. With more, most of the received traffic
 * is dropped.
 *
 * Frames are trusted: any program that may write to the message service can publish.
 */
export function createBroadcastBroker(carrier: BrokerCarrier, options: BroadcastOptions = {}): Broker {
  const { heartbeatMs = 1_000, waitingBytesMax = 8 << 20 } = options;
  const subscribed = new Set<string>();
  const from = randomBytes(FROM_BYTES);
  const name = from.toString('latin1');
  const outbox = new FrameQueue(carrier, from, waitingBytesMax);
  const gaps = new PacedReports(1, () => broker.onGap?.());
  const refused = new PacedReports(AWAY_BEATS, (count) => {
    gaps.add();
    options.onRefused?.(count);
  });
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
      // Reports an error of the application's handler as an uncaught exception. The remaining records are still
      // delivered.
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
    refused.tick();
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
      // The frame has another version or comes from another program. It may have contained a publication of a node.
      refused.add();
    }
  };
  carrier.onContact = (isThereNow) => {
    isThere = isThereNow;
    awayFor = 0;
    peers.excuse();
  };
  const beating = setInterval(tick, heartbeatMs).unref();
  // Makes this node known to the others before it publishes.
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
