import type { Answers, ConversationId } from '@everywire/chat';
import { expect, it } from 'vitest';
import { ChatCore } from './core/chat-core.js';
import { coreLimits } from './core/core-limits.js';
import type { OutgoingRequest } from './core/request-queue.js';
import { entryOf } from './core/test-wire.js';
import { markAllRead } from './mark-all-read.js';

// Tests `markAllRead`, which marks all conversations as read, also those of list pages that have not arrived.

/** A core (client without input and output) whose requests the test answers, with listeners for its changes. */
class Bench {
  /** The server does not answer read cursors, so all of them may be in flight. */
  readonly core = new ChatCore({ me: 1, limits: { ...coreLimits, backgroundRequestsMax: 100 } });
  /** Conversations whose unread mark was removed. */
  readonly unmarked: ConversationId[] = [];
  readonly listeners = new Set<() => void>();
  /** Requests in flight. */
  readonly #requests: OutgoingRequest[] = [];

  /** Runs an action on the core, takes its new requests, and calls the listeners. */
  whenLoaded = (intent: (core: ChatCore) => void): void => {
    intent(this.core);
    this.#requests.push(...this.core.takeRequests());
    for (const listener of this.listeners) listener();
  };

  markAllRead(): void {
    const subscribe = (listener: () => void): (() => void) => {
      this.listeners.add(listener);
      return () => this.listeners.delete(listener);
    };
    markAllRead(this, subscribe, (conversation) => this.unmarked.push(conversation));
  }

  answer<Name extends keyof Answers>(command: Name, ok: Answers[Name]): void {
    const index = this.#requests.findLastIndex(({ request }) => request.command === command);
    const [found] = this.#requests.splice(index, 1);
    if (index < 0 || found === undefined) throw new Error(`${command} is not asked`);
    this.whenLoaded((core) => core.answered(found.token, ok as Answers[keyof Answers]));
  }

  /** Returns the read cursors sent within one second. */
  second(): readonly ConversationId[] {
    this.#requests.splice(0);
    this.whenLoaded((core) => core.tick(0));
    return this.#requests.flatMap(({ request }) => (request.command === 'read' ? [request.conversation] : []));
  }
}

const unread = (conversation: number) => entryOf({ conversation, read: 4, unread: 6 });
const entriesOf = (bench: Bench) => bench.core.entries().map((each) => each.unread);

it('each list page is marked as read on arrival, and sent a few per second, even after a lost connection', () => {
  const bench = new Bench();
  bench.markAllRead();
  bench.whenLoaded((core) => core.connected());
  const first = [1, 2, 3, 4, 5, 6].map(unread);
  bench.answer('list', { outcome: 'reset', epoch: 'e', cursor: 'c', entries: first, more: true });
  expect(entriesOf(bench)).toEqual(Array(6).fill(0));
  expect(bench.listeners.size).toBe(1);
  bench.answer('listPage', { epoch: 'e', entries: [7, 8, 9, 10].map(unread), more: false } as never);
  expect(entriesOf(bench)).toEqual(Array(10).fill(0));
  expect(bench.listeners.size).toBe(0);

  const firstSecond = bench.second();
  expect(firstSecond).toHaveLength(8);
  expect([...firstSecond, ...bench.second()].toSorted((a, b) => a - b)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
  bench.whenLoaded((core) => core.disconnected());
  bench.whenLoaded((core) => core.connected());
  expect(bench.second()).toHaveLength(8);
});

it('manual marks are cleared, but former conversations and later messages are left', () => {
  const bench = new Bench();
  bench.whenLoaded((core) => core.connected());
  const entries = [entryOf({ conversation: 1, read: 10, unread: 0, mark: true }), { ...unread(2), member: false }];
  bench.answer('list', { outcome: 'reset', epoch: 'e', cursor: 'c', entries, more: false });
  bench.markAllRead();
  expect(bench.unmarked).toEqual([1]);
  expect(bench.second()).toEqual([]);
  expect(bench.listeners.size).toBe(0);
});
