import { type BroadcastOptions, type BrokerCarrier, createBroadcastBroker } from '@everywire/broker-broadcast';
import { kindOf } from '@everywire/broker-broadcast/internal';
import type { Broker } from '@everywire/server';

/** The open lossy brokers of one installation. */
export type FrameExchange = Set<(frame: Buffer) => void>;

/** A broadcast broker whose carrier loses and repeats frames and disconnects on command, and whose subscriptions can be delayed. */
export interface LossyBroker extends Broker {
  /** Drops the next `count` arriving frames with publications. The publications of one tick share a frame. */
  lose(count: number): void;
  /** Delivers the last arrived frame again. */
  repeat(): void;
  /** Stops all arrivals without notifying the broker. */
  cut(): void;
  /** Ends a cut. With `replay`, delivers the frames that arrived during it; otherwise they are lost. */
  repair(how?: { readonly replay: boolean }): void;
  /** Delays `subscribe` and `unsubscribe`; they take effect, in call order, at `takeUp`. */
  delay(): void;
  takeUp(): void;
}

/** Creates a lossy broker. Without `heartbeatMs` there is no heartbeat during a test, so only the next publication reveals a loss. */
export function createLossyBroker(
  exchange: FrameExchange,
  { heartbeatMs = 3_600_000, ...options }: BroadcastOptions = {},
): LossyBroker {
  let losing = 0;
  let isCut = false;
  let missed: Buffer[] = [];
  let last: Buffer | null = null;
  let delayed: Promise<void> | null = null;
  let takeUp = (): void => undefined;

  function deliver(frame: Buffer): void {
    last = frame;
    carrier.onFrame?.(frame);
  }

  function receive(frame: Buffer): void {
    const brings = !['beat', 'end'].includes(kindOf(frame) ?? '');
    if (losing > 0 && brings) losing -= 1;
    else if (isCut) missed.push(frame);
    else deliver(frame);
  }

  const carrier: BrokerCarrier = {
    frameBytesMax: 6_000,
    onFrame: null,
    onContact: null,
    send: async (frames) => {
      for (const frame of frames) for (const member of exchange) member(Buffer.from(frame));
    },
    close: async () => void exchange.delete(receive),
  };
  exchange.add(receive);
  const broker = createBroadcastBroker(carrier, { heartbeatMs, ...options });
  const { subscribe, unsubscribe } = broker;
  return Object.assign(broker, {
    subscribe: (topic: string) => delayed?.then(() => subscribe(topic)) ?? subscribe(topic),
    unsubscribe: (topic: string) => delayed?.then(() => unsubscribe(topic)) ?? unsubscribe(topic),
    lose(count: number): void {
      losing += count;
    },
    repeat(): void {
      if (last !== null) deliver(last);
    },
    cut(): void {
      isCut = true;
    },
    repair({ replay } = { replay: false }): void {
      isCut = false;
      const arrived = missed;
      missed = [];
      if (replay) for (const frame of arrived) deliver(frame);
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
  });
}
