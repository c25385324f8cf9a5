import type { Broker, Publication } from '@everywire/server';

/** What the memory brokers of one installation share: those that are open. */
export interface MemoryExchange {
  readonly members: Set<(publication: Publication) => void>;
}

export function createMemoryExchange(): MemoryExchange {
  return { members: new Set() };
}

/** A call on a broker after `close`. */
export class BrokerClosedError extends Error {
  readonly code = 'broker_closed';
  constructor() {
    super('This broker is closed.');
    this.name = 'BrokerClosedError';
  }
}

/**
 * The broker of an installation of one process, and the reference for all others. Several on one exchange behave like so
 * many nodes, which is how tests have a cluster. It loses nothing.
 *
 * What is published in one turn waits for one microtask; that queue holds no more than one turn published.
 */
export function createMemoryBroker(exchange: MemoryExchange = createMemoryExchange()): Broker {
  const subscribed = new Set<string>();
  let pending: Publication[] = [];
  let closed = false;

  function flush(): void {
    const batch = pending;
    pending = [];
    for (const publication of batch) {
      // Looked up at delivery: nothing comes after `close`, nor for a topic that was left meanwhile.
      const topics = publication.topics.filter((topic) => subscribed.has(topic));
      if (topics.length > 0) hand({ ...publication, topics });
    }
  }

  /** An error of whoever hears it is theirs, and takes no other publication of the turn with it. */
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
