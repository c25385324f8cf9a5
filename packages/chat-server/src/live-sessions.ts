import type { ConversationId, UserId } from '@everywire/chat';
import type { WireSession } from '@everywire/server';

/** A session of somebody who is signed in, on this node. */
export interface LiveSession {
  readonly wire: WireSession;
  readonly user: UserId;
  /** Id of the sign-in it lives by: the one it was opened with, or that of a token which renewed it since. */
  readonly credential: string;
  /** Whether it was opened by a guest; one that has an account since may do more (see `runRequest`). */
  readonly guest: boolean;
  /** Conversations it has open. */
  readonly watching: ReadonlySet<ConversationId>;
  /** The transport it is connected by, or was last: between two polls there is none. */
  readonly transport: string;
  /** People whose presence it is sent. */
  readonly looking: ReadonlySet<UserId>;
  /** People whose profile it is sent, those it asked about last at the end. */
  readonly people: Set<UserId>;
}

interface Held extends LiveSession {
  transport: string;
  watching: ReadonlySet<ConversationId>;
  looking: ReadonlySet<UserId>;
}

/** Every session of this node, by person; and who has which conversation open. */
export class LiveSessions {
  readonly #byUser = new Map<UserId, Set<Held>>();
  readonly #watchers = new Map<ConversationId, Set<Held>>();
  readonly #perUserMax: number;

  constructor(perUserMax: number) {
    this.#perUserMax = perUserMax;
  }

  /** One person's sessions are bounded: a further one ends the oldest with `replaced`. */
  add(wire: WireSession, user: UserId, credential: string, guest = false): LiveSession {
    const sees = { watching: new Set<ConversationId>(), looking: new Set<UserId>(), people: new Set<UserId>() };
    const session: Held = {
      ...{ wire, user, guest, transport: '', ...sees },
      get credential() {
        return wire.claims.credential ?? credential;
      },
    };
    const sessions = this.#byUser.get(user) ?? new Set();
    this.#byUser.set(user, sessions.add(session));
    const [oldest] = sessions;
    if (sessions.size > this.#perUserMax && oldest !== undefined) {
      this.remove(oldest);
      oldest.wire.end('replaced');
    }
    return session;
  }

  remove(session: LiveSession): void {
    this.watch(session, new Set());
    const sessions = this.#byUser.get(session.user);
    sessions?.delete(session as Held);
    if (sessions?.size === 0) this.#byUser.delete(session.user);
  }

  /** Replaces what the session has open. No-op on a session that was removed: a request of it may be answered after its end. */
  watch(session: LiveSession, conversations: ReadonlySet<ConversationId>): void {
    const held = session as Held;
    for (const conversation of held.watching) {
      const watchers = this.#watchers.get(conversation);
      watchers?.delete(held);
      if (watchers?.size === 0) this.#watchers.delete(conversation);
    }
    held.watching = this.#byUser.get(held.user)?.has(held) === true ? conversations : new Set();
    for (const conversation of held.watching) {
      this.#watchers.set(conversation, (this.#watchers.get(conversation) ?? new Set()).add(held));
    }
  }

  moved(session: LiveSession, transport: string): void {
    (session as Held).transport = transport;
  }

  look(session: LiveSession, users: ReadonlySet<UserId>): void {
    (session as Held).looking = users;
  }

  /** People with a session here that has the conversation open. */
  watchersOf(conversation: ConversationId): readonly UserId[] {
    return [...new Set([...(this.#watchers.get(conversation) ?? [])].map((session) => session.user))];
  }

  isOnline(user: UserId): boolean {
    return this.#byUser.has(user);
  }

  /** The transport of each sign-in of a person that has a session here, by the id of the sign-in. */
  transportsOf(user: UserId): ReadonlyMap<string, string> {
    return new Map([...(this.#byUser.get(user) ?? [])].map(({ credential, transport }) => [credential, transport]));
  }

  users(): readonly UserId[] {
    return [...this.#byUser.keys()];
  }

  all(): readonly LiveSession[] {
    return [...this.#byUser.values()].flatMap((sessions) => [...sessions]);
  }
}
