import { randomBytes } from 'node:crypto';
import type { Accounts, ChatLimits, Store } from '@everywire/chat';
import {
  type Broker,
  type Claims,
  createWireServer,
  type ServerLimits,
  type WireServer,
  type WireSession,
} from '@everywire/server';
import { parseBearerToken } from './bearer-token.js';
import { ChatSession } from './chat-session.js';
import type { CommandDependencies } from './command-dependencies.js';
import { Hints } from './hints.js';
import { LargeMembers } from './large-members.js';
import type { ChatServerLimits } from './limits.js';
import { LiveSessions } from './live-sessions.js';
import type { Log } from './log.js';
import { MemberViews } from './member-views.js';
import { PresenceLeases } from './presence-leases.js';
import type { Caller } from './sign-in.js';
import { TokenBuckets } from './token-buckets.js';

const housekeepingMs = 1_000;
/** Sign-ins that ended lately: one that was being checked at that moment must not open a session after it. */
const revokedKept = 1_000;

export interface SessionHostOptions {
  readonly store: Store;
  readonly accounts: Accounts;
  readonly authenticate: (token: string | undefined) => Promise<Caller | null>;
  readonly chatLimits: ChatLimits;
  readonly limits: ChatServerLimits;
  readonly log: Log;
  readonly wallNow: () => number;
  readonly wire: {
    readonly path?: string;
    readonly origins?: readonly string[];
    readonly limits?: Partial<ServerLimits>;
  };
  readonly broker?: Broker;
}

/** The sessions of this node: who is connected, what they ask, what they are told. */
export interface SessionHost {
  readonly wire: WireServer;
  /** Ends the sessions that were opened with these sign-ins, now, with `revoked`. */
  endCredentials(ids: readonly string[]): void;
  /** CH-16: hints may have been lost; every client is to look, spread over time. */
  resync(): void;
  close(options: { readonly deadlineMs: number }): Promise<void>;
}

export async function createSessionHost(options: SessionHostOptions): Promise<SessionHost> {
  const { limits, log } = options;
  const sessions = new LiveSessions(limits.sessionsPerUserMax);
  const largeMembers = new LargeMembers(sessions);
  const revoked = new Set<string>();
  const dependencies = await createDependencies(options, sessions, largeMembers, (topic, text, topicClass) =>
    wire.publish(topic, text, { class: topicClass }),
  );
  const pace = new TokenBuckets({
    capacity: limits.commandsAtOnce,
    refillMs: limits.commandRefillMs,
    keysMax: limits.attemptKeysMax,
  });

  const onSession = (session: WireSession): void => {
    const { subject, credential = '' } = session.claims;
    if (revoked.has(credential)) session.end('revoked');
    else new ChatSession(session, { user: Number(subject), credential, dependencies, largeMembers, pace, limits, log });
  };
  const wire: WireServer = createWireServer({
    ...options.wire,
    limits: { messageBytesMax: limits.messageBytesMax, ...options.wire.limits },
    ...(options.broker === undefined ? {} : { broker: options.broker }),
    authenticate: async ({ token }): Promise<Claims | null> => {
      const caller = await options.authenticate(parseBearerToken(token));
      return caller === null ? null : { subject: String(caller.user.id), credential: caller.credential.id };
    },
    onSession,
    onNotice: ({ code, text }) => log.warn(`${code}: ${text}`),
  });
  const { hints, presence, wallNow } = dependencies;
  const resync = (): void => {
    const text = JSON.stringify({ event: 'resync', withinMs: limits.resyncSpreadMs });
    for (const session of sessions.all()) sendHint(session.wire, text);
  };
  // The transport would tell every client at once to look; the same is said here with time to spread it (CH-16).
  if (options.broker !== undefined) options.broker.onGap = resync;
  const housekeeping = setInterval(() => {
    hints.presence(presence.expire(wallNow()));
    hints.flushReceipts();
  }, housekeepingMs);
  return {
    wire,
    resync,
    endCredentials: (ids) => {
      for (const id of ids) remember(revoked, id);
      const ended = new Set(ids);
      for (const session of wire.sessions(({ credential }) => credential !== undefined && ended.has(credential))) {
        session.end('revoked');
      }
    },
    close: async ({ deadlineMs }) => {
      clearInterval(housekeeping);
      await wire.close({ deadlineMs });
    },
  };
}

async function createDependencies(
  { store, accounts, chatLimits, limits, log, wallNow }: SessionHostOptions,
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
    limits: chatLimits,
    answerBytesMax: limits.answerBytesMax,
    sessions,
    views,
    epoch,
    wallNow,
    hints: new Hints({ publish, sessions, views, largeMembers, log, epoch, waitingMax: limits.hintsWaitingMax }),
    presence: new PresenceLeases({ leaseMs: chatLimits.presenceLeaseMs, leasesMax: chatLimits.presenceLeasesMax }),
    // Two: one that a device sends as it opens a conversation, and the next as it shows what came with the answer.
    receipts: new TokenBuckets({ capacity: 2, refillMs: chatLimits.receiptIntervalMs, keysMax }),
    typing: new TokenBuckets({ capacity: 1, refillMs: limits.typingIntervalMs, keysMax }),
    newMessageId: () => randomBytes(8).toString('hex'),
  };
}

function sendHint(session: WireSession, text: string): void {
  try {
    session.send(text);
  } catch {
    // Its buffer is full, so hints are being dropped there already and the transport has told it so (SN-23).
  }
}

function remember(revoked: Set<string>, id: string): void {
  revoked.add(id);
  const [oldest] = revoked;
  if (revoked.size > revokedKept && oldest !== undefined) revoked.delete(oldest);
}
