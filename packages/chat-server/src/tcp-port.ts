import { type AddressInfo, createServer, type Server } from 'node:net';
import { createServer as createTlsServer, type Server as TlsServer } from 'node:tls';
import { sessionProtocol, type WireServer } from '@everywire/server';
import { replaceTlsPair, TLS_MIN_VERSION, type TlsPair } from './https-server.js';

/**
 * Milliseconds for a TLS handshake. The transport allows as much for handshake and session together
 * (`tcpUnattachedMs`).
 */
const HANDSHAKE_MS = 5_000;
/** The name that a client must offer in TLS. Browsers offer other names, so that a page gets no connection (TR-44). */
const ALPN = [sessionProtocol];

/** The raw TCP port, once it listens. Speaks TLS if the main port speaks https. */
export interface TcpPort {
  readonly address: AddressInfo;
  readonly encrypted: boolean;
  /** Replaces the certificate for all later connections. */
  setTls(tls: TlsPair): void;
  /** Accepts no more connections; the transport closes the open ones. */
  close(): void;
}

/** Opens the raw TCP port. Rejects with the system's error if it cannot listen. */
export async function openTcpPort(
  wire: WireServer,
  tls: TlsPair | null,
  at: { readonly port: number; readonly host: string },
): Promise<TcpPort> {
  const server: Server | TlsServer =
    tls === null
      ? createServer()
      : createTlsServer({ ...tls, minVersion: TLS_MIN_VERSION, handshakeTimeout: HANDSHAKE_MS, ALPNProtocols: ALPN });
  wire.attachTcp(server);
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(at.host === '' ? { port: at.port } : at, () => {
      server.removeListener('error', reject);
      resolve();
    });
  });
  return {
    address: server.address() as AddressInfo,
    encrypted: tls !== null,
    setTls: (pair) => replaceTlsPair(server as TlsServer, pair),
    close: () => void server.close(),
  };
}
