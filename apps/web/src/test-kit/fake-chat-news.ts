import type { ChatSnapshot, ConversationEntry, MessageNews, Person } from '@everywire/chat-client';
import { entry } from '../../fixtures/cast.js';
import { chatWith } from './render-in-page.js';

const ann: Person = { id: 21, name: 'ann', displayName: 'Ann' };
const bo: Person = { id: 22, name: 'bo', displayName: 'Bo' };

/** A fake chat with a direct conversation and a group, both read, and methods that make messages arrive. */
export class FakeChatNews {
  readonly direct = 1;
  readonly group = 2;
  readonly chat = chatWith({ person: (id: number) => (id === ann.id ? ann : bo) });
  #sequence = 100;

  constructor() {
    this.set(
      entry({ id: this.direct, kind: 'direct', title: 'Ann', peer: ann, activityAt: 10 }),
      entry({ id: this.group, title: 'Garden', activityAt: 20 }),
    );
  }

  set(...conversations: readonly ConversationEntry[]): void {
    this.chat.set({ conversations });
  }

  change(id: number, change: Partial<ConversationEntry>): void {
    this.chat.change(id, change);
  }

  entry(id: number): ConversationEntry {
    const found = this.snapshot.conversations.find((candidate) => candidate.id === id);
    if (found === undefined) throw new Error(`no conversation ${id}`);
    return found;
  }

  get snapshot(): ChatSnapshot {
    return this.chat.getSnapshot();
  }

  /** Delivers a live message: raises the counts and reports the message. Returns its sequence. */
  receive(id: number, text: string, { callsMe = false, sender = id === this.direct ? ann : bo } = {}): number {
    this.#sequence += 1;
    const sequence = this.#sequence;
    this.miss(id, 1, callsMe ? 1 : 0);
    this.hear({ news: 'sent', conversation: id, sequence, thread: null, sender, text, callsMe });
    return sequence;
  }

  /** Delivers a reply in a thread that the user follows. */
  reply(id: number, root: number, text: string, callsMe = false): number {
    this.#sequence += 1;
    const sequence = this.#sequence;
    const { threadsUnread } = this.entry(id);
    this.change(id, {
      threadsUnread: threadsUnread + 1,
      threads: [{ root, unread: threadsUnread + 1, mentions: callsMe ? 1 : 0 }],
    });
    this.hear({ news: 'sent', conversation: id, sequence, thread: root, sender: bo, text, callsMe });
    return sequence;
  }

  /** Raises the counts without reporting a message, as after a gap. */
  miss(id: number, unread: number, mentions = 0): void {
    const before = this.entry(id);
    this.change(id, {
      unread: before.unread + unread,
      mentions: before.mentions + mentions,
      activityAt: before.activityAt + 1,
    });
  }

  read(id: number): void {
    this.change(id, { unread: 0, mentions: 0, threads: [], threadsUnread: 0 });
  }

  hear(news: MessageNews): void {
    this.chat.hear(news);
  }
}
