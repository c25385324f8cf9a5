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

export type Reply =
  | { readonly ok: Answers[keyof Answers] }
  | { readonly error: { readonly code: string; readonly retryable: boolean } };

/** What became of one command, for the truth to follow. */
export interface Done {
  readonly reply: Reply;
  /** To publish; empty when nothing was committed anew. */
  readonly notices: readonly Notice[];
  readonly committed: boolean;
  /** What a `forward` was made from, as it was read. */
  readonly forwarded?: Message | null;
}

export interface NodeOptions {
  /** The store as it is now: a restored one is another. */
  readonly store: () => Store;
  /** The store's. */
  readonly limits: ChatLimits;
  readonly mintId: () => string;
  readonly users: readonly UserId[];
  readonly links: NodeLinks;
}

/** One server process: the chat server's own way from a request to its answer, over the simulated store, with the people connected to it. */
export class ServerNode {
  readonly #options: NodeOptions;
  readonly #accounts: MemoryAccounts;
  #people: NodePeople;

  constructor(options: NodeOptions) {
    this.#options = options;
    this.#accounts = accountsOf(options.users);
    this.#people = this.#nobody();
  }

  /** Replaced when the process restarts. */
  get people(): NodePeople {
    return this.#people;
  }

  /** The process was started again. */
  crash(): void {
    this.#people = this.#nobody();
  }

  async query(user: UserId, query: Query, now: number): Promise<Reply> {
    return replyTo(await this.#run(user, query, { now, announce: () => undefined, read: () => undefined }));
  }

  /** Starts immediately and commits when the gate lets it. `session` is `null` if the device has disconnected. */
  async command(actor: UserId, command: Command, now: number, session: NodeSession | null): Promise<Done> {
    if (isOfSessions(command)) {
      const unseen = { now, announce: () => undefined, read: () => undefined };
      if (command.command !== 'watch' || session === null) return { reply: { ok: {} }, notices: [], committed: false };
      const outcome = await runRequest(session, { i: 0, ...command }, this.#dependencies(unseen));
      return { reply: replyTo(outcome), notices: [], committed: false };
    }
    let told: readonly Notice[] | null = null;
    let forwarded: Message | null = null;
    const outcome = await this.#run(actor, command, {
      now,
      announce: (notices) => {
        told = notices;
      },
      read: (row) => {
        forwarded = row;
      },
    });
    // Whoever is answered without anybody being told has repeated a command, or was refused.
    return { reply: replyTo(outcome), notices: told ?? [], committed: told !== null, forwarded };
  }

  #run(user: UserId, request: Query | Exclude<Command, OfSessions>, during: During): Promise<RequestOutcome> {
    const numbered = { i: 0, ...request } as SessionlessRequest;
    return runWithoutSession({ user, guest: false, pace: '' }, numbered, this.#dependencies(during));
  }

  #dependencies(during: During): CommandDependencies {
    const { store, limits, mintId } = this.#options;
    const { sessions, views } = this.#people;
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
      ...{ receipts: pace, searches: pace, typing: pace },
      epoch: '',
      wallNow: () => during.now,
      newMessageId: mintId,
    };
  }

  #nobody(): NodePeople {
    const { store, limits, users, links } = this.#options;
    return new NodePeople({ store, limits, usersMax: users.length, links });
  }
}

/** What is seen of one request while it runs. */
interface During {
  readonly now: number;
  /** Called once what it did is committed. */
  readonly announce: (notices: readonly Notice[]) => void;
  readonly read: (row: Message | null) => void;
}

export function nameOf(user: UserId): string {
  return `p${user}`;
}

/** Everybody's name says their number. */
function accountsOf(users: readonly UserId[]): MemoryAccounts {
  const accounts = new MemoryAccounts();
  for (const user of users)
    void accounts.createUser({ name: nameOf(user), displayName: nameOf(user), passwordHash: null, createdAt: 0 });
  return accounts;
}

/** Every file is there, and is a picture: which files there are is no matter of the log. */
const pictures = {
  attachableFiles: async (_user, names) =>
    names.map((id) => ({
      ...{ id, name: 'p', kind: 'image', type: 'image/png', size: 1 },
      picture: { width: 1, height: 1, placeholder: '' },
    })),
} as Pick<FileRecords, 'attachableFiles'> as FileRecords;

/** The store, with few versions in an answer, and with a look at the one message that a forward reads. */
function watched(store: Store, read: During['read']): Store {
  const own: Pick<Store, 'versions' | 'messages'> = {
    versions: (user, conversation, message, page) =>
      store.versions(user, conversation, message, { ...page, limit: Math.min(page.limit, versionsMax) }),
    messages: async (...asked) => {
      const answer = await store.messages(...asked);
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

/** What has a meaning between sessions alone, and is kept nowhere. */
function isOfSessions(command: Command): command is OfSessions {
  return ['typing', 'watch', 'watchPresence', 'present'].includes(command.command);
}

/** The ids of what was made. */
export function givenBy(reply: Reply): { readonly created: ConversationId | null; readonly invite: string | null } {
  if (!('ok' in reply)) return { created: null, invite: null };
  return {
    created: 'conversation' in reply.ok ? (reply.ok.conversation as ConversationId) : null,
    invite: 'invite' in reply.ok ? (reply.ok.invite as string) : null,
  };
}

/** @throws Error on any assertion of the chat: the run fails */
function replyTo(outcome: RequestOutcome): Reply {
  if (outcome.outcome === 'ok') return { ok: outcome.body };
  if (outcome.invariant !== undefined) throw new Error(`it does not hold that ${outcome.invariant}`);
  const { code } = outcome;
  return { error: { code, retryable: chatErrorCodes[code].retryable } };
}
