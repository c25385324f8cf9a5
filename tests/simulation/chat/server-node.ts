import {
  type Answers,
  type ChatLimits,
  type Command,
  type ConversationId,
  chatErrorCodes,
  type FileRecords,
  type Message,
  type Notice,
  type Query,
  type Store,
  type UserId,
} from '@everywire/chat';
import {
  type CommandDependencies,
  type Hints,
  PresenceTracker,
  type RequestOutcome,
  runRequest,
  runWithoutSession,
  type SessionlessRequest,
  silentLog,
  TokenBuckets,
  Visibility,
} from '@everywire/chat-server/internal';
import { MemoryAccounts } from '@everywire/store-memory';
import { type NodeLinks, NodePeople, type NodeSession } from './node-people.js';
import { versionsMax } from './world-limits.js';

/** The answer to a request: a result, or an error code and whether the request may be repeated. */
export type Reply =
  | { readonly ok: Answers[keyof Answers] }
  | { readonly error: { readonly code: string; readonly retryable: boolean } };

/** The outcome of one command. The world updates the truth (the expected state) from it. */
export interface Done {
  readonly reply: Reply;
  /** Notices (events and their recipients) to publish; empty if nothing new was committed. */
  readonly notices: readonly Notice[];
  /** Whether the command changed anything. `false` for a repetition or a refused command. */
  readonly committed: boolean;
  /** The message that a `forward` read. */
  readonly forwarded?: Message | null;
}

/** Options of a simulated server node. */
export interface NodeOptions {
  /** The current store: a restore replaces it. */
  readonly store: () => Store;
  /** The limits of the store. */
  readonly limits: ChatLimits;
  readonly mintId: () => string;
  readonly users: readonly UserId[];
  readonly links: NodeLinks;
}

/**
 * Simulates one server process. Runs requests with the chat server's own code, over the simulated store, and holds the
 * state of the users connected to this process.
 */
export class ServerNode {
  readonly #options: NodeOptions;
  readonly #accounts: MemoryAccounts;
  #people: NodePeople;

  constructor(options: NodeOptions) {
    this.#options = options;
    this.#accounts = accountsOf(options.users);
    this.#people = this.#noPeople();
  }

  /** The state of connected users. Replaced when the process restarts. */
  get people(): NodePeople {
    return this.#people;
  }

  /** Restarts the process. */
  crash(): void {
    this.#people = this.#noPeople();
  }

  /** Runs a query. */
  async query(user: UserId, query: Query, now: number): Promise<Reply> {
    return replyTo(await this.#run(user, query, { now, announce: () => undefined, read: () => undefined }));
  }

  /**
   * Runs a command. It starts immediately, but the store waits for the simulation to permit its commit. `session` is
   * `null` if the device has disconnected.
   */
  async command(actor: UserId, command: Command, now: number, session: NodeSession | null): Promise<Done> {
    if (isOfSessions(command)) {
      const unseen = { now, announce: () => undefined, read: () => undefined };
      if (command.command !== 'watch' || session === null) return { reply: { ok: {} }, notices: [], committed: false };
      const outcome = await runRequest(session, { i: 0, ...command }, this.#dependencies(unseen));
      return { reply: replyTo(outcome), notices: [], committed: false };
    }
    let published: readonly Notice[] | null = null;
    let forwarded: Message | null = null;
    const outcome = await this.#run(actor, command, {
      now,
      announce: (notices) => {
        published = notices;
      },
      read: (row) => {
        forwarded = row;
      },
    });
    // A command that is answered but publishes nothing was a repetition or was refused.
    return { reply: replyTo(outcome), notices: published ?? [], committed: published !== null, forwarded };
  }

  #run(user: UserId, request: Query | Exclude<Command, OfSessions>, during: During): Promise<RequestOutcome> {
    const numbered = { i: 0, ...request } as SessionlessRequest;
    return runWithoutSession({ user, guest: false, pace: '' }, numbered, this.#dependencies(during));
  }

  #dependencies(during: During): CommandDependencies {
    const { store, limits, mintId } = this.#options;
    const { sessions, views } = this.#people;
    // A rate limit that is never reached.
    const pace = new TokenBuckets({ capacity: Number.POSITIVE_INFINITY, refillMs: 1, keysMax: 1 });
    return {
      store: watched(store(), during.read),
      accounts: this.#accounts,
      files: pictures,
      limits,
      answerBytesMax: Number.MAX_SAFE_INTEGER,
      profilesSeenMax: 1,
      sessions,
      hints: { announce: during.announce } as Pick<Hints, 'announce'> as Hints,
      views,
      presence: new PresenceTracker({ leaseMs: 1, leasesMax: 1 }, null),
      visibility: new Visibility({
        sessions,
        store: store(),
        accounts: this.#accounts,
        log: silentLog,
        sendToNodes: null,
      }),
      receipts: pace,
      searches: pace,
      typing: pace,
      epoch: '',
      wallNow: () => during.now,
      newMessageId: mintId,
    };
  }

  #noPeople(): NodePeople {
    const { store, limits, users, links } = this.#options;
    return new NodePeople({ store, limits, usersMax: users.length, links });
  }
}

/** Callbacks that observe one request while it runs. */
interface During {
  readonly now: number;
  /** Called once the request has committed. */
  readonly announce: (notices: readonly Notice[]) => void;
  /** Called with the message that a `forward` reads; `null` if it does not exist. */
  readonly read: (row: Message | null) => void;
}

/** Returns the account name of a user. */
export function nameOf(user: UserId): string {
  return `p${user}`;
}

/** Creates an account for each user. */
function accountsOf(users: readonly UserId[]): MemoryAccounts {
  const accounts = new MemoryAccounts();
  for (const user of users)
    void accounts.createUser({ name: nameOf(user), displayName: nameOf(user), passwordHash: null, createdAt: 0 });
  return accounts;
}

/** File records in which every file exists and is a picture. The simulation does not concern files. */
const pictures = {
  attachableFiles: async (_user, names) =>
    names.map((id) => ({
      id,
      name: 'p',
      kind: 'image',
      type: 'image/png',
      size: 1,
      picture: { width: 1, height: 1, placeholder: '' },
    })),
} as Pick<FileRecords, 'attachableFiles'> as FileRecords;

/** Wraps the store: limits versions per answer, and records the message that a forward reads. */
function watched(store: Store, read: During['read']): Store {
  const own: Pick<Store, 'versions' | 'messages'> = {
    versions: (user, conversation, message, page) =>
      store.versions(user, conversation, message, { ...page, limit: Math.min(page.limit, versionsMax) }),
    messages: async (...parameters) => {
      const answer = await store.messages(...parameters);
      read(answer.outcome === 'messages' ? (answer.rows[0] ?? null) : null);
      return answer;
    },
  };
  return new Proxy(store, {
    get: (target, name) => {
      const value: unknown = Reflect.get(name in own ? own : target, name);
      return typeof value === 'function' ? value.bind(target) : value;
    },
  });
}

type OfSessions = Extract<Command, { readonly command: 'typing' | 'watch' | 'watchPresence' | 'present' }>;

/** Returns whether a command concerns sessions only and is not stored. */
function isOfSessions(command: Command): command is OfSessions {
  return ['typing', 'watch', 'watchPresence', 'present'].includes(command.command);
}

/** Returns the ids that the store assigned: of a new conversation and of a new invitation; `null` if there is none. */
export function givenBy(reply: Reply): { readonly created: ConversationId | null; readonly invite: string | null } {
  if (!('ok' in reply)) return { created: null, invite: null };
  return {
    created: 'conversation' in reply.ok ? (reply.ok.conversation as ConversationId) : null,
    invite: 'invite' in reply.ok ? (reply.ok.invite as string) : null,
  };
}

/** Converts an outcome. @throws Error on a failed internal assertion of the chat server, which fails the run */
function replyTo(outcome: RequestOutcome): Reply {
  if (outcome.outcome === 'ok') return { ok: outcome.body };
  if (outcome.invariant !== undefined) throw new Error(`it does not hold that ${outcome.invariant}`);
  const { code } = outcome;
  return { error: { code, retryable: chatErrorCodes[code].retryable } };
}
