import type { Broker, Publication } from '@everywire/server';

/** What the memory brokers of one installation share: the list of those that are open. */
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
 * many nodes, which is how tests have a cluster.
 *
 * What is published in one turn waits for one microtask; that queue holds no more than one turn published.
 */
export function createMemoryBroker(exchange: MemoryExchange = createMemoryExchange()): Broker {
  const topics = new Set<string>();
  let pending: Publication[] = [];
  let closed = false;

  function flush(): void {
    const batch = pending;
    pending = [];
    for (const publication of batch) {
      // Looked up at delivery: nothing comes after `close`, nor for a topic that was left meanwhile.
      if (!closed && topics.has(publication.topic)) broker.onPublication?.(publication);
    }
  }

  function receive(publication: Publication): void {
    if (!topics.has(publication.topic)) return;
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
        for (const member of exchange.members) member(publication);
      }),
    subscribe: (topic) => ifOpen(() => void topics.add(topic)),
    unsubscribe: (topic) => ifOpen(() => void topics.delete(topic)),
    close: async () => {
      closed = true;
      pending = [];
      topics.clear();
      exchange.members.delete(receive);
    },
  };
  exchange.members.add(receive);
  return broker;
}
