import type { CommitEvent, ConversationId, Period, PeriodsView, Store, UserId } from '@everywire/chat';
import { beginStay, endStay, stayChanges } from '@everywire/chat/internal';
import type { MembersPoint } from './node-message.js';

/** The cached membership of one conversation, as far as users of this node were looked up. */
interface View {
  readonly epoch: PeriodsView['epoch'];
  membersAt: number;
  /** Every user who was looked up; empty for users who never were members. */
  readonly periods: Map<UserId, readonly Period[]>;
}

/** A commit that this node received. `membersBefore`: the value of `membersAt` before the commit; `null` if unknown. */
interface Heard {
  readonly event: CommitEvent;
  readonly membersBefore: number | null;
}

/** Limits of `MemberViews`. */
export interface MemberViewsLimits {
  /** Maximum conversations in the cache. */
  readonly conversationsMax: number;
  /** Maximum users in one read of the store. */
  readonly chunkUsers: number;
  /** `ChatLimits.periodsMax` of the store. */
  readonly periodsMax: number;
}

/**
 * Caches the stays of this node's users in conversations (CH-17). A stay is a period from joining to leaving. Reads
 * missing stays from the store, updates them with each commit, and reads them again after a missed commit. When the
 * cache is full, evicts the least recently used conversation.
 */
export class MemberViews {
  readonly #store: Pick<Store, 'periods'>;
  readonly #limits: MemberViewsLimits;
  /** The views by conversation, least recently used first. */
  readonly #views = new Map<ConversationId, View>();
  /** Conversations being read, with the commits received meanwhile, since the read may be older. */
  readonly #reading = new Map<ConversationId, { reads: number; readonly heard: Heard[] }>();

  constructor(store: Pick<Store, 'periods'>, limits: MemberViewsLimits) {
    this.#store = store;
    this.#limits = limits;
  }

  /** Returns the view of these users, no older than `atLeast` if the store has reached it. */
  async read(conversation: ConversationId, users: readonly UserId[], atLeast: MembersPoint): Promise<PeriodsView> {
    const reading = this.#reading.get(conversation) ?? { reads: 0, heard: [] };
    this.#reading.set(conversation, reading);
    reading.reads += 1;
    try {
      const view = await this.#current(conversation, users, atLeast, reading.heard);
      if (reading.heard.every((heard) => this.#advance(view, heard))) this.#keep(conversation, view);
      return { epoch: view.epoch, membersAt: view.membersAt, periods: pick(view.periods, users) };
    } finally {
      reading.reads -= 1;
      if (reading.reads === 0) this.#reading.delete(conversation);
    }
  }

  /**
   * Updates the view with a commit, or drops the view if an earlier commit was missed. `membersBefore` is the
   * `membersAt` before the commit; `null` if unknown.
   */
  apply(event: CommitEvent, membersBefore: number | null): void {
    const { conversation } = event;
    this.#reading.get(conversation)?.heard.push({ event, membersBefore });
    const known = this.#views.get(conversation);
    if (known !== undefined && !this.#advance(known, { event, membersBefore })) this.#views.delete(conversation);
  }

  /** Applies a commit. Returns whether the view is then as new as the commit. */
  #advance(view: View, { event, membersBefore }: Heard): boolean {
    const { epoch, after, membersAt } = event;
    if (view.epoch !== epoch) return false;
    if (membersAt <= view.membersAt) return true;
    if (membersBefore !== view.membersAt) return false;
    const { begun, ended } = stayChanges(event);
    const { periodsMax } = this.#limits;
    // A part of the view that was read later may contain this stay already.
    const isHeld = (periods: readonly Period[]): boolean => (periods.at(-1)?.from ?? -1) >= after.sequence;
    change(view, begun, (periods) => (isHeld(periods) ? periods : beginStay(periods, after.sequence, periodsMax)));
    change(view, ended, (periods) => endStay(periods, after));
    view.membersAt = membersAt;
    return true;
  }

  async #current(
    conversation: ConversationId,
    users: readonly UserId[],
    atLeast: MembersPoint,
    heard: readonly Heard[],
  ): Promise<View> {
    const known = this.#views.get(conversation);
    if (known === undefined || known.epoch !== atLeast.epoch || known.membersAt < atLeast.membersAt) {
      return this.#fetch(conversation, users);
    }
    const missing = users.filter((user) => !known.periods.has(user));
    if (missing.length === 0) return known;
    const read = await this.#fetch(conversation, missing);
    for (const commit of heard) this.#advance(read, commit);
    const same = read.epoch === known.epoch && read.membersAt === known.membersAt;
    return same ? merge(known, read) : this.#fetch(conversation, users);
  }

  async #fetch(conversation: ConversationId, users: readonly UserId[]): Promise<View> {
    const { chunkUsers } = this.#limits;
    const first = await this.#store.periods(conversation, users.slice(0, chunkUsers));
    const periods = new Map<UserId, readonly Period[]>();
    for (const user of users) periods.set(user, []);
    for (const [user, held] of first.periods) periods.set(user, held);
    for (let from = chunkUsers; from < users.length; from += chunkUsers) {
      const next = await this.#store.periods(conversation, users.slice(from, from + chunkUsers));
      // The parts of a view may be read at different versions. The view gets the oldest version, because only up to
      // that version all parts are complete.
      for (const [user, held] of next.periods) periods.set(user, held);
    }
    return { epoch: first.epoch, membersAt: first.membersAt, periods };
  }

  #keep(conversation: ConversationId, view: View): void {
    const known = this.#views.get(conversation);
    if (known?.epoch === view.epoch && known.membersAt > view.membersAt) return;
    this.#views.delete(conversation);
    this.#views.set(conversation, view);
    if (this.#views.size <= this.#limits.conversationsMax) return;
    const oldest = this.#views.keys().next();
    if (!oldest.done) this.#views.delete(oldest.value);
  }
}

/** Changes the stays of those users who are in the view. */
function change(view: View, users: readonly UserId[], how: (periods: readonly Period[]) => readonly Period[]): void {
  for (const user of users) {
    const periods = view.periods.get(user);
    if (periods !== undefined) view.periods.set(user, how(periods));
  }
}

function merge(known: View, read: View): View {
  for (const [user, held] of read.periods) known.periods.set(user, held);
  return known;
}

function pick(periods: ReadonlyMap<UserId, readonly Period[]>, users: readonly UserId[]): PeriodsView['periods'] {
  const picked = new Map<UserId, readonly Period[]>();
  for (const user of users) {
    const held = periods.get(user);
    if (held !== undefined && held.length > 0) picked.set(user, held);
  }
  return picked;
}
