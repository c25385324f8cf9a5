import { connect as connectTcp, type Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';
import { encodeFrame, sessionProtocol } from '@everywire/protocol/internal';
import { tcpHello as hello } from '../tcp-hello.js';
import type { Carrier, Connect, TransportModule } from '../transport.js';
import { openSocketCarrier } from './socket-carrier.js';
import type { TcpAddress } from './tcp-address.js';

/** Creates a transport over raw TCP (SN-17): a hello line, then frames, unmasked in both directions. */
export function createTcp(address: TcpAddress): TransportModule {
  const connect: Connect = (request, events) => {
    const socket = open(address);
    let carrier: Carrier | undefined;
    const refuse = (): void => {
      socket.off('close', refuse);
      socket.destroy();
      events.onEnded(false, 'refused');
    };
    let answer: Buffer = Buffer.alloc(0);
    // The token and the session id are sent only after the expected answer of our server.
    const onData = (chunk: Buffer): void => {
      answer = Buffer.concat([answer, chunk]);
      const line = answer.toString('latin1', 0, hello.length);
      if (!hello.startsWith(line)) refuse();
      if (line !== hello) return;
      socket.off('data', onData);
      socket.off('close', refuse);
      carrier = openSocketCarrier(socket, answer.subarray(hello.length), encodeFrame, request, events);
      events.onOpened();
    };
    socket.on('data', onData);
    socket.on('close', refuse);
    // Node emits `close` after `error`, so nothing is to be done here.
    socket.on('error', () => undefined);
    socket.write(hello);
    return {
      writeRecord: (record) => carrier?.writeRecord?.(record),
      writeMessages: (source, first, last) => carrier?.writeMessages?.(source, first, last),
      close: () => (carrier ? carrier.close() : socket.destroy()),
    };
  };
  return { connect };
}

function open({ host, port, encrypted }: TcpAddress): Socket {
  const socket = encrypted
    ? connectTls({ host, port, ...serverName(host), ALPNProtocols: [sessionProtocol] })
    : connectTcp({ host, port });
  return socket.setNoDelay(true);
}

/** Returns the server name for TLS; an IP address is not allowed as one (RFC 6066 section 3). */
function serverName(host: string): { readonly servername?: string } {
  return /^[\d.]+$|:/.test(host) ? {} : { servername: host };
}
