import type { Notice, ServerEvent, UserId } from '@everywire/chat';
import { Bus, type BusMessage } from './bus.js';
import type { Device } from './device.js';
import { HintWatch } from './hint-watch.js';
import type { HintMessage, NodeLinks } from './node-people.js';
import { ServerNode } from './server-node.js';
import type { World } from './world.js';
import { nodesCount, users, worldLimits } from './world-limits.js';

/** Simulates the server nodes, the devices that are connected to them, and the bus that carries messages between nodes. */
export class NodeNetwork {
  readonly nodes: readonly ServerNode[];
  readonly #world: World;
  readonly #bus: Bus;
  readonly #watch: HintWatch;
  readonly #send: (device: Device, event: ServerEvent) => void;
  /** Nodes that have receipts to flush. */
  readonly #unflushed = new Set<number>();
  #connecting: Promise<void>[] = [];

  constructor(world: World, send: (device: Device, event: ServerEvent) => void) {
    this.#world = world;
    this.#send = send;
    this.#bus = new Bus(world.random, () => world.faults);
    this.#watch = new HintWatch(world, this);
    this.nodes = Array.from(
      { length: nodesCount },
      (_, node) =>
        new ServerNode({
          users,
          limits: worldLimits,
          mintId: () => world.mintId(16),
          links: this.#linksOf(node),
          store: () => world.store,
        }),
    );
  }

  /** Whether anything waits to be published or delivered. */
  get busy(): boolean {
    return this.#bus.length + this.#unflushed.size > 0;
  }

  /** Number of messages that wait for delivery on the bus. */
  get busLength(): number {
    return this.#bus.length;
  }

  /** Whether a node has receipts to flush. */
  get hasReceipts(): boolean {
    return this.#unflushed.size > 0;
  }

  node(index: number): ServerNode {
    const node = this.nodes[index];
    if (node === undefined) throw new Error('no such node');
    return node;
  }

  connect(device: Device): void {
    this.#watch.noteConnected(device);
    this.#connecting.push(this.node(device.node).people.connect(device));
  }

  disconnect(device: Device): void {
    this.node(device.node).people.disconnect(device);
  }

  /**
   * Resolves when every node has read the large conversations of the users who connected. A node runs their requests
   * only after this.
   */
  async ready(): Promise<void> {
    if (this.#connecting.length > 0) await Promise.all(this.#connecting.splice(0));
  }

  /** Restarts the process of a node. */
  crash(index: number): void {
    this.node(index).crash();
    this.#unflushed.delete(index);
    this.#watch.noteCrash(index);
  }

  /** Restarts every node and drops what is in flight between them. */
  restart(): void {
    this.#bus.clear();
    for (const index of this.nodes.keys()) this.crash(index);
  }

  /** Publishes the notices (events and their recipients) of a commit on a node, and checks who receives them. */
  async publish(from: number, notices: readonly Notice[], by: UserId): Promise<void> {
    if (notices.length === 0) return;
    for (const notice of notices) this.#world.leaks.noteCommit(notice);
    if (notices.some(({ to }) => to === 'watchers')) this.#unflushed.add(from);
    this.#watch.begin();
    this.node(from).people.hints.announce(notices, by);
    await settled();
    this.#watch.checkPublished(from, notices);
  }

  /** Records the notices of a commit on a node that crashed before it published them. */
  drop(notices: readonly Notice[]): void {
    this.#watch.noteDropped(notices);
  }

  /** Flushes the receipts of one node that has some. */
  async flush(): Promise<void> {
    const index = this.#world.random.pick([...this.#unflushed]);
    this.#unflushed.delete(index);
    this.#watch.begin();
    this.node(index).people.hints.flushReceipts();
    await settled();
    this.#watch.checkFlushed(index);
  }

  /** Delivers one message of the bus. */
  async deliver(index: number): Promise<void> {
    const message = this.#bus.take(index);
    if (message === undefined) return;
    if (message.kind === 'publication') {
      for (const topic of message.topics) this.#give(message.to, topic, message.text);
    } else await this.#receive(message);
  }

  /** Lets a node handle a message for the node itself. */
  async #receive({ to, text, afterGap }: Extract<BusMessage, { readonly kind: 'node' }>): Promise<void> {
    const { people } = this.node(to);
    if (afterGap) {
      people.handleGap();
      this.#watch.noteGap(to);
    }
    const message = JSON.parse(text) as HintMessage;
    this.#watch.begin();
    people.hints.receive(message);
    await settled();
    this.#watch.checkReceived(to, message);
  }

  /** Returns the way from a node to its own devices and to the other nodes. */
  #linksOf(from: number): NodeLinks {
    const others = Array.from({ length: nodesCount }, (_, node) => node).filter((node) => node !== from);
    return {
      publish: (topic, text, reach) => {
        this.#give(from, topic, text);
        if (reach === 'node') return;
        for (const to of others) {
          const subscribers = this.node(to).people.subscribersOf(topic);
          for (const device of subscribers) this.#watch.notePublished(device, text);
          if (subscribers.length > 0) this.#bus.publish(from, to, { topic, text });
        }
      },
      sendToNodes: (message) => {
        const text = JSON.stringify(message);
        this.#watch.noteNodeMessage(text);
        for (const to of others) this.#bus.send(from, to, text);
      },
      onFault: (line) => this.#world.fail('CH-17', `node ${from} logs: ${line}`),
    };
  }

  /** Sends a publication to the devices on this node that subscribe to the topic. */
  #give(node: number, topic: string, text: string): void {
    for (const device of this.node(node).people.subscribersOf(topic)) {
      const event = JSON.parse(text) as ServerEvent;
      this.#watch.notePublished(device, text);
      this.#world.leaks.checkEvent(device, event);
      this.#send(device, event);
    }
  }
}

/** Resolves when hints that wait for a member view have been published. */
function settled(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
