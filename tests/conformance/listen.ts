import { once } from 'node:events';
import { createServer } from 'node:http';
import { type AddressInfo, createServer as createNetServer } from 'node:net';
import { createServer as createTlsServer } from 'node:tls';
import { type Claims, createWireServer, type WireServer } from '@everywire/server';
// By its path: the package is a program, and only tests of this repository use it as a library.
import { createApplication } from '../../packages/conformance/src/index.js';

/**
 * Times short enough for a run of seconds, long enough for a busy machine. The application reports them to the suite.
 */
export const shortTimes = {
  unattachedMs: 3_000,
  tcpUnattachedMs: 3_000,
  ticketMs: 3_000,
  bodyTimeoutMs: 3_000,
  unconfirmedMs: 4_000,
  closeMs: 3_000,
  supersededMs: 1_000,
  tombstoneMs: 3_000,
  lifeMs: 1_000,
  suspendedMs: 3_000,
};

/** Options of the server. */
export interface ListenOptions {
  /** Times other than those of the specification. */
  readonly times?: Partial<typeof shortTimes>;
  readonly heartbeatMs?: number;
  readonly shortPollMs?: number;
  readonly port?: number;
  /** The port of raw TCP. */
  readonly tcpPort?: number;
  /** Whether raw TCP uses TLS. */
  readonly tls?: { readonly cert: string; readonly key: string };
  /** The token that opens a session; without one, anyone may. */
  readonly token?: string | undefined;
}

/**
 * Starts our server with the application that the conformance suite requires (`docs/spec/conformance.md`). Returns its
 * URL, the address of its raw TCP port, and a function that stops it.
 */
export async function listen(
  options: ListenOptions,
): Promise<{ readonly url: string; readonly tcp: string; end(): Promise<void> }> {
  const { times = {}, heartbeatMs = 15_000, shortPollMs = 250, port = 0, tcpPort = 0, tls, token } = options;
  const wire: WireServer = createWireServer({
    onSession: createApplication(() => wire, times),
    limits: { ...times, heartbeatMs, shortPollMs },
    deflate: true,
    jsonp: true,
    flashPolicy: { domains: ['page.example'] },
    origins: ['https://page.example'],
    authenticate: (request) => claimsOf(token, request.token),
  });
  const http = createServer();
  wire.attach(http);
  http.listen(port, '127.0.0.1');
  const tcp = tls === undefined ? createNetServer() : createTlsServer({ ...tls, ALPNProtocols: ['everywire.2'] });
  wire.attachTcp(tcp);
  tcp.listen(tcpPort, '127.0.0.1');
  await Promise.all([once(http, 'listening'), once(tcp, 'listening')]);
  return {
    tcp: `${tls === undefined ? 'tcp' : 'tls'}://127.0.0.1:${(tcp.address() as AddressInfo).port}`,
    url: `http://127.0.0.1:${(http.address() as AddressInfo).port}/everywire`,
    async end(): Promise<void> {
      await wire.close({ deadlineMs: 1 });
      http.closeAllConnections();
      http.close();
      tcp.close();
    },
  };
}

/**
 * Checks the token of a client. For the configured token T, the token `T` never expires, and `T!M` expires after M
 * milliseconds. Returns `null` for any other token.
 */
function claimsOf(token: string | undefined, presented: string | undefined): Claims | null {
  const subject = 'anyone';
  if (token === undefined || presented === token) return { subject };
  const [word, milliseconds] = presented?.split('!') ?? [];
  return word === token ? { subject, expiresAt: Date.now() + Number(milliseconds) } : null;
}
