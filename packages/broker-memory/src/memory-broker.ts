import type { Broker, Publication, StampedPublication } from '@everywire/server';

/** What the memory brokers of one installation share: the list of those that are open. */
export interface MemoryExchange {
  readonly members: Set<(publication: StampedPublication) => void>;
  /** Publishers so far: each has a name of its own. */
  publishers: number;
}

export function createMemoryExchange(): MemoryExchange {
  return { members: new Set(), publishers: 0 };
}

/** A call on a broker after `close`. */
export class BrokerClosedError extends Error {
  readonly code = 'broker_closed';
  constructor() {
    super('This broker is closed.');
    this.name = 'BrokerClosedError';
  }
}

/** Topics a broker counts its publishes in. Above, it forgets them all and goes on under a new name. */
const COUNTED_TOPICS_MAX = 100_000;

/**
 * The broker of an installation of one process, and the reference for all others. Several on one exchange behave like so
 * many nodes, which is how tests have a cluster.
 *
 * What is published in one turn waits for one microtask; that queue holds no more than one turn published.
 */
export function createMemoryBroker(exchange: MemoryExchange = createMemoryExchange()): Broker {
  const topics = new Set<string>();
  let pending: StampedPublication[] = [];
  let counters = new Map<string, number>();
  let publisher = nextPublisher(exchange);
  let closed = false;

  function flush(): void {
    const batch = pending;
    pending = [];
    for (const publication of batch) {
      // Looked up at delivery: nothing comes after `close`, nor for a topic that was left meanwhile.
      if (!closed && topics.has(publication.topic)) hand(publication);
    }
  }

  /** An error of whoever hears it is theirs, and takes no other publication of the turn with it. */
  function hand(publication: StampedPublication): void {
    try {
      broker.onPublication?.(publication);
    } catch (error) {
      queueMicrotask(() => {
        throw error;
      });
    }
  }

  function stamp(publication: Publication): StampedPublication {
    const { topic } = publication;
    if (counters.size >= COUNTED_TOPICS_MAX && !counters.has(topic)) {
      counters = new Map();
      publisher = nextPublisher(exchange);
    }
    const counter = (counters.get(topic) ?? 0) + 1;
    counters.set(topic, counter);
    return { ...publication, publisher, counter };
  }

  function receive(publication: StampedPublication): void {
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
        const stamped = stamp(publication);
        for (const member of exchange.members) member(stamped);
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

function nextPublisher(exchange: MemoryExchange): string {
  exchange.publishers += 1;
  return `memory-${exchange.publishers}`;
}
