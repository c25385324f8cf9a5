import { randomBytes, randomUUID } from 'node:crypto';
import type { User, UserId } from '@everywire/chat';
import {
  type Claims,
  createWireServer,
  type FrozenSessions,
  type WireServer,
  type WireServerOptions,
  type WireSession,
} from '@everywire/server';
import { AccessMonitor } from './access-monitor.js';
import { AccountErasure } from './account-erasure.js';
import { hashBearerToken, isOwnToken, parseBearerToken } from './bearer-token.js';
import { BrokenInvariants } from './broken-invariants.js';
import { ChatSession } from './chat-session.js';
import { CoalescedCheck } from './coalesced-check.js';
import type { CommandDependencies } from './command-dependencies.js';
import { CredentialUse } from './credential-use.js';
import { Hints } from './hints.js';
import { LargeMembers } from './large-members.js';
import type { ChatServerLimits } from './limits.js';
import { LiveSessions } from './live-sessions.js';
import { MemberViews } from './member-views.js';
import { inParts, receiveFromNodes, type SendToNodes } from './node-channel.js';
import type { EndedAccess, Spent } from './node-message.js';
import { type PresenceOutcome, runPresence } from './presence-seen.js';
import { PresenceTracker } from './presence-tracker.js';
import { ProfileUpdates } from './profile-updates.js';
import { type RequestOutcome, refuse } from './request-outcome.js';
import { resync } from './resync.js';
import { runKeyedCommand } from './run-keyed-command.js';
import { runWithoutSession, type SessionlessRequest } from './run-request.js';
import { type ChatSessionState, SessionHandOver } from './session-hand-over.js';
import type { SessionHostOptions } from './session-host-options.js';
import { ThrottledCall } from './throttled-call.js';
import { TokenBuckets } from './token-buckets.js';
import { NODES_TOPIC } from './topics.js';
import { UserRateLimit } from './user-rate-limit.js';
import { Visibility } from './visibility.js';

const TICK_MS = 1_000;
/** Ticks between two resyncs after lost hints. Long, because hints are mostly lost by overload, and resyncs add to it. */
const LOST_QUIET_TICKS = 60;

/** Hosts the sessions of this node (server process): connected users, their commands, and the hints (live events) for them. */
export interface ChatSessionHost {
  readonly wire: WireServer;
  /** Returns how often each notice was given since the start, by its code: notices of the transport, and violated invariants. */
  counters(): Readonly<Record<string, number>>;
  /** Immediately ends sessions and requests, with `revoked`, on this and every other node. */
  end(ended: EndedAccess): void;
  /** Reports to the other nodes what was spent of a shared rate limit. */
  spent(spent: Spent): void;
  /** Starts to erase deleted accounts. Must also be called after a start, to resume unfinished erasures. */
  eraseDeleted(): void;
  /** Returns the transport of each connected sign-in of a user, by the id of the sign-in. */
  transportsOf(user: UserId): ReadonlyMap<string, string>;
  /** Creates a conversation between two users, on behalf of the first. Never rejects, because joining does not depend on it. */
  introduce(inviter: UserId, joined: UserId): Promise<void>;
  /** Notifies observers of a changed profile. */
  profileChanged(user: UserId): void;
  /** Runs a command of a user without a session. */
  run(user: Pick<User, 'id' | 'role'>, request: SessionlessRequest): Promise<RequestOutcome>;
  /** Returns the presence of `users`, as far as `asker` may see it. */
  presenceOf(asker: Pick<User, 'id' | 'role'>, users: readonly UserId[]): Promise<PresenceOutcome>;
  /** See `ChatServer`. */
  freeze(options: { readonly deadlineMs?: number }): Promise<readonly string[]>;
  /** See `ChatServer`. */
  restore(taken: FrozenSessions): number;
  /** Ends the sessions and resolves when none is left. */
  close(options: { readonly deadlineMs: number }): Promise<void>;
}

/** Creates the session host of a node. Rejects if the store fails. */
export async function createSessionHost(options: SessionHostOptions): Promise<ChatSessionHost> {
  const { limits, log, accounts, broker } = options;
  const broken = new BrokenInvariants(log);
  const sessions = new LiveSessions(limits.sessionsPerUserMax);
  const largeMembers = new LargeMembers(sessions);
  const credentialUse = new CredentialUse(accounts);
  const sendToNodes: SendToNodes | null =
    broker === undefined ? null : (message) => wire.publish(NODES_TOPIC, JSON.stringify(message), { class: 'hint' });
  const pace = new UserRateLimit(limits);
  const visibility = new Visibility({
    ...{ sessions, store: options.store, accounts, log },
    sendToNodes: sendToNodes && ((change) => sendToNodes({ about: 'visibility', change })),
  });
  const dependencies = await createDependencies(options, sessions, largeMembers, {
    onFanOut: (by, people, bytes) => pace.chargeFanOut(by, people, bytes),
    publish: (topics, text, topicClass, reach) =>
      wire.publish(topics, text, { class: topicClass, ...(reach !== undefined && { reach }) }),
    onLost: () => lost.call(),
    sendToNodes,
    visibility,
  });
  const begin = (session: WireSession, before?: ChatSessionState): void => {
    const { subject, credential = '' } = session.claims;
    const guest = session.claims['guest'] === true;
    const transport = String(session.claims['transport'] ?? '');
    const of = { user: Number(subject), credential, guest, transport, ...(before && { before }) };
    if (before?.tokenHash) credentialUse.opened(credential, before.tokenHash);
    new ChatSession(session, { ...of, dependencies, largeMembers, pace, limits, log, broken });
  };
  const handOver = new SessionHandOver({ dependencies, credentialUse, log });
  // After a gap, the transport would by default reset every topic immediately. Instead, each client is asked to resync (to load the
  // current state again) at a random moment within a time (CH-16).
  const { resyncSpreadMs } = limits;
  const resyncs = new ThrottledCall(() => resync(sessions, resyncSpreadMs), Math.ceil(resyncSpreadMs / TICK_MS));
  const askAgain = new CoalescedCheck(
    async () => {
      sendToNodes?.({ about: 'presenceAsked' });
      resyncs.call();
    },
    (error) => log.error('Clients could not be asked to resync after lost hints. The next tick retries.', error),
  );
  const lost = new ThrottledCall(() => askAgain.call(), LOST_QUIET_TICKS);
  const onBrokerGap = (): void => {
    largeMembers.forgetAll();
    for (const missed of [access, visibility]) missed.check();
    askAgain.call();
  };
  const wire = createWire(options, credentialUse, {
    onSession: (session) => begin(session),
    onFreeze: (session) => handOver.onFreeze(session),
    onRestore: (session, state) => begin(session, state as unknown as ChatSessionState),
    onBrokerGap,
  });
  const access = new AccessMonitor({
    ...{ accounts, sessions, credentialUse, log, requests: options.requests },
    ...{ wallNow: options.wallNow, usedNow: options.usedNow },
    // Also covers sign-ins that are being checked at this moment, which then neither open nor renew a session (SN-21).
    revoke: (match) => void wire.revoke(match),
  });
  if (sendToNodes !== null) {
    const { counts } = options;
    receiveFromNodes(wire, { dependencies, visibility, access, counts, sendToNodes, onMissed: onBrokerGap, log });
    sendToNodes({ about: 'presenceAsked' });
  }
  const news = new ProfileUpdates(accounts, (profile) => dependencies.hints.profile(profile), log);
  const erasure = new AccountErasure({ dependencies, limits, sweepFiles: options.sweepFiles, log, broken });
  const ticking = [access, visibility, lost, askAgain, resyncs];
  const stop = startHousekeeping({ dependencies, news, access, ticking, sendToNodes, limits });
  return {
    wire,
    counters: () => broken.addTo(wire.counters()),
    end: (ended) => {
      access.end(ended);
      for (const part of inParts(ended)) sendToNodes?.({ about: 'ended', ended: part });
    },
    spent: (spent) => sendToNodes?.({ about: 'spent', spent }),
    eraseDeleted: () => erasure.wake(),
    transportsOf: (user) => sessions.transportsOf(user),
    introduce: async (inviter, joined) => {
      const command = { command: 'createDirect', id: randomBytes(16).toString('hex'), peer: joined } as const;
      try {
        broken.note(await runKeyedCommand({ user: inviter, guest: false }, command, dependencies), command);
      } catch (error) {
        log.error('The conversation between an inviter and a new user could not be created.', error);
      }
    },
    profileChanged: (user) => news.changed(user),
    run: async ({ id, role }, request) => {
      const retryAfterMs = pace.begin(id);
      if (retryAfterMs > 0) return { ...refuse('rate_limited'), retryAfterMs };
      const asker = { user: id, guest: role === 'guest', pace: `rest:${id}` };
      return pace.run(id, request, async () => {
        const outcome = await runWithoutSession(asker, request, dependencies);
        broken.note(outcome, request);
        return outcome;
      });
    },
    presenceOf: ({ id, role }, users) => runPresence({ user: id, guest: role === 'guest' }, users, dependencies),
    freeze: (how) => {
      pace.stop();
      return handOver.freeze(wire, how);
    },
    restore: (taken) => {
      const restored = handOver.restore(wire, taken);
      // The previous process may have committed changes after the sessions were frozen, so that they missed the hints.
      if (restored > 0) onBrokerGap();
      return restored;
    },
    close: async ({ deadlineMs }) => {
      stop();
      await erasure.close();
      await wire.close({ deadlineMs });
    },
  };
}

/**
 * Returns 64 random bits in hexadecimal digits. `randomUUID` is faster than `randomBytes`, because it draws random bytes in advance.
 */
function newMessageId(): string {
  const uuid = randomUUID();
  return uuid.slice(0, 4) + uuid.slice(24);
}

function createWire(
  options: SessionHostOptions,
  credentialUse: CredentialUse,
  listeners: Required<Pick<WireServerOptions, 'onSession' | 'onFreeze' | 'onRestore' | 'onBrokerGap'>>,
): WireServer {
  const { limits, log, wire, broker } = options;
  return createWireServer({
    ...wire,
    limits: {
      messageBytesMax: limits.messageBytesMax,
      ...wire.limits,
      topicsPerSessionMax: Math.max(sessionTopicsMax(options), wire.limits?.topicsPerSessionMax ?? 0),
    },
    ...(broker === undefined ? {} : { broker }),
    authenticate: async ({ token }): Promise<Claims | null> => {
      const known = parseBearerToken(token);
      const caller = await options.authenticate(known);
      if (caller === null || known === undefined) return null;
      // Tokens signed by another party are not renewed, because they expire at their own time.
      if (isOwnToken(known)) credentialUse.opened(caller.credential.id, hashBearerToken(known));
      const { user, credential, expiresAt } = caller;
      const of = { guest: user.role === 'guest', transport: credential.transport };
      const signed = expiresAt === undefined ? {} : { expiresAt, signedAt: credential.createdAt };
      return { subject: String(user.id), credential: credential.id, ...of, ...signed };
    },
    ...listeners,
    onNotice: ({ code, text }) => log.warn(`${code}: ${text}`),
  });
}

/** Returns how many topics a session may need if it uses its limits fully, so that the transport does not refuse any of them. */
function sessionTopicsMax({ store, limits }: Pick<SessionHostOptions, 'store' | 'limits'>): number {
  const ownTopic = 1;
  return ownTopic + store.limits.watchedConversationsMax + store.limits.watchedUsersMax + limits.profilesSeenMax;
}

/** Starts the periodic work. Returns a function that stops it. */
function startHousekeeping(parts: {
  readonly dependencies: CommandDependencies;
  readonly news: ProfileUpdates;
  readonly access: AccessMonitor;
  readonly ticking: readonly { tick(): void }[];
  readonly sendToNodes: SendToNodes | null;
  readonly limits: ChatServerLimits;
}): () => void {
  const { dependencies, news, access, ticking, sendToNodes, limits } = parts;
  const { hints, presence, wallNow } = dependencies;
  const everySecond = setInterval(() => {
    hints.presence(presence.expire(wallNow()));
    for (const message of presence.takeMessages()) sendToNodes?.(message);
    hints.flushReceipts();
    news.flush();
    for (const each of ticking) each.tick();
  }, TICK_MS);
  const checking = setInterval(() => access.check(), limits.credentialUseMs);
  return () => {
    clearInterval(everySecond);
    clearInterval(checking);
  };
}

async function createDependencies(
  { store, accounts, files, limits, log, wallNow }: SessionHostOptions,
  sessions: LiveSessions,
  largeMembers: LargeMembers,
  ways: Pick<ConstructorParameters<typeof Hints>[0], 'publish' | 'onFanOut' | 'onLost'> & {
    readonly visibility: Visibility;
    readonly sendToNodes: SendToNodes | null;
  },
): Promise<CommandDependencies> {
  const epoch = await store.epoch();
  const views = new MemberViews(store, {
    conversationsMax: limits.memberViewsMax,
    chunkUsers: limits.memberViewChunk,
    periodsMax: store.limits.periodsMax,
  });
  const keysMax = limits.attemptKeysMax;
  return {
    store,
    accounts,
    files,
    limits: store.limits,
    answerBytesMax: limits.answerBytesMax,
    profilesSeenMax: limits.profilesSeenMax,
    sessions,
    views,
    epoch,
    wallNow,
    hints: new Hints({ ...ways, sessions, views, largeMembers, log, waitingMax: limits.hintsWaitingMax }),
    presence: new PresenceTracker(
      { leaseMs: store.limits.presenceLeaseMs, leasesMax: store.limits.presenceLeasesMax },
      ways.sendToNodes && randomUUID(),
    ),
    visibility: ways.visibility,
    // A burst of two, because a device sends one receipt as it opens a conversation, and one when it displays the answer.
    receipts: new TokenBuckets({ capacity: 2, refillMs: store.limits.receiptIntervalMs, keysMax }),
    searches: new TokenBuckets({ capacity: limits.searchesAtOnce, refillMs: limits.searchRefillMs, keysMax }),
    typing: new TokenBuckets({ capacity: 1, refillMs: limits.typingIntervalMs, keysMax }),
    newMessageId,
  };
}
