import { createServer, type IncomingMessage, type RequestListener, type Server } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { createWireServer, type WireServer, type WireServerOptions } from '@everywire/server';

/** A request as received. */
type Seen = Pick<IncomingMessage, 'method' | 'url' | 'headers'>;

/** A transport server that echoes messages, with the requests and notices that it has seen. */
export interface WireLab {
  readonly wire: WireServer;
  readonly seen: readonly Seen[];
  readonly notices: readonly string[];
  readonly http: number;
  /** The port of the same server over TLS; 0 without a certificate. */
  readonly https: number;
  stop(): Promise<void>;
}

/** Certificate and key, as PEM. */
export type Tls = { readonly cert: string; readonly key: string };

/** Starts such a server. `onRequest` answers all other requests. */
export async function startWireLab(
  options: Partial<WireServerOptions>,
  onRequest: RequestListener,
  tls?: Tls,
): Promise<WireLab> {
  const notices: string[] = [];
  const seen: Seen[] = [];
  const wire = createWireServer({
    onSession: (session) => {
      session.onMessage = (data) => void session.send(data);
    },
    onNotice: ({ code, text }) => notices.push(`${code}: ${text}`),
    ...options,
    limits: { noticeIntervalMs: 1, ...options.limits },
  });
  const servers = [await listen(createServer(onRequest))];
  if (tls) servers.push(await listen(createTlsServer(tls, onRequest)));
  for (const server of servers) {
    wire.attach(server);
    note(server, seen);
  }
  return {
    wire,
    seen,
    notices,
    http: portOf(servers[0]),
    https: portOf(servers[1]),
    async stop() {
      await wire.close({ deadlineMs: 0 });
      for (const server of servers) closeAll(server);
    },
  };
}

/** Starts a server of static pages, over TLS if there is a certificate. */
export async function servePages(
  onRequest: RequestListener,
  tls?: Tls,
): Promise<{ readonly port: number; stop(): void }> {
  const server = await listen(tls ? createTlsServer(tls, onRequest) : createServer(onRequest));
  return { port: portOf(server), stop: () => closeAll(server) };
}

async function listen(server: Server): Promise<Server> {
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  return server;
}

function portOf(server: Server | undefined): number {
  return server ? (server.address() as AddressInfo).port : 0;
}

function closeAll(server: Server): void {
  server.closeAllConnections();
  server.close();
}

/** Records all requests of a server. */
function note(server: Server, seen: Seen[]): void {
  const { emit } = server;
  server.emit = function (this: Server, event: string, ...parts: unknown[]): boolean {
    if (event === 'request' || event === 'upgrade') seen.push(parts[0] as IncomingMessage);
    return Reflect.apply(emit, this, [event, ...parts]);
  } as Server['emit'];
}
