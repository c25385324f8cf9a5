import type {
  CommitEvent,
  ConversationId,
  Entry,
  ListAnswer,
  ListPageAnswer,
  ListPosition,
  MessageBody,
  MessageRow,
  OwnEvent,
  UserId,
} from '@everywire/chat';
import { compareListPositions, unreadOf } from '@everywire/chat/internal';

/** The list as stored on the device between runs of the application. JSON. */
export interface StoredList {
  readonly cursor: string | null;
  readonly more: boolean;
  readonly entries: readonly Entry[];
}

/** The result of merging an entry into the list. */
export type Merged =
  | { readonly merged: 'taken'; readonly entry: Entry; readonly before: Entry | null }
  /** No part of the entry's version is newer than in the held entry, which therefore stays. */
  | { readonly merged: 'older' }
  /** Older in one part of the version, newer in another. The entry must be requested again (CH-11). */
  | { readonly merged: 'mixed' };

interface Held {
  readonly entry: Entry;
  /** When the entry was last replaced. The unit is the list's own count of inputs (`ConversationList.tick`). */
  readonly tick: number;
  /**
   * False if the entry may belong to another history of the server. The next entry then replaces it, whatever its
   * version.
   */
  readonly trusted: boolean;
}

/**
 * Holds the entries (conversations in this user's list) that are known to this device, and the cursor up to which all
 * entries are known (CH-11, CH-12, CH-15). An entry is a whole snapshot. An answer replaces it by another snapshot. An
 * event advances it by exactly one message, or the entry must be requested.
 */
export class ConversationList {
  readonly #held = new Map<ConversationId, Held>();
  #cursor: string | null = null;
  #more = false;
  /** Number of inputs so far; see `tick`. */
  #tick = 0;
  /** Requests made before this tick may have an answer that is older than the cursor. */
  #outdatedBefore = 0;
  #version = 0;
  /** The entries in list order, cached; `null` after a change. */
  #sorted: readonly Entry[] | null = null;
  /**
   * Position of the last entry that was loaded by scrolling. The next older page begins after it; `null`: at the
   * beginning.
   */
  #scrolled: ListPosition | null = null;

  /** Rebuilds a list from its stored form. */
  static restore(stored: StoredList): ConversationList {
    const list = new ConversationList();
    list.#cursor = stored.cursor;
    list.#more = stored.more;
    for (const entry of stored.entries) list.#take(entry);
    return list;
  }

  /** Returns the list in its stored form. */
  store(): StoredList {
    return { cursor: this.#cursor, more: this.#more, entries: this.entries() };
  }

  /** Returns the cursor for the next `list` query. */
  get cursor(): string | null {
    return this.#cursor;
  }

  /** Returns whether older conversations exist that are not held. */
  get more(): boolean {
    return this.#more;
  }

  /**
   * Returns the number of inputs so far. A request notes this number, so that an entry with a higher one is known to be
   * newer than the request.
   */
  get tick(): number {
    return this.#tick;
  }

  /** Returns a number that rises with every change, so that derived views can be cached. */
  get version(): number {
    return this.#version;
  }

  /** Returns the entries in list order. The array stays the same until an entry changes. */
  entries(): readonly Entry[] {
    this.#sorted ??= [...this.#held.values()].map((held) => held.entry).sort((a, b) => compareListPositions(a, b));
    return this.#sorted;
  }

  /** Returns the entry of a conversation, `null` if none is held. */
  entry(conversation: ConversationId): Entry | null {
    return this.#held.get(conversation)?.entry ?? null;
  }

  /** Returns the position after which the next `listPage` begins; `null` for the beginning. */
  get scrollPosition(): ListPosition | null {
    return this.#scrolled;
  }

  /** Drops everything, because the server has another history (CH-25). */
  clear(): void {
    this.#held.clear();
    this.#cursor = null;
    this.#more = false;
    this.#scrolled = null;
    this.#changed();
  }

  /**
   * Applies a `list` answer except its entries, which the caller merges one by one. `askedAt`: the tick of the request.
   * If the answer is limited or a reset, drops every held entry that the answer does not contain (CH-15). Returns the
   * dropped conversations that changed after the request. The caller must request these, because the answer may have
   * been computed before their change.
   */
  applyFrame(answer: ListAnswer, askedAt: number): readonly ConversationId[] {
    this.#cursor = answer.cursor;
    if (answer.outcome === 'changed') return [];
    const included = new Set(answer.entries.map((entry) => entry.conversation));
    const left = [...this.#held].filter(([conversation]) => !included.has(conversation));
    for (const [conversation] of left) this.#held.delete(conversation);
    this.#tick += 1;
    this.#outdatedBefore = this.#tick;
    this.#more = answer.more;
    this.#scrolled = lastPosition(answer.entries);
    this.#changed();
    return left.filter(([, held]) => held.tick > askedAt).map(([conversation]) => conversation);
  }

  /**
   * Returns whether an entry that was requested at tick `askedAt` may be older than the cursor, because the list has
   * started over since.
   */
  isOutdated(askedAt: number): boolean {
    return askedAt < this.#outdatedBefore;
  }

  /** Returns the conversations whose entry is distrusted and must be requested. */
  distrusted(): readonly ConversationId[] {
    return [...this.#held].filter(([, held]) => !held.trusted).map(([conversation]) => conversation);
  }

  /** Marks an entry as distrusted. The next entry of this conversation replaces it, whatever its version. */
  distrust(conversation: ConversationId): void {
    const held = this.#held.get(conversation);
    if (held !== undefined) this.#held.set(conversation, { ...held, trusted: false });
  }

  /** Applies a page of older conversations except its entries, which the caller merges. */
  applyPageFrame(answer: ListPageAnswer): void {
    this.#more = answer.more;
    this.#scrolled = lastPosition(answer.entries) ?? this.#scrolled;
    this.#version += 1;
  }

  /**
   * Replaces the held entry by `entry`, unless `entry` is older in a part of its version (sequence, modification,
   * revision) (CH-11). A distrusted entry is always replaced.
   */
  merge(entry: Entry): Merged {
    const held = this.#held.get(entry.conversation);
    const before = held?.entry ?? null;
    if (held?.trusted && before !== null && isLower(entry, before))
      return { merged: isLower(before, entry) ? 'mixed' : 'older' };
    this.#take(entry);
    return { merged: 'taken', entry, before };
  }

  /**
   * Advances an entry by an event. Returns `'moved'` if it did, `'old'` if the entry already includes the event, and
   * `'ask'` if the entry must be requested (CH-11).
   */
  applyCommit(event: CommitEvent, me: UserId): 'moved' | 'old' | 'ask' {
    const entry = this.entry(event.conversation);
    if (entry === null) return 'ask';
    const { before, after, row } = event;
    if (after.sequence <= entry.sequence && after.modification <= entry.modification) return 'old';
    const follows = before.sequence === entry.sequence && before.modification === entry.modification;
    const plain = row !== null && row.sequence === after.sequence && !concerns(row, me);
    if (!entry.member || !follows || !plain || after.sequence === before.sequence) return 'ask';
    // Sending a message clears the draft. The event does not contain this change of the draft, so the entry is
    // requested.
    const own = row.sender === me && row.body.kind === 'text';
    if (own && entry.draft.text !== '') return 'ask';
    const sent = own ? entry.sent + 1 : entry.sent;
    const { count, memberCount, membersAt, large, activity } = event;
    const said = serviceFieldsOf(row.body);
    const moved = { ...entry, ...after, ...said, count, memberCount, membersAt, large, activity, sent };
    const dismissed = entry.dismissed && count <= entry.count;
    this.#take({ ...moved, dismissed, preview: row, unread: unreadOf(moved) });
    return 'moved';
  }

  /** Returns `'ask'` if the entry must be requested, `'old'` if the held entry already includes the change. */
  applyOwn(event: OwnEvent): 'old' | 'ask' {
    const entry = this.entry(event.conversation);
    return entry !== null && entry.revision >= event.revision ? 'old' : 'ask';
  }

  #changed(): void {
    this.#sorted = null;
    this.#version += 1;
  }

  #take(entry: Entry): void {
    this.#tick += 1;
    this.#held.set(entry.conversation, { entry, tick: this.#tick, trusted: true });
    this.#changed();
  }
}

/**
 * Returns whether a new message changes the part of the entry that only this member sees (its role, mentions, threads), so that
 * the entry must be requested.
 */
function concerns({ body, sender, thread, mentions }: MessageRow, me: UserId): boolean {
  if (body.kind === 'recalled' || thread !== undefined) return true;
  if (body.kind === 'text') return sender !== me && (mentions?.all === true || mentions?.users.includes(me) === true);
  const { service } = body;
  switch (service.change) {
    case 'added':
    case 'removed':
      return service.users.includes(me);
    case 'left':
      return sender === me || service.owner === me;
    case 'role':
      return sender === me || service.user === me;
    case 'joined':
      return sender === me;
    case 'renamed':
    case 'picture':
    case 'settings':
      return false;
    case 'created':
    case 'deleted':
      return true;
  }
}

/** Returns the fields of an entry that a service message (such as "renamed") changes for all members alike. */
function serviceFieldsOf(body: MessageBody): Partial<Pick<Entry, 'name' | 'picture' | 'settings'>> {
  if (body.kind !== 'service') return {};
  const { service } = body;
  if (service.change === 'renamed') return { name: service.name };
  if (service.change === 'picture') return { picture: service.picture };
  return service.change === 'settings' ? { settings: service.settings } : {};
}

/** Returns whether `entry` is lower than `than` in any part of its version. */
function isLower(entry: Entry, than: Entry): boolean {
  return entry.sequence < than.sequence || entry.modification < than.modification || entry.revision < than.revision;
}

/** Returns the list position of the last entry; `null` if there are no entries. */
function lastPosition(entries: readonly Entry[]): ListPosition | null {
  const last = entries.at(-1);
  if (last === undefined) return null;
  const { place, activity, conversation } = last;
  return { place, activity, conversation };
}
