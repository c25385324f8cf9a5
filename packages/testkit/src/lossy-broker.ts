import { type Broker, BrokerLinks, type StampedPublication } from '@everywire/server';

/** What the link brought, and how many that makes. */
interface Sent {
  readonly publication: StampedPublication;
  readonly count: number;
}

/** A broker around another that loses, repeats, is late and is cut off on command: what a network does to a real one. */
export interface LossyBroker extends Broker {
  /** Publications to be lost: that many of the next ones to arrive. */
  lose(count: number): void;
  /** The last one that arrived comes again. */
  repeat(): void;
  /** Cut off: nothing arrives. `replay` on return: what came meanwhile is delivered; else it is gone, and `onGap` says so. */
  cut(): void;
  rejoin(how: { readonly replay: boolean }): void;
  /** As `rejoin`, but what came meanwhile is gone, and the broker does not know that it was cut off. */
  mend(): void;
  /** From now on `subscribe` and `unsubscribe` take effect, in the order of their calls, no sooner than at `takeUp`. */
  delay(): void;
  takeUp(): void;
}

/** @param heartbeatMs how often what was sent is told, so that a loss is known; absent: only the counters of topics tell of one */
export function createLossyBroker(inner: Broker, { heartbeatMs }: { readonly heartbeatMs?: number } = {}): LossyBroker {
  const links = new BrokerLinks();
  const sent = new Map<string, number>();
  let losing = 0;
  let isCut = false;
  let missed: Sent[] = [];
  let last: StampedPublication | null = null;
  let delayed: Promise<void> | null = null;
  let takeUp = (): void => undefined;

  function deliver(publication: StampedPublication): void {
    last = publication;
    broker.onPublication?.(publication);
  }

  function arrive({ publication, count }: Sent): void {
    if (links.came(publication.publisher, count) && heartbeatMs !== undefined) broker.onGap?.();
    deliver(publication);
  }

  /** @returns whether something was lost that nobody knew of */
  function beat(): boolean {
    return [...sent].filter(([peer, count]) => links.beat(peer, count)).length > 0;
  }

  inner.onPublication = (publication) => {
    const count = (sent.get(publication.publisher) ?? 0) + 1;
    sent.set(publication.publisher, count);
    if (losing > 0) losing -= 1;
    else if (isCut) missed.push({ publication, count });
    else arrive({ publication, count });
  };
  const beating =
    heartbeatMs === undefined ? undefined : setInterval(() => !isCut && beat() && broker.onGap?.(), heartbeatMs);

  const broker: LossyBroker = {
    onPublication: null,
    onGap: null,
    publish: (publication) => inner.publish(publication),
    subscribe: (topic) => delayed?.then(() => inner.subscribe(topic)) ?? inner.subscribe(topic),
    unsubscribe: (topic) => delayed?.then(() => inner.unsubscribe(topic)) ?? inner.unsubscribe(topic),
    close(): Promise<void> {
      clearInterval(beating);
      return inner.close();
    },
    lose(count: number): void {
      losing += count;
    },
    repeat(): void {
      if (last !== null) deliver(last);
    },
    cut(): void {
      isCut = true;
    },
    rejoin({ replay }): void {
      isCut = false;
      const arrived = missed;
      missed = [];
      if (replay) for (const one of arrived) arrive(one);
      else {
        beat();
        broker.onGap?.();
      }
    },
    mend(): void {
      isCut = false;
      missed = [];
    },
    delay(): void {
      delayed = new Promise((resolve) => {
        takeUp = resolve;
      });
    },
    takeUp(): void {
      delayed = null;
      takeUp();
    },
  };
  return broker;
}
