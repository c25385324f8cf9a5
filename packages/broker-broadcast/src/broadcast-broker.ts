import { randomBytes } from 'node:crypto';
import type { Broker } from '@everywire/server';
import type { BrokerCarrier } from './broker-carrier.js';
import { BrokerError } from './broker-error.js';
import { type BrokerKey, keyOf } from './broker-key.js';
import { FrameQueue } from './frame-queue.js';
import { FROM_BYTES, FrameCodec } from './frames.js';
import { PacedReports } from './paced-reports.js';
import { Peers } from './peers.js';
import { decodeRecord, encodePublication } from './records.js';

/** Options of a broker whose carrier (connection to a message service) reaches all nodes. */
export interface BroadcastOptions {
  /**
   * The secret that all nodes of the installation have, of at least 32 bytes. Frames are signed with it (HMAC-SHA-256),
   * and only frames that are signed with it, by a node that is running now, take effect. Without a key, frames of any
   * program that may write to the message service take effect, and the process emits the warning
   * `EVERYWIRE_BROKER_WITHOUT_KEY` once. A key hides nothing from programs that may read.
   */
  readonly key?: BrokerKey;
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
   * Called with the number of frames that were refused since the last call, because they are not frames of this version,
   * not signed with the key, or old: with the first immediately, then at most once per 30 heartbeats. Each call comes
   * with a gap, because a node of another version or with another key may have published.
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
 * @throws BrokerError `key_too_short`
 */
export function createBroadcastBroker(carrier: BrokerCarrier, options: BroadcastOptions = {}): Broker {
  const { heartbeatMs = 1_000, waitingBytesMax = 8 << 20 } = options;
  const key = keyOf(options.key);
  const subscribed = new Set<string>();
  const from = randomBytes(FROM_BYTES);
  const name = from.toString('latin1');
  const codec = new FrameCodec(from, key);
  const outbox = new FrameQueue(carrier, codec, { waitingBytesMax, heard: () => peers.names });
  const gaps = new PacedReports(1, () => {
    if (closing === null) broker.onGap?.();
  });
  const refused = new PacedReports(AWAY_BEATS, (count) => {
    gaps.add(1);
    options.onRefused?.(count);
  });
  const peers: Peers = new Peers({
    signedName: key === null ? null : name,
    onRecord,
    onGap: () => gaps.add(1),
    onGone: (count) => options.onGone?.(count),
    onMet: () => outbox.beat(),
    onUnproven: (count) => refused.add(count),
  });
  let isThere = true;
  let closing: Promise<void> | null = null;
  let awayFor = 0;
  let beats = 0;
  let tickedAt = performance.now();

  function onRecord(record: Buffer): void {
    const publication = decodeRecord(record, (topic) => subscribed.has(topic));
    if (publication === null || closing !== null) return;
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
    if (awayFor % AWAY_BEATS === 0) gaps.add(1);
  }

  async function ifOpen(act: () => void): Promise<void> {
    if (closing !== null) throw new BrokerError('broker_closed');
    act();
  }

  // While this broker closes, it still meets the nodes that its last publications are for.
  carrier.onFrame = (bytes) => {
    try {
      const frame = codec.decode(bytes);
      if (frame !== null) peers.receive(frame);
    } catch {
      // The frame has another version or key, or comes from another program. It may have contained a publication.
      refused.add(1);
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
