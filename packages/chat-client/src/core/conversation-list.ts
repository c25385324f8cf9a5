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

/** What the list looks like between two runs of the application; JSON. */
export interface StoredList {
  readonly cursor: string | null;
  readonly more: boolean;
  readonly entries: readonly Entry[];
}

/** What became of an entry that was given to the list. */
export type Merged =
  | { readonly merged: 'taken'; readonly entry: Entry; readonly before: Entry | null }
  /** Older than what is held in every part: nothing new in it. */
  | { readonly merged: 'older' }
  /** Older in one part, newer in another: worth asking again (CH-11). */
  | { readonly merged: 'mixed' };

interface Held {
  readonly entry: Entry;
  /** When it last was taken, in the list's own count of inputs. */
  readonly tick: number;
  /** False: it may be of another history. */
  readonly trusted: boolean;
}

/**
 * The entries this device knows, and the cursor up to which it knows all of them (CH-11, CH-12, CH-15). Entries are whole
 * snapshots: one replaces another, or an event moves it by exactly one message.
 */
export class ConversationList {
  readonly #held = new Map<ConversationId, Held>();
  #cursor: string | null = null;
  #more = false;
  #tick = 0;
  #outdatedBefore = 0;
  #version = 0;
  #sorted: readonly Entry[] | null = null;
  /** Where scrolling goes on; `null` for the beginning. */
  #scrolled: ListPosition | null = null;

  static restore(stored: StoredList): ConversationList {
    const list = new ConversationList();
    list.#cursor = stored.cursor;
    list.#more = stored.more;
    for (const entry of stored.entries) list.#take(entry);
    return list;
  }

  store(): StoredList {
    return { cursor: this.#cursor, more: this.#more, entries: this.entries() };
  }

  /** What `list` is to be asked with. */
  get cursor(): string | null {
    return this.#cursor;
  }

  /** Older conversations exist that are not held. */
  get more(): boolean {
    return this.#more;
  }

  /** The present count of inputs: an entry taken later is newer than a question asked now. */
  get tick(): number {
    return this.#tick;
  }

  /** Rises with every change, for memoising what is derived. */
  get version(): number {
    return this.#version;
  }

  /** In list order. The array stays the same until an entry changes. */
  entries(): readonly Entry[] {
    this.#sorted ??= [...this.#held.values()].map((held) => held.entry).sort((a, b) => compareListPositions(a, b));
    return this.#sorted;
  }

  entry(conversation: ConversationId): Entry | null {
    return this.#held.get(conversation)?.entry ?? null;
  }

  /** Where the next `listPage` begins. */
  get scrollPosition(): ListPosition | null {
    return this.#scrolled;
  }

  /** Another history: nothing held is of any use (CH-25). */
  clear(): void {
    this.#held.clear();
    this.#cursor = null;
    this.#more = false;
    this.#scrolled = null;
    this.#changed();
  }

  /**
   * Takes the frame of an answer to a question asked at `askedAt`; its entries are merged one by one by the caller. What is limited or
   * reset makes every entry unknown that it does not give (CH-15). Those that were taken since the question are answered here, to be
   * asked for: they may be older than the cursor, but somebody was interested.
   */
  applyFrame(answer: ListAnswer, askedAt: number): readonly ConversationId[] {
    this.#cursor = answer.cursor;
    if (answer.outcome === 'changed') return [];
    const given = new Set(answer.entries.map((entry) => entry.conversation));
    const left = [...this.#held].filter(([conversation]) => !given.has(conversation));
    for (const [conversation] of left) this.#held.delete(conversation);
    this.#tick += 1;
    this.#outdatedBefore = this.#tick;
    this.#more = answer.more;
    this.#scrolled = lastPosition(answer.entries);
    this.#changed();
    return left.filter(([, held]) => held.tick > askedAt).map(([conversation]) => conversation);
  }

  /** Whether an entry asked for at `askedAt` may be older than the cursor, because the list began anew meanwhile. */
  isOutdated(askedAt: number): boolean {
    return askedAt < this.#outdatedBefore;
  }

  /** Conversations whose entry is of no use but to be replaced. */
  distrusted(): readonly ConversationId[] {
    return [...this.#held].filter(([, held]) => !held.trusted).map(([conversation]) => conversation);
  }

  /** Its version says nothing: the next entry of this conversation is taken whatever its own. */
  distrust(conversation: ConversationId): void {
    const held = this.#held.get(conversation);
    if (held !== undefined) this.#held.set(conversation, { ...held, trusted: false });
  }

  /** Takes the frame of a further page; its entries are merged by the caller. */
  applyPageFrame(answer: ListPageAnswer): void {
    this.#more = answer.more;
    this.#scrolled = lastPosition(answer.entries) ?? this.#scrolled;
    this.#version += 1;
  }

  /** CH-11. */
  merge(entry: Entry): Merged {
    const held = this.#held.get(entry.conversation);
    const before = held?.entry ?? null;
    if (held?.trusted && before !== null && isLower(entry, before))
      return { merged: isLower(before, entry) ? 'mixed' : 'older' };
    this.#take(entry);
    return { merged: 'taken', entry, before };
  }

  /** Moves an entry by an event, or answers that the entry must be asked for (CH-11). */
  applyCommit(event: CommitEvent, me: UserId): 'moved' | 'old' | 'ask' {
    const entry = this.entry(event.conversation);
    if (entry === null) return 'ask';
    const { before, after, row } = event;
    if (after.sequence <= entry.sequence && after.modification <= entry.modification) return 'old';
    const follows = before.sequence === entry.sequence && before.modification === entry.modification;
    const plain = row !== null && row.sequence === after.sequence && !concerns(row, me);
    if (!entry.member || !follows || !plain || after.sequence === before.sequence) return 'ask';
    // Sending clears the draft, which a commit does not say.
    const own = row.sender === me && row.body.kind === 'text';
    if (own && entry.draft.text !== '') return 'ask';
    const sent = own ? entry.sent + 1 : entry.sent;
    const { count, memberCount, membersAt, large, activity } = event;
    const said = saidBy(row.body);
    const moved = { ...entry, ...after, ...said, count, memberCount, membersAt, large, activity, sent };
    const dismissed = entry.dismissed && count <= entry.count;
    this.#take({ ...moved, dismissed, preview: row, unread: unreadOf(moved) });
    return 'moved';
  }

  /** Whether the entry must be asked for. */
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

/** Whether a new message changes what only this member's entry says: the own row, mentions, threads. Then it must be asked for. */
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

/** What a service message says of the conversation, for everybody alike. */
function saidBy(body: MessageBody): Partial<Pick<Entry, 'name' | 'picture' | 'settings'>> {
  if (body.kind !== 'service') return {};
  const { service } = body;
  if (service.change === 'renamed') return { name: service.name };
  if (service.change === 'picture') return { picture: service.picture };
  return service.change === 'settings' ? { settings: service.settings } : {};
}

/** Lower in any part of its version. */
function isLower(entry: Entry, than: Entry): boolean {
  return entry.sequence < than.sequence || entry.modification < than.modification || entry.revision < than.revision;
}

function lastPosition(entries: readonly Entry[]): ListPosition | null {
  const last = entries.at(-1);
  if (last === undefined) return null;
  const { place, activity, conversation } = last;
  return { place, activity, conversation };
}
