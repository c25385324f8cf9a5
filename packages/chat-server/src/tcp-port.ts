import { type AddressInfo, createServer, type Server } from 'node:net';
import { createServer as createTlsServer, type Server as TlsServer } from 'node:tls';
import { sessionProtocol, type WireServer } from '@everywire/server';
import { replaceTlsPair, type TlsPair, tlsMinVersion } from './https-server.js';

/** Milliseconds for a TLS handshake. The transport gives as long for handshake and session together (`tcpUnattachedMs`). */
const HANDSHAKE_MS = 5_000;
/** A page of a browser offers other names, and gets no connection (TR-44). */
const ALPN = [sessionProtocol];

/** The port for raw TCP, once it listens. It speaks TLS where the other port speaks https. */
export interface TcpPort {
  readonly address: AddressInfo;
  readonly encrypted: boolean;
  setTls(tls: TlsPair): void;
  /** Takes no more connections; those that are open are the transport's. */
  close(): void;
}

/** Rejects with the system's error where it cannot listen. */
export async function openTcpPort(
  wire: WireServer,
  tls: TlsPair | null,
  at: { readonly port: number; readonly host: string },
): Promise<TcpPort> {
  const server: Server | TlsServer =
    tls === null
      ? createServer()
      : createTlsServer({ ...tls, minVersion: tlsMinVersion, handshakeTimeout: HANDSHAKE_MS, ALPNProtocols: ALPN });
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
