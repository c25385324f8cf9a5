import type {
  Changes,
  ChangeTarget,
  Conversation,
  Epoch,
  Follow,
  Invite,
  Member,
  Message,
  Rows,
  UserId,
} from '@everywire/chat';
import { type ConversationRow, parseConversation } from './conversation-row.js';
import { type FollowRow, parseFollow } from './follow-row.js';
import { type InviteRow, parseInvite } from './invite-row.js';
import type { StatementResult } from './lane-connection.js';
import type { AnyChange, Load } from './load-group.js';
import { type MemberRow, parseMember } from './member-row.js';
import { type MessageColumns, parseMessage } from './message-columns.js';

/** A stored command key: the result of a command, under the user and the id of the command (CH-18). */
export interface StoredKey {
  /** The hash of the command (`CommandHash`). */
  readonly hash: string;
  /** When the key was stored, ms since the epoch. */
  readonly keptAt: number;
  /** The time of the read by the database's clock, ms since 1970. */
  readonly readAt: number;
  readonly result: unknown;
}

/**
 * The rows that the statements of `load-group.ts` returned for a group of changes. Most methods take `at`, the index of
 * a change in the group.
 */
export class GroupRows {
  readonly #group: readonly AnyChange[];
  readonly #answers: ReadonlyMap<string, readonly object[]>;
  readonly #conversations = new Map<number, Conversation>();
  readonly #members = new Map<string, Member>();
  /** Rows of members as changed by earlier changes of this group, not yet committed. */
  readonly #changed = new Map<string, Member>();
  /**
   * Conversations of which this group has changed more than this object tracks (the row of the conversation and rows of
   * members). A further change would decide on outdated rows.
   */
  readonly #outOfDate = new Set<number>();
  readonly #newIds: number[];
  /** Users who had to be active for a change, and whose accounts are suspended or deleted. */
  readonly inactive: ReadonlySet<UserId>;

  constructor(group: readonly AnyChange[], load: Load, answers: readonly StatementResult[]) {
    this.#group = group;
    this.#answers = new Map(Object.keys(load).map((name, at) => [name, answers[at]?.rows ?? []]));
    const found = this.#rows<ConversationRow>('conversations').map(parseConversation);
    for (const [at, { target }] of group.entries()) {
      const conversation = found.find((each) => isTarget(each, target));
      if (conversation !== undefined) this.#conversations.set(at, conversation);
    }
    const heirs = [...this.#answers.keys()].filter((name) => name.startsWith('heir '));
    for (const row of ['members', ...heirs].flatMap((name) => this.#rows<MemberRow>(name)))
      this.#members.set(nameOf(row.conversation, row.usr), parseMember(row));
    this.#newIds = this.#rows<{ readonly id: number }>('newIds').map(({ id }) => id);
    this.inactive = new Set(this.#rows<{ readonly id: number }>('inactive').map(({ id }) => id));
  }

  /** Returns the conversation of a change; `null` if it does not exist. */
  conversation(at: number): Conversation | null {
    return this.#conversations.get(at) ?? null;
  }

  /** Returns the stored key of a change; `null` if there is none. */
  key(at: number): StoredKey | null {
    const [row] = this.#of<{ hash: string; kept_at: number; read_at: number; result: Buffer } & At>('keys', at);
    if (row === undefined) return null;
    return {
      hash: row.hash,
      keptAt: row.kept_at,
      readAt: row.read_at,
      result: JSON.parse(row.result.toString('utf8')),
    };
  }

  /** Returns a member's row as it was before this group; `null` if there is none or no change needs it. */
  memberBefore(conversation: number, user: UserId): Member | null {
    return this.#members.get(nameOf(conversation, user)) ?? null;
  }

  /**
   * Returns whether an earlier change of this group has changed more of the conversation than this object tracks. Then
   * the change must be postponed to the next group.
   */
  isOutOfDate(at: number): boolean {
    return this.#outOfDate.has(this.conversation(at)?.id ?? 0);
  }

  /** Records the writes of a change, so that later changes of the same conversation see them. */
  take(before: Conversation, changes: Changes): void {
    const { conversation, members } = changes;
    if (conversation === null || !this.#isPlain(before, changes)) this.#outOfDate.add(before.id);
    if (conversation === null) return;
    for (const [at, { id }] of this.#conversations) if (id === before.id) this.#conversations.set(at, conversation);
    for (const member of members) {
      const activity = conversation.large ? member.activity : conversation.activity;
      this.#changed.set(nameOf(before.id, member.user), { ...member, activity });
    }
  }

  /** Returns whether a change only appends texts and updates members without a new or ended period. */
  #isPlain({ id, large }: Conversation, { conversation, append, members, ...others }: Changes): boolean {
    const isAllElse = Object.values(others).every((each) => Array.isArray(each) && each.length === 0);
    const stays = ({ user, periods }: Member): boolean => {
      const known = this.#changed.get(nameOf(id, user)) ?? this.memberBefore(id, user);
      return known !== null && JSON.stringify(known.periods) === JSON.stringify(periods);
    };
    return isAllElse && append.length > 0 && conversation?.large === large && members.every(stays);
  }

  /** Returns a member's row as the previous changes of this group have left it. */
  #member(conversation: number, user: UserId): Member | null {
    return this.#changed.get(nameOf(conversation, user)) ?? this.memberBefore(conversation, user);
  }

  /** Returns the rows on which a change decides. */
  of(at: number, epoch: Epoch): Rows {
    const { needs, key } = this.#group[at] as AnyChange;
    const conversation = this.conversation(at);
    const invites = this.#of<InviteRow & At>('invites', at).map(parseInvite);
    const messages = this.#of<MessageColumns & At>('messages', at).map(parseMessage);
    const root = rootOf(messages, needs.thread);
    const open = this.#of<{ readonly usr: number } & At>('open', at).map(({ usr }) => usr);
    const [heir] = this.#rows<MemberRow>(`heir ${at}`);
    const blocks = this.#of<{ readonly usr: number } & At>('blocks', at).map(({ usr }) => usr);
    const threads = this.#of<ThreadRow & At>('threads', at);
    return {
      epoch,
      conversation,
      newConversation: conversation?.id ?? this.#newIds.pop() ?? 0,
      members: this.#membersOf(conversation, [
        ...needs.members,
        ...invites.map(({ creator }: Invite) => creator),
        ...(needs.openMembers ? open : []),
        ...(root === null ? [] : [root.sender]),
      ]),
      open: conversation?.large ? null : open,
      messages: new Map(messages.map((message) => [message.sequence, message])),
      heir: heir === undefined ? null : parseMember(heir),
      position: this.#position(at),
      invites,
      blocks: { mine: blocks.includes(key.user), theirs: blocks.some((user) => user !== key.user) },
      blockCount: this.#of<{ readonly count: number } & At>('blockCounts', at)[0]?.count ?? 0,
      largeCounts: new Map(
        this.#of<{ readonly usr: number; readonly count: number } & At>('largeCounts', at).map(({ usr, count }) => [
          usr,
          count,
        ]),
      ),
      hidden: new Set(this.#of<{ readonly sequence: number } & At>('hidden', at).map(({ sequence }) => sequence)),
      follows: followsOf(threads),
      threadSent: new Map(
        threads.flatMap(({ of, thread_sent }) => (thread_sent === null ? [] : [[of, thread_sent] as const])),
      ),
    };
  }

  #membersOf(conversation: Conversation | null, users: readonly UserId[]): ReadonlyMap<UserId, Member> {
    const members = new Map<UserId, Member>();
    if (conversation === null) return members;
    for (const user of users) {
      const member = this.#member(conversation.id, user);
      if (member !== null) members.set(user, member);
    }
    return members;
  }

  #position(at: number): Rows['position'] {
    const [row] = this.#of<{ sequence: number; ordinal: number; sender_ordinal: number } & At>('positions', at);
    const { needs, key } = this.#group[at] as AnyChange;
    const conversation = this.conversation(at);
    if (row === undefined || needs.position === undefined || conversation === null) return null;
    if (this.#member(conversation.id, key.user) === null) return null;
    return { sequence: row.sequence, ordinal: row.ordinal, senderOrdinal: row.sender_ordinal };
  }

  #of<Row extends At>(name: string, at: number): readonly Row[] {
    return this.#rows<Row>(name).filter((row) => row.at === at);
  }

  #rows<Row extends object>(name: string): readonly Row[] {
    return (this.#answers.get(name) ?? []) as readonly Row[];
  }
}

function isTarget({ id, directKey }: Conversation, target: ChangeTarget): boolean {
  if (target.by === 'id') return id === target.conversation;
  return target.by === 'direct' && directKey?.[0] === target.key[0] && directKey[1] === target.key[1];
}

/** A row with the index of the change that needs it. */
interface At {
  readonly at: number;
}

/**
 * The follow of the user `of` in a thread. The columns of `follow` are `null` if the user does not follow the thread.
 */
type ThreadRow = { readonly [Column in keyof FollowRow]: FollowRow[Column] | null } & {
  readonly of: number;
  readonly thread_sent: number | null;
};

function followsOf(rows: readonly ThreadRow[]): ReadonlyMap<UserId, Follow> {
  const following = rows.filter((row): row is ThreadRow & FollowRow => row.usr !== null);
  return new Map(following.map((row) => [row.usr, parseFollow(row)]));
}

/**
 * Returns the root of a thread, given the sequence of the root or of a reply; `null` if it is not among the messages.
 */
function rootOf(messages: readonly Message[], sequence: number | null): Message | null {
  const named = messages.find((message) => message.sequence === sequence);
  if (named?.thread === undefined) return named ?? null;
  const { root } = named.thread;
  return messages.find((message) => message.sequence === root) ?? null;
}

function nameOf(conversation: number, user: UserId): string {
  return `${conversation} ${user}`;
}
