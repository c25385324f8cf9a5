import { randomBytes, randomUUID } from 'node:crypto';
import type { Accounts, ChatLimits, FileRecords, Store, User, UserId } from '@everywire/chat';
import {
  type Broker,
  type Claims,
  createWireServer,
  type FlashPolicy,
  type ServerLimits,
  type WireServer,
  type WireSession,
} from '@everywire/server';
import { hashBearerToken, isOwnToken, parseBearerToken } from './bearer-token.js';
import { ChatSession } from './chat-session.js';
import type { CommandDependencies } from './command-dependencies.js';
import { CredentialUse } from './credential-use.js';
import { Hints } from './hints.js';
import { LargeMembers } from './large-members.js';
import type { ChatServerLimits } from './limits.js';
import { LiveSessions } from './live-sessions.js';
import type { Log } from './log.js';
import { MemberViews } from './member-views.js';
import { PresenceLeases } from './presence-leases.js';
import { type PresenceOutcome, runPresence } from './presence-seen.js';
import { ProfileNews } from './profile-news.js';
import type { RequestOutcome } from './request-outcome.js';
import { Revocations } from './revocations.js';
import { runKeyedCommand } from './run-keyed-command.js';
import { runWithoutSession, type SessionlessRequest } from './run-request.js';
import type { Caller } from './sign-in.js';
import { TokenBuckets } from './token-buckets.js';

const housekeepingMs = 1_000;

export interface SessionHostOptions {
  readonly store: Store;
  readonly accounts: Accounts;
  /** `null`: nothing can be attached. */
  readonly files: FileRecords | null;
  readonly authenticate: (token: string | undefined) => Promise<Caller | null>;
  readonly chatLimits: ChatLimits;
  readonly limits: ChatServerLimits;
  readonly log: Log;
  readonly wallNow: () => number;
  readonly wire: {
    readonly path?: string;
    readonly origins?: readonly string[];
    readonly jsonp?: boolean;
    readonly limits?: Partial<ServerLimits>;
    readonly flashPolicy?: FlashPolicy;
    readonly trustedProxies: readonly string[];
  };
  readonly broker?: Broker;
}

/** The sessions of this node: who is connected, what they ask, what they are told. */
export interface SessionHost {
  readonly wire: WireServer;
  /** Ends the sessions that were opened with these sign-ins, now, with `revoked`. */
  endCredentials(ids: readonly string[]): void;
  /** The transport of each sign-in of a person that is connected now, by the id of the sign-in. */
  transportsOf(user: UserId): ReadonlyMap<string, string>;
  /** The sign-ins by which a person has sessions here. */
  credentialsOf(user: UserId): readonly string[];
  /** Gives two people a conversation, in the name of the first. Never rejects: coming in does not depend on it. */
  introduce(inviter: UserId, joined: UserId): Promise<void>;
  /** Others see another name, picture or status of a person. */
  profileChanged(user: UserId): void;
  /** Runs a command of somebody who has no session for it. */
  run(user: Pick<User, 'id' | 'role'>, request: SessionlessRequest): Promise<RequestOutcome>;
  /** Who of `users` is there, as far as `asker` may see it. */
  presenceOf(asker: UserId, users: readonly UserId[]): Promise<PresenceOutcome>;
  close(options: { readonly deadlineMs: number }): Promise<void>;
}

export async function createSessionHost(options: SessionHostOptions): Promise<SessionHost> {
  const { limits, log, accounts } = options;
  const sessions = new LiveSessions(limits.sessionsPerUserMax);
  const largeMembers = new LargeMembers(sessions);
  const revocations = new Revocations(sessions);
  const credentialUse = new CredentialUse(accounts);
  const dependencies = await createDependencies(options, sessions, largeMembers, (topic, text, topicClass) =>
    wire.publish(topic, text, { class: topicClass }),
  );
  const keysMax = limits.attemptKeysMax;
  const pace = new TokenBuckets({ capacity: limits.commandsAtOnce, refillMs: limits.commandRefillMs, keysMax });
  const onSession = (session: WireSession): void => {
    const { subject, credential = '' } = session.claims;
    const guest = session.claims['guest'] === true;
    const transport = String(session.claims['transport'] ?? '');
    const of = { user: Number(subject), credential, guest, transport };
    if (revocations.has(credential)) session.end('revoked');
    else new ChatSession(session, { ...of, dependencies, largeMembers, pace, limits, log });
  };
  const wire = createWire(options, credentialUse, onSession);
  // The transport would tell every client at once to look; the same is said here with time to spread it (CH-16).
  if (options.broker !== undefined) options.broker.onGap = () => resync(sessions, limits.resyncSpreadMs);
  const news = new ProfileNews(accounts, (profile) => dependencies.hints.profile(profile), log);
  const stop = startHousekeeping({ dependencies, news, credentialUse, revocations, limits, log });
  return {
    wire,
    endCredentials: (ids) => revocations.end(ids),
    transportsOf: (user) => sessions.transportsOf(user),
    credentialsOf: (user) => sessions.credentialsOf(user),
    introduce: async (inviter, joined) => {
      const command = { command: 'createDirect', id: randomBytes(16).toString('hex'), peer: joined } as const;
      try {
        await runKeyedCommand(inviter, command, dependencies);
      } catch (error) {
        log.error('Somebody who joined by an invitation has no conversation with who invited.', error);
      }
    },
    profileChanged: (user) => news.changed(user),
    run: ({ id, role }, request) =>
      runWithoutSession({ user: id, guest: role === 'guest', pace: `rest:${id}` }, request, dependencies),
    presenceOf: (asker, users) => runPresence(asker, users, dependencies),
    close: async ({ deadlineMs }) => {
      stop();
      await wire.close({ deadlineMs });
    },
  };
}

/** 64 random bits. `randomUUID` draws them in advance, `randomBytes` asks for each: 3 us of a send. */
function newMessageId(): string {
  const uuid = randomUUID();
  return uuid.slice(0, 4) + uuid.slice(24);
}

function createWire(
  options: SessionHostOptions,
  credentialUse: CredentialUse,
  onSession: (session: WireSession) => void,
): WireServer {
  const { limits, log, wire, broker } = options;
  return createWireServer({
    ...wire,
    limits: { messageBytesMax: limits.messageBytesMax, ...wire.limits },
    ...(broker === undefined ? {} : { broker }),
    authenticate: async ({ token }): Promise<Claims | null> => {
      const known = parseBearerToken(token);
      const caller = await options.authenticate(known);
      if (caller === null || known === undefined) return null;
      // What others signed is not kept in use: it ends when it says.
      if (isOwnToken(known)) credentialUse.opened(caller.credential.id, hashBearerToken(known));
      const { user, credential } = caller;
      const of = { guest: user.role === 'guest', transport: credential.transport };
      const ends = caller.expiresAt === undefined ? {} : { expiresAt: caller.expiresAt };
      return { subject: String(user.id), credential: credential.id, ...of, ...ends };
    },
    onSession,
    onNotice: ({ code, text }) => log.warn(`${code}: ${text}`),
  });
}

/** What is due by time alone. Answers how to stop it. */
function startHousekeeping(parts: {
  readonly dependencies: CommandDependencies;
  readonly news: ProfileNews;
  readonly credentialUse: CredentialUse;
  readonly revocations: Revocations;
  readonly limits: ChatServerLimits;
  readonly log: Log;
}): () => void {
  const { hints, presence, sessions, wallNow } = parts.dependencies;
  const everySecond = setInterval(() => {
    hints.presence(presence.expire(wallNow()));
    hints.flushReceipts();
    parts.news.flush();
  }, housekeepingMs);
  const renewing = setInterval(() => {
    const living = new Set(sessions.all().map((session) => session.credential));
    parts.credentialUse.renew(living, wallNow()).then(
      (ended) => parts.revocations.end(ended),
      (error: unknown) => parts.log.error('Sign-ins could not be kept in use.', error),
    );
  }, parts.limits.credentialUseMs);
  return () => {
    clearInterval(everySecond);
    clearInterval(renewing);
  };
}

function resync(sessions: LiveSessions, withinMs: number): void {
  const text = JSON.stringify({ event: 'resync', withinMs });
  for (const session of sessions.all()) sendHint(session.wire, text);
}

async function createDependencies(
  { store, accounts, files, chatLimits, limits, log, wallNow }: SessionHostOptions,
  sessions: LiveSessions,
  largeMembers: LargeMembers,
  publish: ConstructorParameters<typeof Hints>[0]['publish'],
): Promise<CommandDependencies> {
  const epoch = await store.epoch();
  const views = new MemberViews(store, {
    conversationsMax: limits.memberViewsMax,
    chunkUsers: limits.memberViewChunk,
  });
  const keysMax = limits.attemptKeysMax;
  return {
    store,
    accounts,
    files,
    limits: chatLimits,
    answerBytesMax: limits.answerBytesMax,
    profilesSeenMax: limits.profilesSeenMax,
    sessions,
    views,
    epoch,
    wallNow,
    hints: new Hints({ publish, sessions, views, largeMembers, log, epoch, waitingMax: limits.hintsWaitingMax }),
    presence: new PresenceLeases({ leaseMs: chatLimits.presenceLeaseMs, leasesMax: chatLimits.presenceLeasesMax }),
    // Two: one that a device sends as it opens a conversation, and the next as it shows what came with the answer.
    receipts: new TokenBuckets({ capacity: 2, refillMs: chatLimits.receiptIntervalMs, keysMax }),
    searches: new TokenBuckets({ capacity: limits.searchesAtOnce, refillMs: limits.searchRefillMs, keysMax }),
    typing: new TokenBuckets({ capacity: 1, refillMs: limits.typingIntervalMs, keysMax }),
    newMessageId,
  };
}

function sendHint(session: WireSession, text: string): void {
  try {
    session.send(text);
  } catch {
    // Its buffer is full, so hints are being dropped there already and the transport has told it so (SN-23).
  }
}
