import type { Server as HttpServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Accounts } from '@everywire/chat';
import { addAccountRoutes } from './account-routes.js';
import { addHealthRoutes } from './health-routes.js';
import { createHttpApp } from './http-app.js';
import { type ChatServerLimits, defaultLimits } from './limits.js';
import { type Log, silentLog } from './log.js';
import { addPageRoutes } from './page-routes.js';
import { defaultPasswordCost, type PasswordCost, PasswordHasher } from './password-hasher.js';
import { SignIn } from './sign-in.js';
import { TokenBuckets } from './token-buckets.js';

/** What the log-in page says about this installation. */
export interface Place {
  readonly name: string;
  /** Who runs it; empty when that is not said. */
  readonly runBy: string;
  readonly registration: 'open' | 'closed';
  readonly version: string;
}

export interface ChatServerOptions {
  readonly accounts: Accounts;
  readonly place: Place;
  /** Directory of the built page, or `null` to serve none. */
  readonly pageDirectory?: string | null;
  readonly limits?: Partial<ChatServerLimits>;
  readonly passwordCost?: PasswordCost;
  /** Reverse proxies (addresses or networks) whose `X-Forwarded-For` is believed. Default: none. */
  readonly trustedProxies?: readonly string[];
  readonly log?: Log;
  /** Milliseconds since the epoch. Default `Date.now`. */
  readonly wallNow?: () => number;
}

/** A chat server on one port: REST, page and session transports. */
export interface ChatServer {
  readonly http: HttpServer;
  /** False when `pageDirectory` holds no built page. */
  readonly pageServed: boolean;
  /** Rejects with the system's error (`EADDRINUSE`, `EACCES`) when it cannot. `host` empty: every address. */
  listen(options: { readonly port: number; readonly host: string }): Promise<AddressInfo>;
  /** Takes nothing new, ends what is open within the deadline, and resolves when no connection is left. The store stays open. */
  close(options?: { readonly deadlineMs?: number }): Promise<void>;
}

export async function createChatServer(options: ChatServerOptions): Promise<ChatServer> {
  const limits: ChatServerLimits = { ...defaultLimits, ...options.limits };
  const log = options.log ?? silentLog;
  const wallNow = options.wallNow ?? Date.now;
  let phase: 'starting' | 'accepting' | 'stopping' = 'starting';
  const hasher = new PasswordHasher({
    cost: options.passwordCost ?? defaultPasswordCost,
    atOnce: limits.passwordHashesAtOnce,
    queuedMax: limits.passwordHashesQueued,
  });
  const signIn = new SignIn({
    accounts: options.accounts,
    hasher,
    attempts: new TokenBuckets({
      capacity: limits.attemptsPerName,
      refillMs: limits.attemptRefillMs,
      keysMax: limits.attemptKeysMax,
    }),
    registrationOpen: options.place.registration === 'open',
    wallNow,
    onRevoked: () => {},
  });
  const app = await createHttpApp({ limits, log, trustedProxies: options.trustedProxies ?? [] });
  addHealthRoutes(app, () => (phase === 'accepting' ? null : phase));
  addAccountRoutes(app, { signIn, place: options.place, limits });
  const pageServed = await addPageRoutes(app, options.pageDirectory ?? null);
  await app.ready();
  await hasher.prepare();
  const http = app.server;
  return {
    http,
    pageServed,
    listen: async ({ port, host }) => {
      await listen(http, port, host);
      phase = 'accepting';
      return http.address() as AddressInfo;
    },
    close: async () => {
      phase = 'stopping';
      const closed = new Promise<void>((resolve) => http.close(() => resolve()));
      http.closeIdleConnections();
      await app.close();
      http.closeAllConnections();
      await closed;
    },
  };
}

/** Without a host Node listens on every address, IPv6 and IPv4, or on IPv4 alone where the machine has no IPv6. */
function listen(http: HttpServer, port: number, host: string): Promise<void> {
  return new Promise((resolve, reject) => {
    http.once('error', reject);
    const target = host === '' ? { port } : { port, host };
    http.listen(target, () => {
      http.removeListener('error', reject);
      resolve();
    });
  });
}
