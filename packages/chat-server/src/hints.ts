import {
  type Audience,
  type CommitEvent,
  type ConversationId,
  commitAudience,
  type Notice,
  type PeriodsView,
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
import type { Log } from './log.js';
import type { MemberViews } from './member-views.js';
import { presenceTopic, profileTopic, userTopic, watchTopic } from './topics.js';

type Publish = (topic: string, text: string, topicClass: TopicClass) => void;

export interface HintsOptions {
  readonly publish: Publish;
  readonly sessions: LiveSessions;
  readonly views: MemberViews;
  readonly largeMembers: LargeMembers;
  readonly log: Log;
  /** The store's. */
  readonly epoch: string;
  /** Events of one conversation that may wait for a view; those beyond are dropped, and `list` repairs it (CH-16). */
  readonly waitingMax: number;
}

/**
 * Tells people what was committed (CH-17). Everything here is a hint: it may be lost, and nothing waits for it. Within one conversation
 * hints leave in commit order, because `tell` is called in that order and those that need a view queue behind each other.
 */
export class Hints {
  readonly #options: HintsOptions;
  readonly #queues = new Map<ConversationId, { waiting: number; tail: Promise<void> }>();
  /** The newest receipt of each member since the last `flushReceipts`; only of conversations that somebody here has open. */
  readonly #receipts = new Map<string, ReceiptEvent>();

  constructor(options: HintsOptions) {
    this.#options = options;
  }

  tell(notices: readonly Notice[]): void {
    for (const notice of notices) {
      const { event } = notice;
      if (event.event === 'commit') this.#options.views.outdate(event.conversation, event.membersAt);
      if (notice.to === 'users') this.#publish(notice.users.map(userTopic), notice.event, 'hint');
      else if (notice.to === 'members') this.#inOrder(notice.conversation, () => this.#tellMembers(notice.event));
      else this.#gatherReceipt(notice.event);
    }
  }

  /** Once a second (CH-23): to those who have the conversation open, how far the others got. */
  flushReceipts(): void {
    for (const event of this.#receipts.values()) this.#inOrder(event.conversation, () => this.#tellWatchers(event));
    this.#receipts.clear();
  }

  /** To members who have the conversation open, but not to the one who types. */
  typing(event: TypingEvent): void {
    const { sessions, epoch } = this.#options;
    this.#inOrder(event.conversation, async () => {
      const watchers = sessions.watchersOf(event.conversation).filter((user) => user !== event.user);
      if (watchers.length === 0) return;
      const view = await this.#options.views.read(event.conversation, watchers, { epoch, membersAt: 0 });
      const open = watchers.filter((user) => isOpen({ periods: view.periods.get(user) ?? [] }));
      this.#publish(topicsOf(event.conversation, open), event, 'ephemeral');
    });
  }

  presence(states: readonly PresenceState[]): void {
    for (const presence of states) {
      this.#publish([presenceTopic(presence.user)], { event: 'presence', presence }, 'ephemeral');
    }
  }

  profile(profile: Profile): void {
    this.#publish([profileTopic(profile.id)], { event: 'profile', profile }, 'hint');
  }

  #gatherReceipt(event: ReceiptEvent): void {
    if (this.#options.sessions.watchersOf(event.conversation).length === 0) return;
    this.#receipts.set(`${event.conversation}:${event.receipt.user}`, event);
  }

  async #tellWatchers(event: ReceiptEvent): Promise<void> {
    const watchers = this.#options.sessions.watchersOf(event.conversation);
    if (watchers.length === 0) return;
    const { withRow } = await this.#audience(event, watchers, (view) => receiptAudience(view, event));
    this.#publish(topicsOf(event.conversation, withRow), event, 'hint');
  }

  async #tellMembers(event: CommitEvent): Promise<void> {
    const users = this.#options.largeMembers.candidates(event);
    const audience = await this.#audience(event, users, (view) => commitAudience(view, event));
    this.#publish(audience.withRow.map(userTopic), event, 'hint');
    this.#publish(audience.headsOnly.map(userTopic), { ...event, row: null }, 'hint');
  }

  async #audience(
    event: CommitEvent | ReceiptEvent,
    users: readonly UserId[],
    choose: (view: PeriodsView) => Audience,
  ): Promise<Extract<Audience, { outcome: 'known' }>> {
    const audience = choose(await this.#options.views.read(event.conversation, users, event));
    if (audience.outcome === 'known') return audience;
    // The store is of another epoch than the event: it was restored meanwhile, and every client starts anew anyway.
    return { outcome: 'known', withRow: [], headsOnly: [] };
  }

  #publish(topics: readonly string[], event: ServerEvent, topicClass: TopicClass): void {
    if (topics.length === 0) return;
    const text = JSON.stringify(event);
    try {
      for (const topic of topics) this.#options.publish(topic, text, topicClass);
    } catch (error) {
      // What it tells of is committed: the command has succeeded, whatever becomes of the hint.
      this.#options.log.error(`A hint (${event.event}) was not published.`, error);
    }
  }

  #inOrder(conversation: ConversationId, work: () => Promise<void>): void {
    const queue = this.#queues.get(conversation) ?? { waiting: 0, tail: Promise.resolve() };
    if (queue.waiting >= this.#options.waitingMax) {
      this.#options.log.warn(`Hints of conversation ${conversation} were dropped: too many wait.`);
      return;
    }
    queue.waiting += 1;
    this.#queues.set(conversation, queue);
    queue.tail = queue.tail
      .then(work)
      .catch((error: unknown) => this.#options.log.error(`A hint of conversation ${conversation} failed.`, error))
      .then(() => {
        queue.waiting -= 1;
        if (queue.waiting === 0) this.#queues.delete(conversation);
      });
  }
}

function topicsOf(conversation: ConversationId, users: readonly UserId[]): readonly string[] {
  return users.map((user) => watchTopic(conversation, user));
}
