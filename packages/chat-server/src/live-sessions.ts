import type { ConversationId, UserId } from '@everywire/chat';
import type { WireSession } from '@everywire/server';

/** A session of an authenticated user on this node. */
export interface LiveSession {
  readonly wire: WireSession;
  readonly user: UserId;
  /** Id of the sign-in on which the session depends: the sign-in of the session's latest token. */
  readonly credential: string;
  /** Whether a guest opened it. If the guest got an account since, the session may do more (see `runRequest`). */
  readonly guest: boolean;
  /** Conversations that are open in the session. */
  readonly watching: ReadonlySet<ConversationId>;
  /** The current transport or, between two polls, the last one. */
  readonly transport: string;
  /** Users whose presence the session receives. */
  readonly looking: ReadonlySet<UserId>;
  /** Users whose profile changes the session receives. The most recently requested user is the last. */
  readonly people: Set<UserId>;
}

/** A session with the fields that only `LiveSessions` changes. */
interface Held extends LiveSession {
  transport: string;
  watching: ReadonlySet<ConversationId>;
  looking: ReadonlySet<UserId>;
}

/** Registers every session of this node, by user, and which conversations each has open. */
export class LiveSessions {
  readonly #byUser = new Map<UserId, Set<Held>>();
  readonly #watchers = new Map<ConversationId, Set<Held>>();
  readonly #perUserMax: number;

  constructor(perUserMax: number) {
    this.#perUserMax = perUserMax;
  }

  /** Registers a session. Beyond the limit for one user, ends the oldest with `replaced`. */
  add(wire: WireSession, user: UserId, credential: string, guest = false): LiveSession {
    const sees = { watching: new Set<ConversationId>(), looking: new Set<UserId>(), people: new Set<UserId>() };
    const session: Held = {
      wire,
      user,
      guest,
      transport: '',
      ...sees,
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

  /** Removes a session and all that it watches. No-op if the session was removed before. */
  remove(session: LiveSession): void {
    this.watch(session, new Set());
    const sessions = this.#byUser.get(session.user);
    sessions?.delete(session as Held);
    if (sessions?.size === 0) this.#byUser.delete(session.user);
  }

  /**
   * Replaces the open conversations of a session. No-op on a removed session, whose request may be answered after its
   * end.
   */
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

  /** Records the session's transport. */
  moved(session: LiveSession, transport: string): void {
    (session as Held).transport = transport;
  }

  /** Records the users whose presence the session receives. */
  look(session: LiveSession, users: ReadonlySet<UserId>): void {
    (session as Held).looking = users;
  }

  /** Returns users with a session here that has the conversation open. */
  watchersOf(conversation: ConversationId): readonly UserId[] {
    return [...new Set([...(this.#watchers.get(conversation) ?? [])].map((session) => session.user))];
  }

  /** Returns whether the user has a session on this node. */
  isOnline(user: UserId): boolean {
    return this.#byUser.has(user);
  }

  /** Returns the transport of each sign-in of a user with a session here, by the id of the sign-in. */
  transportsOf(user: UserId): ReadonlyMap<string, string> {
    return new Map([...(this.#byUser.get(user) ?? [])].map(({ credential, transport }) => [credential, transport]));
  }

  /** Returns the users with a session on this node. */
  users(): readonly UserId[] {
    return [...this.#byUser.keys()];
  }

  /** Returns every session on this node. */
  all(): readonly LiveSession[] {
    return [...this.#byUser.values()].flatMap((sessions) => [...sessions]);
  }
}
