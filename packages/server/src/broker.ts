/** One publish as it travels between nodes. */
export interface Publication {
  /** At least one. */
  readonly topics: readonly string[];
  readonly data: string | Uint8Array;
  /** How a full subscriber is treated, see `TopicClass`. */
  readonly class: 'durable' | 'hint' | 'ephemeral';
  /** Replaces what a subscriber has not been written of the same key and topic. */
  readonly conflate?: string;
}

/**
 * Port: carries publications between the nodes of one installation. Declared here because the server needs it.
 *
 * - It brings a publication to every other broker of the installation that has subscribed to one of its topics, once, with those of its topics alone. To its own
 *   subscribers it brings nothing: a node delivers what it publishes by itself.
 * - Ordering: publications of one broker arrive in the order of its `publish` calls, in whatever topics. Nothing is promised between brokers; the only total
 *   order is the store's sequence (SN-26).
 * - Delivery: at most once, and never after a later one of the same broker. Where one may be missing `onGap` is called within 2 s, or that much after contact came back; also
 *   where it was the last that its broker published, and where that broker ended without a word. `createBroadcastBroker` finds it for an adapter.
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
  /** Set once by the hub before the first `subscribe`. Called in a turn or microtask of its own. */
  onPublication: ((publication: Publication) => void) | null;
  /**
   * Some publications may be missing, in any topic. Set once by the hub, and by nothing else: an application passes `onBrokerGap` to the server.
   */
  onGap: (() => void) | null;
  close(): Promise<void>;
}
