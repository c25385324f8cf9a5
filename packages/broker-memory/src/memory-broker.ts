import type { Broker, Publication } from '@everywire/server';

/**
 * The open memory brokers of one installation, which exchange publications. `members`: a function for each that
 * receives a publication.
 */
export interface MemoryExchange {
  readonly members: Set<(publication: Publication) => void>;
}

/** Creates an exchange without brokers. */
export function createMemoryExchange(): MemoryExchange {
  return { members: new Set() };
}

/** Thrown by every call on a broker after `close`. */
export class BrokerClosedError extends Error {
  readonly code = 'broker_closed';
  constructor() {
    super('This broker is closed.');
    this.name = 'BrokerClosedError';
  }
}

/**
 * Creates the broker of an installation with a single process. It is also the reference for the behaviour of all other
 * brokers. In tests, several brokers on one exchange behave like the nodes of a cluster. It loses nothing.
 *
 * Publications of one tick are delivered together in a microtask, so the queue never holds more than the publications
 * of one tick.
 */
export function createMemoryBroker(exchange: MemoryExchange = createMemoryExchange()): Broker {
  const subscribed = new Set<string>();
  let pending: Publication[] = [];
  let closed = false;

  function flush(): void {
    const batch = pending;
    pending = [];
    for (const publication of batch) {
      // Checks the topics now, so that nothing arrives after `close` or `unsubscribe`.
      const topics = publication.topics.filter((topic) => subscribed.has(topic));
      if (topics.length > 0) hand({ ...publication, topics });
    }
  }

  /**
   * Delivers a publication. If the handler throws, its error is thrown again in a later microtask, so that the other
   * publications are still delivered.
   */
  function hand(publication: Publication): void {
    try {
      broker.onPublication?.(publication);
    } catch (error) {
      queueMicrotask(() => {
        throw error;
      });
    }
  }

  function receive(publication: Publication): void {
    if (!publication.topics.some((topic) => subscribed.has(topic))) return;
    pending.push(publication);
    if (pending.length === 1) queueMicrotask(flush);
  }

  async function ifOpen(act: () => void): Promise<void> {
    if (closed) throw new BrokerClosedError();
    act();
  }

  const broker: Broker = {
    onPublication: null,
    onGap: null,
    publish: (publication) =>
      ifOpen(() => {
        for (const member of exchange.members) if (member !== receive) member(publication);
      }),
    subscribe: (topic) => ifOpen(() => void subscribed.add(topic)),
    unsubscribe: (topic) => ifOpen(() => void subscribed.delete(topic)),
    close: async () => {
      closed = true;
      pending = [];
      subscribed.clear();
      exchange.members.delete(receive);
    },
  };
  exchange.members.add(receive);
  return broker;
}
