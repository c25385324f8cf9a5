import type { Server as HttpServer } from 'node:http';
import { Server as HttpsServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import type { Store } from '@everywire/chat';
import type { Broker, FlashPolicy, FrozenSessions, ServerLimits } from '@everywire/server';
import swagger from '@fastify/swagger';
import type { FastifyInstance } from 'fastify';
import type { ChatServerServices } from './chat-server-services.js';
import { createServices, type LaterParts, type ServiceOptions } from './create-services.js';
import { addCrossOrigin } from './cross-origin.js';
import { addHealthRoutes, type NotReady } from './health-routes.js';
import { createHttpApp } from './http-app.js';
import { replaceTlsPair, type TlsPair } from './https-server.js';
import { type ChatServerLimits, defaultLimits } from './limits.js';
import { type Log, silentLog } from './log.js';
import { observeAccounts } from './observe-accounts.js';
import { openApiOptions } from './openapi-options.js';
import { addRestPage } from './openapi-routes.js';
import { addPageRoutes } from './page-routes.js';
import type { Reach } from './place.js';
import type { ClockSources } from './place-clock.js';
import { addRestRoutes } from './rest-route.js';
import { restRoutes } from './rest-routes.js';
import { createServerClock } from './server-clock.js';
import { createSessionHost } from './session-host.js';
import { openTcpPort, type TcpPort } from './tcp-port.js';
import { type UnaskedConnections, watchUnaskedConnections } from './unasked-connections.js';

const closeDeadlineMs = 8_000;
const requestGraceMs = 2_000;

export interface ChatServerOptions extends ServiceOptions {
  readonly store: Store;
  /** Whether the last commit succeeded, for `/readyz`. Default: always. */
  readonly isStoreHealthy?: () => boolean;
  /** Whether a part of the store is known to be damaged, for `/readyz`. Default: never. */
  readonly isStoreDamaged?: () => boolean;
  /** Whether it failed because the disk is full, for `/readyz`. Default: never. */
  readonly isDiskFull?: () => boolean;
  /** Called at each REST answer 507: what was uploaded or asked for found no room. */
  readonly onDiskFull?: () => void;
  /** Directory of the built page, or `null` to serve none. */
  readonly pageDirectory?: string | null;
  readonly limits?: Partial<ChatServerLimits>;
  /** Reverse proxies (addresses or networks) whose `X-Forwarded-For` is believed. Default: none. */
  readonly trustedProxies?: readonly string[];
  /** Serves https and wss instead of http and ws, TLS 1.2 at least; plain http on the port is told so. Default: plain http. */
  readonly tls?: TlsPair | null;
  /** Where sessions connect, and from which pages besides our own. Default: `/everywire`, none. */
  readonly wire?: {
    readonly path?: string;
    readonly origins?: readonly string[];
    /** Names by which browsers reach this server, of REST, the page and the transports. Default: every name is accepted. */
    readonly hosts?: readonly string[];
    /** Whether pages of those origins may use JSONP and forms. Default: no. */
    readonly jsonp?: boolean;
    readonly limits?: Partial<ServerLimits>;
    /** Who may connect to the raw TCP port from a Flash movie. Default: nobody. */
    readonly flashPolicy?: FlashPolicy;
  };
  /** Between the nodes of one installation. Default: this node is alone. The creator closes it. */
  readonly broker?: Broker;
  readonly log?: Log;
  /** Milliseconds since the epoch, believed whatever it says. Default: the system clock without its forward jumps (`PlaceClock`). */
  readonly wallNow?: () => number;
  /** What that default is made of. Default: the clocks of the machine. */
  readonly clockSources?: ClockSources;
  /** When the store was last written before this start, milliseconds since the epoch: tells a clock that is far off. Default: not known. */
  readonly lastWrittenAt?: number | null;
  /**
   * Given the clock that the server goes by, milliseconds since the epoch, before anything is written. A store that takes `lastWrittenAt` from
   * it (`SqliteStore.followClock`) does not keep the time of a jump that the server did not follow.
   */
  readonly onClock?: (now: () => number) => void;
}

/** A chat server on one port: REST, page and session transports; and raw TCP on another, where that is wanted. */
export interface ChatServer {
  readonly http: HttpServer;
  /** False when `pageDirectory` holds no built page. */
  readonly pageServed: boolean;
  /** Rejects with the system's error (`EADDRINUSE`, `EACCES`) when it cannot. `host` empty: every address. */
  listen(options: {
    readonly port: number;
    readonly host: string;
    readonly tcpPort?: number | null;
  }): Promise<AddressInfo>;
  /** Where raw TCP is taken: `null` before `listen`, and where no `tcpPort` was given. */
  readonly tcpAddress: AddressInfo | null;
  /**
   * Where the first administrator's account is made: the path and fragment of a page of ours, good for one use until `expiresAt`
   * (milliseconds since the epoch). Each call ends the one before; `null` where there is an administrator. It is a secret.
   */
  createSetUpPath(): Promise<{ readonly path: string; readonly expiresAt: number } | null>;
  /**
   * Another certificate, for all connections from now on; those that are open go on.
   *
   * @throws Error where the pair cannot be used or the server speaks plain http; then nothing has changed.
   */
  setTls(tls: TlsPair): void;
  /**
   * Hands the sessions over to another process, which `restore`s them: nothing is lost, repeated or out of order, and people see no more than a lost
   * connection. From now on no new session begins here. Call `close` next; its deadline holds up those who wait for the next process.
   *
   * Who has the texts can go on with the sessions. `saveSessions` writes them where one process takes them (`@everywire/server`).
   *
   * @param options `deadlineMs`: what does not stand still by then is not among them. Default `wire.limits.freezeMs`
   */
  freeze(options?: { readonly deadlineMs?: number }): Promise<readonly string[]>;
  /**
   * Goes on with the sessions of another process, as `takeSessions` gave them. Call it before `listen`. Those of another release, or of a store that was
   * restored since, are not gone on with: their clients begin new ones.
   *
   * @returns how many go on
   */
  restore(taken: FrozenSessions): number;
  /** Takes nothing new, ends what is open within the deadline, and resolves when no connection is left. The store stays open. */
  close(options?: { readonly deadlineMs?: number }): Promise<void>;
}

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
    ...{ store, accounts, limits, log, wallNow, usedNow: clock.usedNow },
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
  const unasked = watchUnaskedConnections(app.server);
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
      if (!(app.server instanceof HttpsServer)) throw new Error('This server was created without tls.');
      replaceTlsPair(app.server, tls);
      tcp?.setTls(tls);
    },
    freeze: (how = {}) => {
      phase = 'stopping';
      return host.freeze(how);
    },
    restore: (taken) => host.restore(taken),
    close: async ({ deadlineMs = closeDeadlineMs } = {}) => {
      phase = 'stopping';
      tcp?.close();
      await stopServing(app, unasked, () => host.close({ deadlineMs }));
    },
  };
}

interface Served {
  readonly app: FastifyInstance;
  readonly pageServed: boolean;
  /** Deletes files that nobody needs any more. */
  readonly sweepFiles: () => Promise<void>;
}

async function createRoutes(
  options: ChatServerOptions,
  parts: {
    readonly services: ChatServerServices;
    readonly log: Log;
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
  // A connection that is kept for further requests would keep the server.
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

/** Without a host Node listens on every address, IPv6 and IPv4, or on IPv4 alone where the machine has no IPv6. */
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
 * Sessions end first, while the port still listens: where they travel over HTTP, the client says its last acknowledgements in new
 * requests. The transport opens no new ones meanwhile. Then requests under way get a moment for their answer.
 */
async function stopServing(
  app: FastifyInstance,
  unasked: UnaskedConnections,
  endSessions: () => Promise<void>,
): Promise<void> {
  const http = app.server;
  await endSessions();
  unasked.cut();
  const closed = new Promise<void>((resolve) => http.close(() => resolve()));
  const cut = setTimeout(() => http.closeAllConnections(), requestGraceMs);
  await closed;
  clearTimeout(cut);
  await app.close();
}
