import type { Server as HttpServer } from 'node:http';
import { Server as HttpsServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import type { Store } from '@everywire/chat';
import type { Broker, FlashPolicy, FrozenSessions, ServerLimits } from '@everywire/server';
import swagger from '@fastify/swagger';
import type { FastifyInstance } from 'fastify';
import type { ChatServerServices } from './chat-server-services.js';
import { createSessionHost } from './chat-session-host.js';
import { createServices, type LaterParts, type ServiceOptions } from './create-services.js';
import { addCrossOrigin } from './cross-origin.js';
import { addHealthRoutes, type NotReady } from './health-routes.js';
import { createHttpApp } from './http-app.js';
import { replaceTlsPair, type TlsPair } from './https-server.js';
import { type IdleConnections, trackIdleConnections } from './idle-connections.js';
import { type ChatServerLimits, defaultLimits } from './limits.js';
import { type Logger, silentLog } from './logger.js';
import { observeAccounts } from './observe-accounts.js';
import { openApiOptions } from './openapi-options.js';
import { addRestPage } from './openapi-routes.js';
import { addPageRoutes } from './page-routes.js';
import { addRestRoutes } from './rest-route.js';
import { restRoutes } from './rest-routes.js';
import { createServerClock } from './server-clock.js';
import type { Reach } from './server-info.js';
import type { ClockSources } from './steady-clock.js';
import { openTcpPort, type TcpPort } from './tcp-port.js';

/** The default time for ending the sessions when the server closes. */
const CLOSE_DEADLINE_MS = 8_000;
/** The time for answers in progress after the sessions have ended. */
const REQUEST_GRACE_MS = 2_000;

/** Options of `createChatServer`. */
export interface ChatServerOptions extends ServiceOptions {
  readonly store: Store;
  /** Returns whether the last commit succeeded, for `/readyz`. Default: always true. */
  readonly isStoreHealthy?: () => boolean;
  /** Returns whether a part of the store is known to be damaged, for `/readyz`. Default: always false. */
  readonly isStoreDamaged?: () => boolean;
  /** Returns whether the last commit failed because the disk is full, for `/readyz`. Default: always false. */
  readonly isDiskFull?: () => boolean;
  /** Called at each REST answer 507, which means that there was no room for an upload or a change. */
  readonly onDiskFull?: () => void;
  /** Directory of the built page; `null` to serve none. */
  readonly pageDirectory?: string | null;
  readonly limits?: Partial<ChatServerLimits>;
  /** Reverse proxies (addresses, networks or `unix`) whose `X-Forwarded-For` is trusted. Default: none. */
  readonly trustedProxies?: readonly string[];
  /**
   * Serves https and wss instead of http and ws, with TLS 1.2 at least; a plain http request gets an explanation.
   * Default: plain http.
   */
  readonly tls?: TlsPair | null;
  /** The transport: its path, and the origins of other pages that may connect. Default: `/everywire`, none. */
  readonly wire?: {
    readonly path?: string;
    readonly origins?: readonly string[];
    /** Host names that REST, the page and the transports accept. Default: all. */
    readonly hosts?: readonly string[];
    /** Whether pages of those origins may use JSONP and forms. Default: no. */
    readonly jsonp?: boolean;
    readonly limits?: Partial<ServerLimits>;
    /** Which Flash movies may connect to the raw TCP port. Default: none. */
    readonly flashPolicy?: FlashPolicy;
  };
  /** Connects the nodes of one installation. Default: this is the only node. The creator closes it. */
  readonly broker?: Broker;
  readonly log?: Logger;
  /**
   * Returns milliseconds since the epoch; trusted without checks. Default: the system clock without its forward jumps
   * (`SteadyClock`).
   */
  readonly wallNow?: () => number;
  /** Sources of the default clock. Default: the clocks of the machine. */
  readonly clockSources?: ClockSources;
  /**
   * When the store was last written before this start, in milliseconds since the epoch. Used to detect a clock that is
   * far off. Default: `null`, unknown.
   */
  readonly lastWrittenAt?: number | null;
  /**
   * Receives the clock that the server uses (milliseconds since the epoch) before anything is written. A store that
   * takes `lastWrittenAt` from it (`SqliteStore.followClock`) does not record a jump that the server ignored.
   */
  readonly onClock?: (now: () => number) => void;
}

/** A chat server, which serves REST, the page and the session transports on one port. Raw TCP can use a second port. */
export interface ChatServer {
  readonly http: HttpServer;
  /** False if `pageDirectory` contains no built page. */
  readonly pageServed: boolean;
  /**
   * Starts to listen. Rejects with the system's error (`EADDRINUSE`, `EACCES`) on failure. An empty `host` means every
   * address.
   */
  listen(options: {
    readonly port: number;
    readonly host: string;
    readonly tcpPort?: number | null;
  }): Promise<AddressInfo>;
  /** Address of the raw TCP port; `null` before `listen`, or without a `tcpPort`. */
  readonly tcpAddress: AddressInfo | null;
  /**
   * Returns the path and fragment of the page that creates the first administrator, valid for one use until `expiresAt`
   * (milliseconds since the epoch). Each call invalidates the previous one. Returns `null` if there is an
   * administrator. The path is a secret.
   */
  createSetUpPath(): Promise<{ readonly path: string; readonly expiresAt: number } | null>;
  /**
   * Replaces the certificate for all later connections; open ones keep theirs.
   *
   * @throws Error if the pair is invalid or the server speaks plain http; then nothing has changed.
   */
  setTls(tls: TlsPair): void;
  /**
   * Exports the sessions for another process, which continues them by `restore`. No message is lost, repeated or
   * reordered, and users notice no more than a lost connection. No new session begins here afterwards. Call `close`
   * next, with a short deadline, because the users wait for the next process.
   *
   * The texts are secrets: their holder can take over the sessions. `saveSessions` writes them for the next process
   * (`@everywire/server`).
   *
   * @param options `deadlineMs`: sessions that are still busy after this time are left out. Default
   * `wire.limits.freezeMs`
   * @returns one text for each session
   */
  freeze(options?: { readonly deadlineMs?: number }): Promise<readonly string[]>;
  /**
   * Continues the sessions of another process, as returned by `takeSessions`. Call it before `listen`. Skips sessions
   * that another release exported, and all sessions if the store was restored from a backup since. Their clients begin
   * new ones.
   *
   * @returns how many sessions continue
   */
  restore(taken: FrozenSessions): number;
  /**
   * Accepts nothing new, ends open sessions within the deadline, and resolves when no connection is left. The store
   * stays open.
   */
  close(options?: { readonly deadlineMs?: number }): Promise<void>;
}

/** Creates a chat server; it accepts connections after `listen`. Rejects if its options or the store are unusable. */
export async function createChatServer(options: ChatServerOptions): Promise<ChatServer> {
  const limits: ChatServerLimits = { ...defaultLimits, ...options.limits };
  const log = options.log ?? silentLog;
  const clock = createServerClock({ ...options, sources: options.clockSources, limits, log });
  const { wallNow } = clock;
  options.onClock?.(wallNow);
  let phase: 'starting' | 'accepting' | 'stopping' = 'starting';

  let tcp: TcpPort | null = null;
  const tcpOf = (): Reach['tcp'] => tcp && { port: tcp.address.port, encrypted: tcp.encrypted };
  const later: LaterParts = { host: () => host, app: () => app, tcpOf };
  const accounts = observeAccounts(options.accounts, (user) => host.profileChanged(user));
  const { services, hasher, counts } = await createServices({ ...options, accounts }, { limits, log, clock }, later);
  const { store, broker } = options;
  const host = await createSessionHost({
    store,
    accounts,
    limits,
    log,
    wallNow,
    usedNow: clock.usedNow,
    files: options.attachments?.records ?? null,
    sweepFiles: () => sweepFiles(),
    requests: services.lasting,
    counts,
    authenticate: (token) => services.signIn.authenticate(token),
    wire: { ...options.wire, trustedProxies: options.trustedProxies ?? [] },
    ...(broker === undefined ? {} : { broker }),
  });
  const notReady = (): NotReady | null => {
    if (phase !== 'accepting') return phase;
    if (options.isDiskFull?.() === true) return 'full';
    if (options.isStoreHealthy?.() === false) return 'store';
    return options.isStoreDamaged?.() ? 'damaged' : null;
  };
  const { app, pageServed, sweepFiles }: Served = await createRoutes(options, { services, log, notReady, wallNow });
  host.eraseDeleted();
  const unasked = trackIdleConnections(app.server);
  host.wire.attach(app.server);
  await hasher.prepare();
  return {
    http: app.server,
    pageServed,
    get tcpAddress() {
      return tcp?.address ?? null;
    },
    listen: async ({ port, host: address, tcpPort = null }) => {
      await listen(app.server, port, address);
      if (tcpPort !== null) tcp = await openTcpPort(host.wire, options.tls ?? null, { port: tcpPort, host: address });
      phase = 'accepting';
      return app.server.address() as AddressInfo;
    },
    createSetUpPath: async () => {
      const created = await services.admission.createSetUp();
      return created && { path: `/#/setup/${created.secret}`, expiresAt: created.expiresAt };
    },
    setTls: (tls) => {
      if (!(app.server instanceof HttpsServer))
        throw new Error('The server speaks plain http. Create it with `tls` to use a certificate.');
      replaceTlsPair(app.server, tls);
      tcp?.setTls(tls);
    },
    freeze: (how = {}) => {
      phase = 'stopping';
      return host.freeze(how);
    },
    restore: (taken) => host.restore(taken),
    close: async ({ deadlineMs = CLOSE_DEADLINE_MS } = {}) => {
      phase = 'stopping';
      tcp?.close();
      await stopServing(app, unasked, () => host.close({ deadlineMs }));
    },
  };
}

interface Served {
  readonly app: FastifyInstance;
  readonly pageServed: boolean;
  /** Deletes files that no message carries any more. */
  readonly sweepFiles: () => Promise<void>;
}

async function createRoutes(
  options: ChatServerOptions,
  parts: {
    readonly services: ChatServerServices;
    readonly log: Logger;
    readonly notReady: () => NotReady | null;
    readonly wallNow: () => number;
  },
): Promise<Served> {
  const { services, log } = parts;
  const { limits } = services;
  const app = await createHttpApp({
    limits,
    log,
    trustedProxies: options.trustedProxies ?? [],
    hosts: options.wire?.hosts ?? [],
    tls: options.tls ?? null,
    lasting: services.lasting,
    ...(options.onDiskFull && { onDiskFull: options.onDiskFull }),
  });
  addCrossOrigin(app, options.wire?.origins ?? [], limits);
  addHealthRoutes(app, parts.notReady);
  // While the server stops, each answer ends its connection, because `http.close` waits for open ones.
  app.addHook('onSend', async (_request, reply) => {
    if (parts.notReady() === 'stopping') reply.header('connection', 'close');
  });
  await app.register(swagger, openApiOptions(services.place));
  addRestRoutes(app, restRoutes(services), services);
  addRestPage(app, services.describe);
  const { signIn, avatars, accounts, lasting } = services;
  let sweepFiles = async (): Promise<void> => undefined;
  if (options.attachments !== undefined && avatars !== null) {
    const { addAttachments } = await import('./attachments/attachments.js');
    const context = { signIn, avatars, accounts, lasting, log, wallNow: parts.wallNow };
    ({ sweepUnused: sweepFiles } = await addAttachments(app, options.attachments, context));
  }
  const pageServed = await addPageRoutes(app, options.pageDirectory ?? null);
  await app.ready();
  return { app, pageServed, sweepFiles };
}

/**
 * Listens. Without a host, Node listens on every address, IPv6 and IPv4, or on IPv4 alone if the machine has no IPv6.
 */
function listen(http: HttpServer, port: number, host: string): Promise<void> {
  return new Promise((resolve, reject) => {
    http.once('error', reject);
    http.listen(host === '' ? { port } : { port, host }, () => {
      http.removeListener('error', reject);
      resolve();
    });
  });
}

/**
 * Ends the sessions, then the port. The port still listens while sessions end, because a client over HTTP sends its last
 * acknowledgements in new requests. The transport accepts no new sessions meanwhile. Afterwards, requests in progress
 * get a grace time for their answers.
 */
async function stopServing(
  app: FastifyInstance,
  unasked: IdleConnections,
  endSessions: () => Promise<void>,
): Promise<void> {
  const http = app.server;
  await endSessions();
  unasked.cut();
  const closed = new Promise<void>((resolve) => http.close(() => resolve()));
  const cut = setTimeout(() => http.closeAllConnections(), REQUEST_GRACE_MS);
  await closed;
  clearTimeout(cut);
  await app.close();
}
