import type { ConversationId, Period, PeriodsView, Store, UserId } from '@everywire/chat';

interface View {
  readonly epoch: PeriodsView['epoch'];
  readonly membersAt: number;
  /** Everyone who was asked for; those who never were members have none. */
  readonly periods: Map<UserId, readonly Period[]>;
}

/**
 * What this node knows of the stays of its own people in conversations (CH-17), read from the store when it is missing or older than
 * an event. Bounded: the conversation used longest ago is forgotten, and read again when needed.
 */
export class MemberViews {
  readonly #store: Pick<Store, 'periods'>;
  readonly #conversationsMax: number;
  readonly #chunkUsers: number;
  /** Insertion order is order of use. */
  readonly #views = new Map<ConversationId, View>();
  /** Conversations that are being read, and the newest `membersAt` heard of meanwhile: what is older is not kept. */
  readonly #reading = new Map<ConversationId, { reads: number; heard: number }>();

  constructor(
    store: Pick<Store, 'periods'>,
    limits: { readonly conversationsMax: number; readonly chunkUsers: number },
  ) {
    this.#store = store;
    this.#conversationsMax = limits.conversationsMax;
    this.#chunkUsers = limits.chunkUsers;
  }

  /** The view of these users, no older than `membersAt` of `epoch` if the store has come so far. */
  async read(
    conversation: ConversationId,
    users: readonly UserId[],
    atLeast: { readonly epoch: string; readonly membersAt: number },
  ): Promise<PeriodsView> {
    const reading = this.#reading.get(conversation) ?? { reads: 0, heard: 0 };
    this.#reading.set(conversation, reading);
    reading.reads += 1;
    try {
      const view = await this.#current(conversation, users, atLeast);
      if (view.membersAt >= reading.heard) this.#keep(conversation, view);
      return { epoch: view.epoch, membersAt: view.membersAt, periods: pick(view.periods, users) };
    } finally {
      reading.reads -= 1;
      if (reading.reads === 0) this.#reading.delete(conversation);
    }
  }

  /** A commit with this `membersAt` was heard of: a view from before is not used again. */
  outdate(conversation: ConversationId, membersAt: number): void {
    const reading = this.#reading.get(conversation);
    if (reading !== undefined) reading.heard = Math.max(reading.heard, membersAt);
    const known = this.#views.get(conversation);
    if (known !== undefined && known.membersAt < membersAt) this.#views.delete(conversation);
  }

  async #current(
    conversation: ConversationId,
    users: readonly UserId[],
    atLeast: { readonly epoch: string; readonly membersAt: number },
  ): Promise<View> {
    const known = this.#views.get(conversation);
    if (known === undefined || known.epoch !== atLeast.epoch || known.membersAt < atLeast.membersAt) {
      return this.#fetch(conversation, users);
    }
    const missing = users.filter((user) => !known.periods.has(user));
    if (missing.length === 0) return known;
    const read = await this.#fetch(conversation, missing);
    const same = read.epoch === known.epoch && read.membersAt === known.membersAt;
    return same ? merge(known, read) : this.#fetch(conversation, users);
  }

  async #fetch(conversation: ConversationId, users: readonly UserId[]): Promise<View> {
    const first = await this.#store.periods(conversation, users.slice(0, this.#chunkUsers));
    const periods = new Map<UserId, readonly Period[]>();
    for (const user of users) periods.set(user, []);
    for (const [user, held] of first.periods) periods.set(user, held);
    for (let from = this.#chunkUsers; from < users.length; from += this.#chunkUsers) {
      const next = await this.#store.periods(conversation, users.slice(from, from + this.#chunkUsers));
      // A chunk that is newer than the first says more than it needs; the version stays the oldest, so that nothing newer is taken for known.
      for (const [user, held] of next.periods) periods.set(user, held);
    }
    return { epoch: first.epoch, membersAt: first.membersAt, periods };
  }

  #keep(conversation: ConversationId, view: View): void {
    this.#views.delete(conversation);
    this.#views.set(conversation, view);
    if (this.#views.size <= this.#conversationsMax) return;
    const oldest = this.#views.keys().next();
    if (!oldest.done) this.#views.delete(oldest.value);
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
