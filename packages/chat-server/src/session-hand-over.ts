import type { ConversationId, UserId } from '@everywire/chat';
import type { FrozenSessions, JsonValue, WireServer, WireSession } from '@everywire/server';
import type { CommandDependencies } from './command-dependencies.js';
import type { CredentialUse } from './credential-use.js';
import type { LiveSession } from './live-sessions.js';
import type { Log } from './log.js';

/** What the next process has to know of a session besides its claims. */
export interface SessionState {
  readonly transport: string;
  readonly watching: readonly ConversationId[];
  readonly looking: readonly UserId[];
  readonly people: readonly UserId[];
  /** Its person is in front of it. One who was not for want of a connection says so again. */
  readonly present: boolean;
  /** Of the token its sign-in is used by; `null` where others signed that. */
  readonly tokenHash: string | null;
}

/** Who wrote the texts: what another release keeps of a session, or of another store, is nothing to go on with. */
interface Head {
  readonly format: string;
  readonly epoch: string;
}

const format = 'everywire-chat-1';

interface HandOverParts {
  readonly dependencies: Pick<CommandDependencies, 'store' | 'sessions' | 'presence' | 'epoch'>;
  readonly credentialUse: CredentialUse;
  readonly log: Log;
}

/** Hands the sessions of a node to the process that replaces it, and takes those of the one before (SN-24). */
export class SessionHandOver {
  readonly #parts: HandOverParts;
  /** While sessions become texts: those of the chat by those of the transport. */
  #live: ReadonlyMap<WireSession, LiveSession> | null = null;

  constructor(parts: HandOverParts) {
    this.#parts = parts;
  }

  /** @returns a text first that says whose they are, then one a session */
  async freeze(wire: WireServer, options: { readonly deadlineMs?: number }): Promise<readonly string[]> {
    const { dependencies } = this.#parts;
    // The store may have got another one since the start, as where another database server took over.
    const epoch = await dependencies.store.epoch().catch(() => dependencies.epoch);
    const head: Head = { format, epoch };
    const sessions = await wire.freeze(options);
    this.#live = null;
    return [JSON.stringify(head), ...sessions];
  }

  /** Called by the transport for each, within one turn. */
  onFreeze(session: WireSession): JsonValue {
    const { dependencies, credentialUse } = this.#parts;
    const { sessions, presence } = dependencies;
    this.#live ??= new Map(sessions.all().map((live) => [live.wire, live]));
    const live = this.#live.get(session);
    if (live === undefined) throw new Error('A session of nobody was to be handed over.');
    const state: SessionState = {
      transport: live.transport,
      watching: [...live.watching],
      looking: [...live.looking],
      people: [...live.people],
      present: presence.holds(session.serial),
      tokenHash: credentialUse.hashOf(live.credential),
    };
    return state as unknown as JsonValue;
  }

  /** @returns how many go on */
  restore(wire: WireServer, { sessions, awayMs }: FrozenSessions): number {
    const [first, ...texts] = sessions;
    const fault = this.#faultOf(first);
    if (fault === null) return wire.restore(texts, { awayMs });
    this.#parts.log.warn(`The sessions of the process before are lost: ${fault}. Their clients begin new ones.`);
    return 0;
  }

  #faultOf(first: string | undefined): string | null {
    if (first === undefined) return 'there is nothing';
    const head = JSON.parse(first) as Partial<Head>;
    if (head.format !== format) return 'another release wrote them';
    return head.epoch === this.#parts.dependencies.epoch ? null : 'the store is another one';
  }
}
