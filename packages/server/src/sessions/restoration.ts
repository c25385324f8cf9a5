import {
  InvariantError,
  type JsonValue,
  type ServerSession,
  type SessionRegistry,
  SnapshotVersionError,
} from '@everywire/protocol/internal';
import type { MessageMaker } from '../gathering/message-maker.js';
import type { Hub } from '../topics/hub.js';
import type { Claims } from '../wire-session.js';
import { type FrozenApplication, forwardedOf, parseFrozen } from './frozen-session.js';
import type { SessionShell } from './session-shell.js';

/** Options of `Restoration`. */
export interface RestorationOptions {
  readonly registry: SessionRegistry;
  readonly maker: MessageMaker;
  readonly hub: Pick<Hub, 'join' | 'leaveAll'>;
  readonly now: () => number;
  readonly onNotice: (code: string, text: string) => void;
  readonly createShell: (machine: ServerSession, claims: Claims) => SessionShell;
}

/** Continues sessions that another process froze (SN-24). */
export class Restoration {
  readonly #options: RestorationOptions;
  /** The session that is being restored at this moment. */
  #restoring: { readonly session: SessionShell; readonly application: FrozenApplication } | null = null;

  constructor(options: RestorationOptions) {
    this.#options = options;
  }

  /**
   * Restores sessions.
   *
   * @param awayMs milliseconds for which no process had them
   * @returns the number of restored sessions. A notice reports each session that could not be restored.
   */
  restore(frozen: Iterable<string>, awayMs: number): number {
    let restored = 0;
    for (const text of frozen) {
      const refused = this.#restore(text, awayMs);
      if (refused === null) restored += 1;
      else this.#options.onNotice('snapshot_refused', `A session of another process is lost: ${refused}`);
    }
    return restored;
  }

  /** Returns the application's state of a session that is being restored at this moment; `undefined` for any other. */
  stateOf(session: SessionShell): JsonValue | undefined {
    return this.#restoring?.session === session ? this.#restoring.application.state : undefined;
  }

  /** @returns why the text was refused */
  #restore(text: string, awayMs: number): string | null {
    const { registry, maker, hub, now } = this.#options;
    try {
      const read = parseFrozen(text, awayMs, () => maker.nextSerial());
      if (read === null) return 'The snapshot is damaged.';
      const machine = registry.restore(read.snapshot, (made) => this.#shell(made, read), now());
      if (machine === null) return 'A session with this id exists already.';
      for (const message of forwardedOf(read.application)) machine.send(message);
      // If the time of the session ran out meanwhile, the session ends now, not after its client has reconnected.
      machine.tick(now());
      return null;
    } catch (error) {
      if (this.#restoring !== null) hub.leaveAll(this.#restoring.session);
      if (error instanceof SnapshotVersionError) return error.message;
      if (error instanceof InvariantError) return 'The snapshot contradicts itself.';
      throw error;
    } finally {
      this.#restoring = null;
    }
  }

  #shell(machine: ServerSession, { snapshot, application }: NonNullable<ReturnType<typeof parseFrozen>>): SessionShell {
    const session = this.#options.createShell(machine, application.claims);
    this.#restoring = { session, application };
    session.askedBefore(application.asked);
    if (application.dropped.length > 0) session.dropped = new Set(application.dropped);
    const infos = new Map(application.infos);
    for (const name of snapshot.topics) this.#options.hub.join(session, name, infos.get(name));
    return session;
  }
}
