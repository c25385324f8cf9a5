import {
  type CommitEvent,
  type ConversationId,
  commitAudience,
  type Notice,
  type NoticeAudience,
  type PresenceState,
  type Profile,
  type ReceiptEvent,
  receiptAudience,
  type ServerEvent,
  type TypingEvent,
  type UserId,
} from '@everywire/chat';
import { isOpen } from '@everywire/chat/internal';
import type { TopicClass } from '@everywire/server';
import type { LargeMembers } from './large-members.js';
import type { LiveSessions } from './live-sessions.js';
import type { Logger } from './logger.js';
import type { MemberViews } from './member-views.js';
import type { HintMessage, MembersPoint } from './node-message.js';
import { presenceTopic, profileTopic, userTopic, watchTopic } from './topics.js';

/** Publishes a text to topics. `reach`: `node` for users of this node only; absent for all nodes. */
type Publish = (topics: readonly string[], text: string, topicClass: TopicClass, reach?: 'node') => void;

/** Receipts in one message to the other nodes: some 200 bytes each. */
const RECEIPTS_PER_MESSAGE = 100;

/** Dependencies of `Hints`. */
export interface HintsOptions {
  readonly publish: Publish;
  /** Sends to every other node; `null` if there is none. */
  readonly sendToNodes: ((message: HintMessage) => void) | null;
  readonly sessions: LiveSessions;
  /**
   * Called with the user who caused a hint, the number of addressed users, and the bytes sent, summed over the
   * receivers who are online here.
   */
  readonly onFanOut: (by: UserId, people: number, bytes: number) => void;
  readonly views: MemberViews;
  readonly largeMembers: LargeMembers;
  readonly log: Logger;
  /** Called when a hint for users of this node was lost, so that they must resync (CH-16). */
  readonly onLost: () => void;
  /** Events of one conversation that may wait for a view; those beyond are dropped. */
  readonly waitingMax: number;
}

/**
 * Publishes live events to users: commits, receipts, typing, presence, profiles (CH-17). These hints are best effort:
 * they may be lost, and no command waits for them. Within one conversation, hints leave in commit order, because
 * `announce` is called in that order. A hint may need a view (which users of this node are members); such hints wait in
 * a queue for each conversation.
 *
 * Hints that name their users are published to the topics of these users, on every node. All other hints (commits of
 * large conversations, receipts, typing) are sent to each other node as one message, however many users they concern.
 * Every node then publishes them to its own users, without the broker.
 */
export class Hints {
  readonly #options: HintsOptions;
  /** By conversation: the number of waiting hints, and the promise of the last one. */
  readonly #queues = new Map<ConversationId, { waiting: number; tail: Promise<void> }>();
  /**
   * The newest receipt of each member since the last `flushReceipts`. On a single node, only those of conversations
   * that are open in some session.
   */
  readonly #receipts = new Map<string, ReceiptEvent>();

  constructor(options: HintsOptions) {
    this.#options = options;
  }

  /** Publishes notices. `by` is the user who caused them; `null` if that is not a connected user. */
  announce(notices: readonly Notice[], by: UserId | null): void {
    for (const notice of notices) {
      const { event } = notice;
      if (event.event === 'commit') {
        this.#options.views.apply(event, notice.to === 'members' ? notice.membersBefore : null);
      }
      if (notice.to === 'users') this.#publishTo(notice.users, notice.event, { by });
      else if (notice.to === 'members') {
        this.#sendToNodes({ about: 'commit', notice });
        this.#inOrder(notice.conversation, () => this.#notifyMembers(notice.event, by));
      } else this.#gatherReceipt(notice.event);
    }
  }

  /** Publishes a message from another node to users of this one. */
  receive(message: HintMessage): void {
    if (message.about === 'commit') {
      const { conversation, membersBefore, event } = message.notice;
      this.#options.views.apply(event, membersBefore);
      this.#inOrder(conversation, () => this.#notifyMembers(event, null));
    } else if (message.about === 'receipts') {
      for (const event of message.receipts) this.#inOrder(event.conversation, () => this.#notifyWatchers(event));
    } else this.#notifyTyping(message.typing, message.at);
  }

  /** Publishes the gathered receipts to members who have the conversation open; call it once a second (CH-23). */
  flushReceipts(): void {
    const receipts = [...this.#receipts.values()];
    this.#receipts.clear();
    for (const event of receipts) this.#inOrder(event.conversation, () => this.#notifyWatchers(event));
    for (let from = 0; from < receipts.length; from += RECEIPTS_PER_MESSAGE) {
      this.#sendToNodes({ about: 'receipts', receipts: receipts.slice(from, from + RECEIPTS_PER_MESSAGE) });
    }
  }

  /**
   * Publishes typing to the other members who have the conversation open. `at`: the version of the membership that the
   * typing user has seen, which may be newer than that of another node.
   */
  typing(typing: TypingEvent, at: MembersPoint): void {
    this.#sendToNodes({ about: 'typing', typing, at });
    this.#notifyTyping(typing, at);
  }

  /** Publishes presence to users of this node only, because every other node detects the change itself. */
  presence(states: readonly PresenceState[]): void {
    for (const presence of states) {
      this.#publish([presenceTopic(presence.user)], { event: 'presence', presence }, 'ephemeral', 'node');
    }
  }

  /** Publishes a changed profile. */
  profile(profile: Profile): void {
    this.#publish([profileTopic(profile.id)], { event: 'profile', profile }, 'hint');
  }

  #gatherReceipt(event: ReceiptEvent): void {
    const { sessions, sendToNodes } = this.#options;
    if (sendToNodes === null && sessions.watchersOf(event.conversation).length === 0) return;
    this.#receipts.set(`${event.conversation}:${event.receipt.user}`, event);
  }

  #notifyTyping(event: TypingEvent, at: MembersPoint): void {
    const { sessions, views } = this.#options;
    this.#inOrder(event.conversation, async () => {
      const watchers = sessions.watchersOf(event.conversation).filter((user) => user !== event.user);
      if (watchers.length === 0) return;
      const view = await views.read(event.conversation, watchers, at);
      const open = watchers.filter((user) => isOpen({ periods: view.periods.get(user) ?? [] }));
      this.#publish(topicsOf(event.conversation, open), event, 'ephemeral', 'node');
    });
  }

  async #notifyWatchers(event: ReceiptEvent): Promise<void> {
    const watchers = this.#options.sessions.watchersOf(event.conversation);
    if (watchers.length === 0) return;
    const view = await this.#options.views.read(event.conversation, watchers, event);
    const { withRow } = known(receiptAudience(view, event));
    this.#publish(topicsOf(event.conversation, withRow), event, 'hint', 'node');
  }

  async #notifyMembers(event: CommitEvent, by: UserId | null): Promise<void> {
    const { largeMembers, views } = this.#options;
    const { conversation } = event;
    const isNew = largeMembers.isNew(conversation);
    const users = largeMembers.candidates(event);
    if (users.length === 0) return;
    const view = await views.read(conversation, users, event);
    if (isNew)
      largeMembers.exclude(
        conversation,
        users.filter((user) => !view.periods.has(user)),
      );
    const audience = known(commitAudience(view, event));
    this.#publishTo(audience.withRow, event, { by, reach: 'node' });
    this.#publishTo(audience.headsOnly, { ...event, row: null }, { by, reach: 'node' });
  }

  #publishTo(
    users: readonly UserId[],
    event: ServerEvent,
    { by, reach }: { readonly by: UserId | null; readonly reach?: 'node' },
  ): void {
    const bytes = this.#publish(users.map(userTopic), event, 'hint', reach);
    const { sessions, onFanOut } = this.#options;
    const receivers = users.filter((user) => sessions.isOnline(user)).length;
    // In a large conversation no row was written for each user, so the cost is only the bytes sent.
    const stamped = reach === 'node' ? 0 : users.length;
    if (by !== null && users.length > 0) onFanOut(by, stamped, receivers * bytes);
  }

  /** Returns the bytes sent to each receiver. */
  #publish(topics: readonly string[], event: ServerEvent, topicClass: TopicClass, reach?: 'node'): number {
    if (topics.length === 0) return 0;
    const text = JSON.stringify(event);
    this.#guard(event.event, () => this.#options.publish(topics, text, topicClass, reach));
    return Buffer.byteLength(text);
  }

  #sendToNodes(message: HintMessage): void {
    this.#guard(message.about, () => this.#options.sendToNodes?.(message));
  }

  /**
   * Runs `publish` and logs a failure. Does not throw, because the change is committed, and its command must succeed
   * even if the hint is lost.
   */
  #guard(what: string, publish: () => void): void {
    try {
      publish();
    } catch (error) {
      this.#options.log.error(`A hint (${what}) could not be published.`, error);
      this.#options.onLost();
    }
  }

  /** Runs `work` after the earlier work of the conversation. If too much waits, drops it and makes clients resync. */
  #inOrder(conversation: ConversationId, work: () => Promise<void>): void {
    const queue = this.#queues.get(conversation) ?? { waiting: 0, tail: Promise.resolve() };
    if (queue.waiting >= this.#options.waitingMax) {
      this.#options.log.warn(`Hints of conversation ${conversation} were dropped: too many wait.`);
      this.#options.onLost();
      return;
    }
    queue.waiting += 1;
    this.#queues.set(conversation, queue);
    queue.tail = queue.tail
      .then(work)
      .catch((error: unknown) => {
        this.#options.log.error(`A hint of conversation ${conversation} failed.`, error);
        this.#options.onLost();
      })
      .then(() => {
        queue.waiting -= 1;
        if (queue.waiting === 0) this.#queues.delete(conversation);
      });
  }
}

function topicsOf(conversation: ConversationId, users: readonly UserId[]): readonly string[] {
  return users.map((user) => watchTopic(conversation, user));
}

/**
 * Returns an empty audience if it is not known, because the store's epoch differs from the event's. The store was then
 * restored from a backup meanwhile, so every client starts again anyway.
 */
function known(audience: NoticeAudience): Extract<NoticeAudience, { outcome: 'known' }> {
  return audience.outcome === 'known' ? audience : { outcome: 'known', withRow: [], headsOnly: [] };
}
