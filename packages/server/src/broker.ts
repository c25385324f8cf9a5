/** A publication as it is sent between nodes. */
export interface Publication {
  /** At least one. */
  readonly topics: readonly string[];
  readonly data: string | Uint8Array;
  /** Determines what happens for a subscriber whose buffer is full. See `TopicClass`. */
  readonly class: 'durable' | 'hint' | 'ephemeral';
  /**
   * A key. For each subscriber, this publication replaces unwritten ones with the same key and topic. Absent: replaces
   * none.
   */
  readonly conflate?: string;
}

/**
 * Port (an interface that adapters implement): carries publications between the nodes of one installation. A node is
 * one server process. A node that misses publications makes clients resync, which means that they load the current
 * state again.
 *
 * - Delivers a publication once to every other broker of the installation that has subscribed to one of its topics,
 * with only those topics. Delivers nothing to its own subscribers, because a node delivers its own publications itself.
 * - Ordering: publications of one broker arrive in the order of its `publish` calls, across topics. There is no order
 * between brokers; the only total order is the store's sequence (SN-26).
 * - Delivery: at most once, and never after a later one of the same broker. If a publication may be missing, calls
 * `onGap` within 2 s, or within 2 s after contact was restored. This includes the last publication of a broker and
 * those of a broker that crashed. `createBroadcastBroker` detects gaps for an adapter.
 * - `subscribe` and `unsubscribe` take effect in call order. `subscribe` is idempotent; after its promise resolves
 * every later publication is received. If it resolves within the tick of the call, every publication after the call is
 * received. If it resolves later, the hub makes members who joined until then resync. `unsubscribe` is idempotent as
 * well; publications in flight may still arrive once.
 * - Neither the caller of `publish` nor a receiver may change `data`.
 * - Errors: `publish` rejects with a typed error if the publication was certainly not accepted; it never waits for
 * subscribers.
 * - The creator calls `close`; afterwards nothing is delivered and every call rejects.
 */
export interface Broker {
  /** Sends a publication to the other nodes. */
  publish(publication: Publication): Promise<void>;
  /** Starts to receive the publications of a topic. */
  subscribe(topic: string): Promise<void>;
  /** Stops receiving the publications of a topic. */
  unsubscribe(topic: string): Promise<void>;
  /** Set once by the hub before the first `subscribe`. Called in a separate tick or microtask. */
  onPublication: ((publication: Publication) => void) | null;
  /**
   * Called when publications may be missing, in any topic. Set once, only by the hub: an application passes
   * `onBrokerGap` to the server.
   */
  onGap: (() => void) | null;
  /** Stops all delivery. */
  close(): Promise<void>;
}
