import type { LiveSessions } from './live-sessions.js';

/** Sign-ins that ended lately: one that was being checked at that moment must not open a session after it. */
const kept = 1_000;

/** Ends the sessions of sign-ins that have ended, those under way included (SN-21). */
export class Revocations {
  readonly #sessions: LiveSessions;
  /** Insertion order is the order of ending. */
  readonly #ended = new Set<string>();

  constructor(sessions: LiveSessions) {
    this.#sessions = sessions;
  }

  end(credentials: readonly string[]): void {
    for (const credential of credentials) this.#remember(credential);
    const ended = new Set(credentials);
    for (const session of this.#sessions.all()) {
      // A renewed token may be another sign-in of the same person.
      const { credential = session.credential } = session.wire.claims;
      if (ended.has(credential)) session.wire.end('revoked');
    }
  }

  has(credential: string): boolean {
    return this.#ended.has(credential);
  }

  #remember(credential: string): void {
    this.#ended.add(credential);
    const [oldest] = this.#ended;
    if (this.#ended.size > kept && oldest !== undefined) this.#ended.delete(oldest);
  }
}
