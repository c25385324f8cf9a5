import type { SeededRandom } from '@everywire/testkit';
import type { Faults } from './world-limits.js';

/**
 * A message from one server node to another. A publication is for the users who are connected to that node. Any other
 * message is for the node itself.
 */
export type BusMessage = { readonly from: number; readonly to: number; readonly text: string } & (
  | { readonly kind: 'publication'; readonly topics: readonly string[] }
  | { readonly kind: 'node'; readonly afterGap: boolean }
);

/** Simulates the broker between the server nodes. Loses and repeats messages, and delivers the others in any order. */
export class Bus {
  readonly #random: SeededRandom;
  readonly #faults: () => Faults;
  #waiting: BusMessage[] = [];
  /** `from to` of each pair of nodes between which a node message was lost since the last one that was accepted. */
  readonly #gaps = new Set<string>();

  constructor(random: SeededRandom, faults: () => Faults) {
    this.#random = random;
    this.#faults = faults;
  }

  /** Number of messages that wait for delivery. */
  get length(): number {
    return this.#waiting.length;
  }

  /**
   * Accepts a publication for people of the node `to`. Merges it with the previous one for that node if both publish
   * the same text.
   */
  publish(from: number, to: number, { topic, text }: { readonly topic: string; readonly text: string }): void {
    if (this.#random.chance(this.#faults().loseHint)) return;
    const index = this.#waiting.findLastIndex((message) => message.to === to);
    const last = this.#waiting[index];
    if (last?.kind === 'publication' && last.from === from && last.text === text && !last.topics.includes(topic))
      this.#waiting[index] = { ...last, topics: [...last.topics, topic] };
    else this.#push({ kind: 'publication', from, to, text, topics: [topic] });
  }

  /** Accepts a message for the node `to` itself. */
  send(from: number, to: number, text: string): void {
    const pair = `${from} ${to}`;
    if (this.#random.chance(this.#faults().loseHint)) {
      this.#gaps.add(pair);
      return;
    }
    this.#push({ kind: 'node', from, to, text, afterGap: this.#gaps.delete(pair) });
  }

  /** Removes and returns a message that waits for delivery. */
  take(index: number): BusMessage | undefined {
    return this.#waiting.splice(index, 1)[0];
  }

  /** Drops everything in flight. */
  clear(): void {
    this.#waiting = [];
    this.#gaps.clear();
  }

  #push(message: BusMessage): void {
    this.#waiting.push(message);
    if (this.#random.chance(this.#faults().repeatHint)) this.#waiting.push(message);
  }
}
