import type { Broker, StampedPublication } from '@everywire/server';

/** A broker around another that loses, repeats, is late and is cut off on command: what a network does to a real one. */
export interface LossyBroker extends Broker {
  /** Publications to be lost: that many of the next ones to arrive. */
  lose(count: number): void;
  /** The last one that arrived comes again. */
  repeat(): void;
  /** Cut off: nothing arrives. `replay` on return: what came meanwhile is delivered; else it is gone, and `onGap` says so. */
  cut(): void;
  rejoin(how: { readonly replay: boolean }): void;
  /** From now on `subscribe` and `unsubscribe` take effect, in the order of their calls, no sooner than at `takeUp`. */
  delay(): void;
  takeUp(): void;
}

export function createLossyBroker(inner: Broker): LossyBroker {
  let losing = 0;
  let isCut = false;
  let missed: StampedPublication[] = [];
  let last: StampedPublication | null = null;
  let delayed: Promise<void> | null = null;
  let takeUp = (): void => undefined;

  function deliver(publication: StampedPublication): void {
    last = publication;
    broker.onPublication?.(publication);
  }

  inner.onPublication = (publication) => {
    if (losing > 0) losing -= 1;
    else if (isCut) missed.push(publication);
    else deliver(publication);
  };

  const broker: LossyBroker = {
    onPublication: null,
    onGap: null,
    publish: (publication) => inner.publish(publication),
    subscribe: (topic) => delayed?.then(() => inner.subscribe(topic)) ?? inner.subscribe(topic),
    unsubscribe: (topic) => delayed?.then(() => inner.unsubscribe(topic)) ?? inner.unsubscribe(topic),
    close: () => inner.close(),
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
      if (replay) for (const publication of arrived) deliver(publication);
      else broker.onGap?.();
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
