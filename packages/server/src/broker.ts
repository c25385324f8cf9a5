/** One publish as it travels between nodes. */
export interface Publication {
  readonly topic: string;
  readonly data: string | Uint8Array;
  /** How a full subscriber is treated, see `TopicClass`. */
  readonly class: 'durable' | 'hint' | 'ephemeral';
  /** Which node published it, and has delivered it to its own members: opaque to a broker, given back unchanged. */
  readonly node: string;
  /** Replaces what a subscriber has not been written of the same key and topic. */
  readonly conflate?: string;
}

/** A publish as it arrives: the broker that took it has stamped it (SN-26). */
export interface StampedPublication extends Publication {
  /** Which broker took it: a name that no other has or had. One that cannot go on counting takes a new name. */
  readonly publisher: string;
  /** Of that publisher in that topic: 1, 2, 3 and on. */
  readonly counter: number;
}

/**
 * Port: carries publications between the nodes of one installation. Declared here because the server needs it.
 *
 * - Ordering: publications of one publisher to one topic arrive at every subscriber in the order of the `publish` calls.
 *   Nothing is promised between topics or publishers; the only total order is the store's sequence (SN-26).
 * - Delivery: at most once. What is missing shows in the counters, which the hub watches: after a gap it tells every member of the
 *   topic to look again, once. That says nothing of the last publication, so a broker whose publications can be lost calls `onGap`
 *   within 2 s of any loss (`BrokerLinks` finds it), and where it lost contact and cannot replay what was published meanwhile.
 * - The publishing broker delivers to its own subscribers too, and never from inside `publish`: always in a later microtask or turn. The hub ignores these: it has
 *   delivered what its node published before it called `publish`.
 * - `subscribe` and `unsubscribe` take effect in the order of their calls. `subscribe` is idempotent; after its promise resolves every later publish is received. A promise that resolves within
 *   the turn of the call says that every publish after the call is received; where it resolves later, the hub makes the members who joined until then look again.
 *   `unsubscribe` likewise; what was under way may still arrive once.
 * - The caller does not change `data` after `publish`; neither does who receives it.
 * - Errors: `publish` rejects with a typed error when the publication was certainly not accepted; it never waits for subscribers.
 * - The creator calls `close`; after it nothing is delivered and every call rejects.
 */
export interface Broker {
  publish(publication: Publication): Promise<void>;
  subscribe(topic: string): Promise<void>;
  unsubscribe(topic: string): Promise<void>;
  /** Set once by the hub before the first `subscribe`. */
  onPublication: ((publication: StampedPublication) => void) | null;
  /**
   * The broker lost contact and some publications may be missing, in any topic. Set once by the hub, and by nothing else:
   * an application passes `onBrokerGap` to the server.
   */
  onGap: (() => void) | null;
  close(): Promise<void>;
}
