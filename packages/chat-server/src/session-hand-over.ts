import type { ConversationId, UserId } from '@everywire/chat';
import type { FrozenSessions, JsonValue, WireServer, WireSession } from '@everywire/server';
import type { CommandDependencies } from './command-dependencies.js';
import type { CredentialUse } from './credential-use.js';
import type { LiveSession } from './live-sessions.js';
import type { Logger } from './logger.js';

/** The state of a session that the next process needs, in addition to its claims. */
export interface ChatSessionState {
  readonly transport: string;
  readonly watching: readonly ConversationId[];
  readonly looking: readonly UserId[];
  readonly people: readonly UserId[];
  /** Whether the user is present. If only the connection was lost, the client reports it again. */
  readonly present: boolean;
  /** Hash of the sign-in's token; `null` if another party signed it. */
  readonly tokenHash: string | null;
}

/** The origin of exported sessions: the format of their release, and the store's epoch (the id of its history). */
interface Head {
  readonly format: string;
  readonly epoch: string;
}

/** Must be changed whenever `ChatSessionState` changes. */
const FORMAT = 'everywire-chat-1';

interface HandOverParts {
  readonly dependencies: Pick<CommandDependencies, 'store' | 'sessions' | 'presence' | 'epoch'>;
  readonly credentialUse: CredentialUse;
  readonly log: Logger;
}

/** Hands the sessions of this process over to its successor, and continues those of its predecessor (SN-24). */
export class SessionHandOver {
  readonly #parts: HandOverParts;
  /** The chat sessions by transport session, while they are exported. */
  #live: ReadonlyMap<WireSession, LiveSession> | null = null;

  constructor(parts: HandOverParts) {
    this.#parts = parts;
  }

  /**
   * Exports the sessions.
   * @returns first a text that names their origin, then one for each session
   */
  async freeze(wire: WireServer, options: { readonly deadlineMs?: number }): Promise<readonly string[]> {
    const { dependencies } = this.#parts;
    // The store's epoch may have changed since the start, for example if another database server took over.
    const epoch = await dependencies.store.epoch().catch(() => dependencies.epoch);
    const head: Head = { format: FORMAT, epoch };
    const sessions = await wire.freeze(options);
    this.#live = null;
    return [JSON.stringify(head), ...sessions];
  }

  /** Returns the state of a session. The transport calls it for all sessions within one tick. */
  onFreeze(session: WireSession): JsonValue {
    const { dependencies, credentialUse } = this.#parts;
    const { sessions, presence } = dependencies;
    this.#live ??= new Map(sessions.all().map((live) => [live.wire, live]));
    const live = this.#live.get(session);
    if (live === undefined) throw new Error('A session without a user cannot be handed over.');
    const state: ChatSessionState = {
      transport: live.transport,
      watching: [...live.watching],
      looking: [...live.looking],
      people: [...live.people],
      present: presence.holds(session.serial),
      tokenHash: credentialUse.hashOf(live.credential),
    };
    return state as unknown as JsonValue;
  }

  /**
   * Continues exported sessions.
   * @returns how many continue
   */
  restore(wire: WireServer, { sessions, awayMs }: FrozenSessions): number {
    const [first, ...texts] = sessions;
    const fault = this.#faultOf(first);
    if (fault === null) return wire.restore(texts, { awayMs });
    this.#parts.log.warn(`The sessions of the previous process are lost: ${fault}. Their clients begin new ones.`);
    return 0;
  }

  /** Returns why exported sessions cannot be continued here; `null` if they can. */
  #faultOf(first: string | undefined): string | null {
    if (first === undefined) return 'the export is empty';
    const head = JSON.parse(first) as Partial<Head>;
    if (head.format !== FORMAT) return 'another release wrote them';
    return head.epoch === this.#parts.dependencies.epoch ? null : 'the store has changed';
  }
}
