import type { ChatClient, ConversationEntry, MessageNews } from '@everywire/chat-client';
import { type NoticeStyle, type NotificationContent, noticeOf, type SentMessage, summaryOf } from './notices.js';
import type { Tabs } from './tabs.js';
import { notifyingCount, type UnreadByRule, unreadByRule } from './waiting.js';

/** Durations in milliseconds. */
const times = {
  /** Messages within this time are combined. A message read within it, on any device, does not notify. */
  gather: 300,
  /** The text of a message is used only for unread counts that rise within this time. */
  fresh: 10_000,
} as const;

/** The number of messages kept per conversation until the notification; older ones are dropped. */
const HEARD_MAX = 10;

/** Up to this many conversations get a notification each; more are combined in a summary. */
const ONE_BY_ONE_MAX = 3;

/** What a click on a notification opens. Without a message, the conversation opens at its usual place. */
export interface NoticeTarget {
  readonly conversation: number;
  readonly thread: number | null;
  readonly sequence: number | null;
}

/** Dependencies of a `Notifier`. */
export interface NotifierOptions {
  readonly chat: Pick<ChatClient, 'subscribe' | 'getSnapshot' | 'watchMessages' | 'person'>;
  readonly tabs: Tabs;
  /** Shows a notification that opens `target`, or the list if it is `null`. Returns `null` if it cannot be shown. */
  readonly show: (notice: NotificationContent, target: NoticeTarget | null) => { close(): void } | null;
  /** Called for every notification, even if the browser does not allow notifications. */
  readonly sound: () => void;
  readonly style: () => NoticeStyle;
}

interface Shown {
  readonly close: () => void;
  readonly target: NoticeTarget;
}

const nothing: UnreadByRule = { all: 0, mentions: 0 };

/**
 * Decides what to notify of. A conversation notifies when its unread count under its notification rule rises; the message events provide
 * the text. After a gap there are no events, and one summary covers all conversations. Notifies in one tab only, and only while no tab is
 * in front. Withdraws a notification when its conversation is read on any device or its message is recalled.
 */
export class Notifier {
  readonly #options: NotifierOptions;
  readonly #ends: (() => void)[];
  /** The last unread counts by conversation. Kept while the list does not contain the conversation, for example during a reset. */
  readonly #known = new Map<number, UnreadByRule>();
  /**
   * The highest `activityAt` ever listed: a conversation with an older one is not new but was loaded late. `null` before the first list.
   */
  #newest: number | null = null;
  /** Received messages that were not notified of yet, by conversation, the newest last. */
  readonly #received = new Map<number, readonly ReceivedMessage[]>();
  /**
   * Conversations to notify of, and whether a tab was in front when their count rose: messages the user saw arrive need no notification.
   */
  readonly #pending = new Map<number, Promise<boolean>>();
  #gathering: ReturnType<typeof setTimeout> | null = null;
  readonly #shown = new Map<number, Shown>();
  #summary: { readonly close: () => void; readonly conversations: ReadonlySet<number> } | null = null;

  constructor(options: NotifierOptions) {
    this.#options = options;
    const { chat } = options;
    this.#ends = [chat.subscribe(() => this.#onSnapshot()), chat.watchMessages((news) => this.#onNews(news))];
    this.#onSnapshot();
  }

  /** Unsubscribes and withdraws all notifications. */
  close(): void {
    for (const end of this.#ends.splice(0)) end();
    if (this.#gathering !== null) clearTimeout(this.#gathering);
    this.#gathering = null;
    for (const conversation of [...this.#shown.keys()]) this.#withdraw(conversation);
    this.closeSummary();
  }

  /** Withdraws the summary when the user sees the list. */
  closeSummary(): void {
    this.#summary?.close();
    this.#summary = null;
  }

  #onNews(news: MessageNews): void {
    const { conversation, sequence } = news;
    const others = (this.#received.get(conversation) ?? []).filter(({ message }) => message.sequence !== sequence);
    if (news.news === 'sent') {
      this.#received.set(conversation, [...others, { message: news, at: Date.now() }].slice(-HEARD_MAX));
      return;
    }
    this.#received.set(conversation, others);
    // The message was recalled before the notification.
    if (others.length === 0) this.#pending.delete(conversation);
    if (this.#shown.get(conversation)?.target.sequence === sequence) this.#withdraw(conversation);
  }

  #onSnapshot(): void {
    const { conversations, loading } = this.#options.chat.getSnapshot();
    if (loading) return;
    const risen = conversations.filter((entry) => this.#hasRisen(entry));
    if (risen.length > 0) {
      const looked = this.#options.tabs.isAnyInFront();
      for (const { id } of risen) this.#pending.set(id, looked);
    }
    const newest = Math.max(this.#newest ?? 0, ...conversations.map(({ activityAt }) => activityAt));
    this.#newest = newest;
    this.#withdrawRead(conversations);
    if (this.#pending.size > 0 && this.#gathering === null) {
      this.#gathering = setTimeout(() => {
        this.#gathering = null;
        void this.#notify();
      }, times.gather);
    }
  }

  /** Stores the unread count of a conversation and returns whether it has risen. */
  #hasRisen(entry: ConversationEntry): boolean {
    const unread = unreadByRule(entry);
    const isNew = this.#newest !== null && entry.activityAt > this.#newest;
    const before = this.#known.get(entry.id) ?? (isNew ? nothing : unread);
    this.#known.set(entry.id, unread);
    return entry.notify !== 'none' && unread[entry.notify] > before[entry.notify];
  }

  #withdrawRead(conversations: readonly ConversationEntry[]): void {
    if (this.#shown.size === 0 && this.#summary === null) return;
    const now = Date.now();
    const byId = new Map(conversations.map((entry) => [entry.id, entry]));
    const isRead = (id: number): boolean => {
      const entry = byId.get(id);
      return entry === undefined || notifyingCount(entry, now) === 0;
    };
    for (const [id, { target }] of this.#shown) {
      const preview = byId.get(id)?.preview;
      const recalled = preview?.service?.change === 'recalled' && preview.sequence === target.sequence;
      if (recalled || isRead(id)) this.#withdraw(id);
    }
    if (this.#summary !== null && [...this.#summary.conversations].every(isRead)) this.closeSummary();
  }

  #withdraw(conversation: number): void {
    this.#shown.get(conversation)?.close();
    this.#shown.delete(conversation);
  }

  async #notify(): Promise<void> {
    const risen = new Map([...this.#pending.keys()].map((id) => [id, this.#received.get(id) ?? []]));
    const looks = [...this.#pending];
    this.#pending.clear();
    for (const id of risen.keys()) this.#received.delete(id);
    for (const [id, looked] of looks) if (await looked) risen.delete(id);
    if (risen.size === 0 || (await this.#options.tabs.isAnyInFront())) return;
    const now = Date.now();
    const { conversations } = this.#options.chat.getSnapshot();
    const waiting = conversations
      .filter((entry) => risen.has(entry.id) && notifyingCount(entry, now) > 0)
      .filter(({ id, activityAt }) => this.#options.tabs.mayNotify(id, activityAt));
    if (waiting.length === 0 || this.#isClosed) return;
    const heard = waiting.map((entry) => [entry, messageFor(entry, risen.get(entry.id) ?? [], now)] as const);
    const one = waiting.length === 1;
    if (one || (waiting.length <= ONE_BY_ONE_MAX && heard.every(([, message]) => message !== null))) {
      for (const [entry, message] of heard) this.#show(entry, message, now);
    } else this.#showSummary(waiting, now);
    this.#options.sound();
  }

  get #isClosed(): boolean {
    return this.#ends.length === 0;
  }

  #show(entry: ConversationEntry, heard: SentMessage | null, now: number): void {
    const { chat, show, style } = this.#options;
    // The sender's name may have been fetched since.
    const message = heard && { ...heard, sender: chat.person(heard.sender.id) };
    const target = {
      conversation: entry.id,
      thread: message?.thread ?? null,
      sequence: message?.sequence ?? (entry.notify === 'mentions' ? entry.mentionAt : null),
    };
    const shown = show(noticeOf(entry, message, notifyingCount(entry, now), style()), target);
    if (shown !== null) this.#shown.set(entry.id, { close: () => shown.close(), target });
  }

  /** Shows or extends the summary. Conversations named before stay in it while they have unread messages. */
  #showSummary(risen: readonly ConversationEntry[], now: number): void {
    const wanted = new Set([...(this.#summary?.conversations ?? []), ...risen.map(({ id }) => id)]);
    const waiting = this.#options.chat
      .getSnapshot()
      .conversations.filter((entry) => wanted.has(entry.id) && notifyingCount(entry, now) > 0);
    for (const { id } of waiting) this.#withdraw(id);
    const notice = summaryOf(
      waiting.map((entry) => [entry.title, notifyingCount(entry, now)] as const),
      this.#options.style(),
    );
    const shown = this.#options.show(notice, null);
    if (shown === null) return;
    this.#summary = { close: () => shown.close(), conversations: new Set(waiting.map(({ id }) => id)) };
  }
}

interface ReceivedMessage {
  readonly message: SentMessage;
  /** Milliseconds since the epoch. */
  readonly at: number;
}

/** Returns the newest recent message that the rule notifies of, or `null`. */
function messageFor({ notify }: ConversationEntry, heard: readonly ReceivedMessage[], now: number): SentMessage | null {
  const fitting = heard.filter(({ message, at }) => now - at <= times.fresh && (notify === 'all' || message.callsMe));
  return fitting.at(-1)?.message ?? null;
}
