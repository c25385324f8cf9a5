import { type BrokerCarrier, createBroadcastBroker } from '@everywire/broker-broadcast';
import { decodeFrame } from '@everywire/broker-broadcast/internal';
import type { Broker } from '@everywire/server';

/** What the lossy brokers of one installation share: those that are open. */
export type FrameExchange = Set<(frame: Buffer) => void>;

/** A broadcast broker whose carrier loses, repeats and is cut off on command, as a network does, and whose subscriptions may be late. */
export interface LossyBroker extends Broker {
  /** Frames to be lost: that many of the next ones to arrive that bring publications. What was published in one turn is one frame. */
  lose(count: number): void;
  /** The last one that arrived comes again. */
  repeat(): void;
  /** Nothing arrives any more, and the broker does not know. */
  cut(): void;
  /** `replay`: what came meanwhile is delivered; else it is lost. */
  repair(how?: { readonly replay: boolean }): void;
  /** From now on `subscribe` and `unsubscribe` take effect, in the order of their calls, no sooner than at `takeUp`. */
  delay(): void;
  takeUp(): void;
}

/** @param heartbeatMs absent: no beat in the time of a test, so that only the next publication tells of a loss */
export function createLossyBroker(
  exchange: FrameExchange,
  { heartbeatMs = 3_600_000 }: { readonly heartbeatMs?: number } = {},
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
    const brings = !['beat', 'end'].includes(decodeFrame(frame).kind);
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
  const broker = createBroadcastBroker(carrier, { heartbeatMs });
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
