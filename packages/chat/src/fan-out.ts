import type { CommitEvent, ReceiptEvent } from './events.js';
import type { Message } from './message.js';
import { messageRow } from './message-row.js';
import type { Conversation, Epoch, LogHead, Member, Period, UserId } from './model.js';
import type { Notice } from './notice.js';
import type { PeriodsView } from './store-answers.js';
import { isVisible, isWithin } from './visibility.js';

/** The effect of one commit on a conversation's log. */
export interface Commit {
  readonly epoch: Epoch;
  readonly before: Conversation;
  /** The conversation as written. */
  readonly conversation: Conversation;
  /** The message that was appended or changed. */
  readonly message: Message;
  /** For a reply: the sequence of the root, whose reply count changed. `null` or absent otherwise. */
  readonly root?: number | null;
  /**
   * Users whose topics get the event. For a conversation that was small before the commit: all members, including those
   * who join or leave by it. For a large one: only those who join, because their nodes do not follow the topic of the
   * conversation yet.
   */
  readonly users: readonly UserId[];
  /**
   * For a changed message in a small conversation: the rows of `users`, because some of them may not see the message.
   * `null` for a new message.
   */
  readonly members: ReadonlyMap<UserId, Member> | null;
}

/**
 * Returns the notices of a commit (CH-17). Users who may not see the message get an event without its row, which only
 * contains the heads (last sequence and modification).
 */
export function commitNotices(commit: Commit): readonly Notice[] {
  const { conversation, members } = commit;
  const event = commitEvent(commit);
  if (commit.before.large) {
    const { membersAt: membersBefore } = commit.before;
    const members: Notice = { to: 'members', conversation: conversation.id, membersBefore, event };
    return commit.users.length === 0 ? [members] : [members, { to: 'users', users: commit.users, event }];
  }
  if (members === null) return [{ to: 'users', users: commit.users, event }];
  const mayRead = (user: UserId): boolean => {
    const member = members.get(user);
    return member !== undefined && isVisible(member, commit.message.sequence);
  };
  const notices: Notice[] = [
    { to: 'users', users: commit.users.filter(mayRead), event },
    { to: 'users', users: commit.users.filter((user) => !mayRead(user)), event: { ...event, row: null } },
  ];
  return notices.filter((notice) => notice.to !== 'users' || notice.users.length > 0);
}

/** Returns the event of a commit, which contains the changed message. */
function commitEvent({ epoch, before, conversation, message, root = null }: Commit): CommitEvent {
  return {
    event: 'commit',
    epoch,
    conversation: conversation.id,
    before: headOf(before),
    after: headOf(conversation),
    membersAt: conversation.membersAt,
    large: conversation.large,
    row: messageRow(message),
    ...(root === null ? {} : { root }),
    count: conversation.count,
    memberCount: conversation.memberCount,
    activity: conversation.activity,
  };
}

function headOf({ sequence, modification }: LogHead): LogHead {
  return { sequence, modification };
}

/**
 * The users of a server node whom one event concerns. `withRow`: they may see the message. `headsOnly`: they get only
 * the heads. `stale`: the node's view of the members is older than the event, so the caller must read it again
 * (`Store.periods`).
 */
export type NoticeAudience =
  | { readonly outcome: 'stale' }
  | { readonly outcome: 'known'; readonly withRow: readonly UserId[]; readonly headsOnly: readonly UserId[] };

/**
 * Selects the users whom an event in a large conversation concerns (CH-17): those whose last period (stay) includes the
 * event. Compares both parts of the head.
 */
export function commitAudience(view: PeriodsView, event: CommitEvent): NoticeAudience {
  if (view.epoch !== event.epoch || view.membersAt < event.membersAt) return { outcome: 'stale' };
  const withRow: UserId[] = [];
  const headsOnly: UserId[] = [];
  for (const [user, periods] of view.periods) {
    const last = periods.at(-1);
    if (last === undefined || !concerns(last, event.after)) continue;
    if (event.row !== null && isWithin(periods, event.row.sequence)) withRow.push(user);
    else headsOnly.push(user);
  }
  return { outcome: 'known', withRow, headsOnly };
}

function concerns(period: Period, after: LogHead): boolean {
  if (after.sequence < period.from) return false;
  if (period.to === null || period.toModification === null) return true;
  return after.sequence <= period.to && after.modification <= period.toModification;
}

/**
 * Selects the users who may see a receipt: those who were members when it was created and who, as far as the view
 * knows, still are.
 */
export function receiptAudience(view: PeriodsView, event: ReceiptEvent): NoticeAudience {
  if (view.epoch !== event.epoch || view.membersAt < event.membersAt) return { outcome: 'stale' };
  const users: UserId[] = [];
  for (const [user, periods] of view.periods) {
    const last = periods.at(-1);
    if (last !== undefined && last.to === null && last.from <= event.membersAt) users.push(user);
  }
  return { outcome: 'known', withRow: users, headsOnly: [] };
}
