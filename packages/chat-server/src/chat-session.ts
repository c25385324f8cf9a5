import {
  type CommandAnswer,
  chatErrorCodes,
  type Refused,
  StoreError,
  type UserId,
  type WireError,
} from '@everywire/chat';
import type { WireSession } from '@everywire/server';
import type { BrokenInvariants } from './broken-invariants.js';
import type { CommandDependencies } from './command-dependencies.js';
import type { LargeMembers } from './large-members.js';
import type { ChatServerLimits } from './limits.js';
import type { LiveSession } from './live-sessions.js';
import type { Logger } from './logger.js';
import { parseRequest } from './parse-request.js';
import { type RequestOutcome, refuse } from './request-outcome.js';
import { runRequest } from './run-request.js';
import type { ChatSessionState } from './session-hand-over.js';
import { SIGNED_PREFIX } from './sign-in.js';
import { userTopic } from './topics.js';
import type { UserRateLimit } from './user-rate-limit.js';

/** Interval, in milliseconds, at which a throttled session rechecks whether it may proceed. */
const LOOK_AGAIN_MS = 200;

/** Dependencies of one `ChatSession`. */
export interface ChatSessionOptions {
  readonly user: UserId;
  readonly credential: string;
  readonly guest: boolean;
  /** The transport that the sign-in last used, as stored. */
  readonly transport: string;
  readonly dependencies: CommandDependencies;
  readonly largeMembers: LargeMembers;
  readonly pace: UserRateLimit;
  readonly limits: ChatServerLimits;
  readonly log: Logger;
  readonly broken: BrokenInvariants;
  /** The state of a session that another process handed over. */
  readonly before?: ChatSessionState;
}

/**
 * One authenticated session of a user: receives commands from the client, runs them and sends the answers. Runs one
 * command after the other, because `onMessage` settles when the answer was sent, and until then the transport delivers
 * no further message (CH-1). A user who exceeds the limits is throttled, across all of the user's sessions.
 */
export class ChatSession {
  readonly #wire: WireSession;
  readonly #options: ChatSessionOptions;
  readonly #live: LiveSession;
  /** Resolves when commands may run. */
  readonly #ready: Promise<void>;
  /** Runs while no link is connected, and then ends the presence; `null` while a link is connected. */
  #unreachable: NodeJS.Timeout | null = null;
  /** Whether the presence lease ended because the connection was lost, not because the user went away. */
  #interrupted = false;
  #closed = false;

  constructor(wire: WireSession, options: ChatSessionOptions) {
    this.#wire = wire;
    this.#options = options;
    const { sessions } = options.dependencies;
    this.#live = sessions.add(wire, options.user, options.credential, options.guest);
    sessions.moved(this.#live, wire.transport ?? options.transport);
    const { before } = options;
    if (before === undefined) wire.join(userTopic(options.user));
    // The first `list` query waits for this. Otherwise a commit after its answer could cause no hint for this user (CH-12).
    this.#ready = before === undefined ? this.#learnLarge() : this.#resume(before);
    wire.onMessage = (data) => this.#onMessage(data);
    wire.onTransport = (transport) => this.#onTransport(transport);
    wire.onClose = () => this.#onClose();
  }

  /**
   * Restores the state of a session that another process handed over. The session is already in its topics. Does not
   * query the user's large conversations, because this process loads all members at the first commit of each
   * (`LargeMembers`).
   */
  async #resume({ transport, watching, looking, people, present }: ChatSessionState): Promise<void> {
    const { dependencies, user } = this.#options;
    const { sessions, presence, wallNow } = dependencies;
    sessions.moved(this.#live, transport);
    sessions.watch(this.#live, new Set(watching));
    sessions.look(this.#live, new Set(looking));
    for (const person of people) this.#live.people.add(person);
    // Observers have seen no change, so no hint is published.
    if (present) presence.renew(this.#wire.serial, user, wallNow());
    this.#onTransport(null);
  }

  /** Reads which large conversations the user is in, so that their commits are published to the user. */
  async #learnLarge(): Promise<void> {
    const { dependencies, largeMembers, user } = this.#options;
    try {
      largeMembers.learn(user, await dependencies.store.largeConversations(user));
    } catch (error) {
      this.#options.log.error(`Session ${this.#wire.serial} could not be prepared.`, error);
      this.#end('busy');
    }
  }

  async #onMessage(data: string | Uint8Array): Promise<void> {
    await this.#ready;
    await this.#keepPace();
    if (this.#closed) return;
    const { pace, limits, user } = this.#options;
    const parsed = await pace.parse(user, data.length, () => parseRequest(data, limits.commandCharactersMax));
    if (parsed.outcome !== 'request') {
      this.#answer(parsed.i, refuse(parsed.code));
      return;
    }
    const { request } = parsed;
    await pace.run(user, request, async () => {
      if (!this.#closed) this.#answer(request.i, await this.#run(request));
    });
  }

  async #run(request: Parameters<typeof runRequest>[1]): Promise<RequestOutcome> {
    try {
      const outcome = await runRequest(this.#live, request, this.#options.dependencies);
      this.#options.broken.note(outcome, request);
      return outcome;
    } catch (error) {
      if (error instanceof StoreError) return refuse(error.code);
      this.#options.log.error(`Command ${request.command} of session ${this.#wire.serial} failed.`, error);
      return refuse('internal');
    }
  }

  #answer(i: number, outcome: RequestOutcome): void {
    if (this.#closed) return;
    const answer: CommandAnswer = outcome.outcome === 'ok' ? { i, ok: outcome.body } : { i, error: wireError(outcome) };
    try {
      this.#wire.send(JSON.stringify(answer));
    } catch (error) {
      // The buffer of the session is full, because the client sends requests but does not read answers (SN-23).
      this.#options.log.debug(`Session ${this.#wire.serial} does not read its answers: ${String(error)}`);
      this.#end('overflow');
    }
  }

  /** Waits until the user is within the rate limit. */
  async #keepPace(): Promise<void> {
    const { pace, user } = this.#options;
    for (let waitMs = pace.begin(user); waitMs > 0 && !this.#closed; waitMs = pace.begin(user))
      await new Promise((resolve) => setTimeout(resolve, Math.min(waitMs, LOOK_AGAIN_MS)));
  }

  /** Updates presence. `null` ends it only after a while, because between two polls no link is connected either. */
  #onTransport(transport: string | null): void {
    const { dependencies, limits, user } = this.#options;
    const { presence, hints, wallNow } = dependencies;
    const { serial } = this.#wire;
    if (transport === null) {
      this.#unreachable ??= setTimeout(() => {
        this.#interrupted = presence.holds(serial);
        hints.presence(presence.end(serial, wallNow()));
      }, limits.unreachableMs);
      return;
    }
    dependencies.sessions.moved(this.#live, transport);
    if (this.#unreachable !== null) clearTimeout(this.#unreachable);
    this.#unreachable = null;
    if (this.#interrupted) hints.presence(presence.renew(serial, user, wallNow()));
    this.#interrupted = false;
  }

  #onClose(): void {
    this.#closed = true;
    if (this.#unreachable !== null) clearTimeout(this.#unreachable);
    const { dependencies, largeMembers, user } = this.#options;
    const { presence, hints, sessions, wallNow } = dependencies;
    hints.presence(presence.end(this.#wire.serial, wallNow()));
    sessions.remove(this.#live);
    largeMembers.forget(user);
    this.#noteTransport();
  }

  /**
   * Stores the transport of the sign-in, if it has changed. Called only at the end of the session, because the transport
   * is not worth a commit at every connection.
   */
  #noteTransport(): void {
    const { transport, dependencies, log } = this.#options;
    const { credential } = this.#live;
    if (this.#live.transport === transport || credential.startsWith(SIGNED_PREFIX)) return;
    dependencies.accounts
      .noteTransport(credential, this.#live.transport)
      .catch((error: unknown) => log.debug(`The transport of a sign-in could not be noted: ${String(error)}`));
  }

  #end(code: string): void {
    if (!this.#closed) this.#wire.end(code);
  }
}

function wireError({ code, row }: Refused): WireError {
  const error = { code, retryable: chatErrorCodes[code].retryable };
  return row === undefined ? error : { ...error, row };
}
