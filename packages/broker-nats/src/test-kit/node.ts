import type { Broker } from '@everywire/server';
import { expect } from 'vitest';
import { createNatsBroker, type NatsBrokerOptions } from '../index.js';

/** A broker (carries publications between server nodes) that is subscribed to one topic, with a record of its events. */
export interface Node {
  readonly broker: Broker;
  /** The publications that it received. */
  readonly received: string[];
  /** Changes of the contact to the NATS server: `lost: …` or `back`. */
  readonly contact: string[];
  /** How often it reported that publications may be lost. */
  gaps: number;
}

const nodes: Node[] = [];

/** Closes all brokers opened by `openNode`. */
export async function closeNodes(): Promise<void> {
  for (const { broker } of nodes.splice(0)) await broker.close();
}

/** Opens a broker and subscribes it to `room`. */
export async function openNode(options: NatsBrokerOptions): Promise<Node> {
  const contact: string[] = [];
  const onContact = (isThere: boolean, reason: Error | null): void =>
    void contact.push(isThere ? 'back' : `lost: ${reason?.message ?? ''}`);
  const broker = await createNatsBroker({ onContact, ...options });
  const opened: Node = { broker, received: [], contact, gaps: 0 };
  nodes.push(opened);
  broker.onPublication = ({ data }) => opened.received.push(String(data));
  broker.onGap = () => {
    opened.gaps += 1;
  };
  await broker.subscribe('room');
  return opened;
}

/** Publishes a hint to `room`. */
export function publish({ broker }: Node, data: string): Promise<void> {
  return broker.publish({ topics: ['room'], data, class: 'hint' });
}

/** Waits for a condition, at most `timeout` ms. */
export function until(condition: () => boolean, timeout = 20_000): Promise<void> {
  return expect.poll(condition, { interval: 5, timeout }).toBe(true);
}

/** Returns whether the broker ever lost contact. */
export function isLost({ contact }: Node): boolean {
  return contact.some((text) => text.startsWith('lost'));
}

/** Returns whether the last change of contact was a return. */
export function isBack({ contact }: Node): boolean {
  return contact.at(-1) === 'back';
}

/**
 * Publishes from every node until all other nodes receive it, because a new subscription spreads through a cluster of
 * servers with a delay.
 */
export async function meet(all: readonly Node[]): Promise<void> {
  for (const [from, node] of all.entries()) {
    const others = all.filter((each) => each !== node);
    const greeting = `hello from ${from}`;
    await expect
      .poll(
        async () => {
          await publish(node, greeting);
          return others.every(({ received }) => received.includes(greeting));
        },
        { interval: 20, timeout: 20_000 },
      )
      .toBe(true);
  }
}
