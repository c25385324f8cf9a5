import { once } from 'node:events';
import { type AddressInfo, connect, createServer as createNetServer, type Server, type Socket } from 'node:net';
import { connect as connectTls, createServer as createTlsServer } from 'node:tls';
import { encodeFrame, FrameParser, OPCODE } from '@everywire/protocol/internal';
import type { WireServerOptions } from '@everywire/server';
import { eventually, HandCounts, type Listening, listen, newNonce } from './hand-client.js';

/** The fields of a control record. */
type Fields = Readonly<Record<string, unknown>>;

/** A transport server that also listens on a raw TCP port. */
export interface TcpListening extends Listening {
  readonly tcp: Server;
  readonly tcpPort: number;
}

/** Starts a transport server with a raw TCP port next to its HTTP port. */
export async function listenTcp(
  options: Partial<WireServerOptions> = {},
  tls?: { readonly cert: string; readonly key: string },
): Promise<TcpListening> {
  const server = await listen(options);
  const tcp = tls ? createTlsServer({ ...tls, ALPNProtocols: ['everywire.2'] }) : createNetServer();
  server.wire.attachTcp(tcp);
  tcp.listen(0, '127.0.0.1');
  await once(tcp, 'listening');
  return {
    ...server,
    tcp,
    tcpPort: (tcp.address() as AddressInfo).port,
    async end(): Promise<void> {
      await server.end();
      tcp.close();
    },
  };
}

/** A client over raw TCP (a hello line and then frames) that writes every control record by hand. */
export class HandTcp {
  readonly socket: Socket;
  /** The server's line before the first frame. */
  line = '';
  readonly counts: HandCounts = new HandCounts();
  /** The received messages. */
  readonly got: (string | Uint8Array)[] = [];
  /** The received control records. */
  readonly records: Fields[] = [];
  /** The session id. */
  id = '';
  /** The code of the server's close frame. */
  closeCode = 0;
  closed = false;
  /** Whether the server's line is complete. */
  #framed = false;
  readonly #parser: FrameParser;

  constructor(port: number, tls?: { readonly ca: string; readonly maxVersion?: 'TLSv1.2' }) {
    this.socket = tls ? connectTls({ port, host: 'localhost', ...tls }) : connect(port, '127.0.0.1');
    this.#parser = new FrameParser(
      {
        onData: (binary, payload) => this.#onData(binary, Buffer.from(payload)),
        onPing: () => undefined,
        onPong: () => undefined,
        onClose: (code) => {
          this.closeCode = code;
          this.socket.end();
        },
      },
      { masked: false, messageBytesMax: 1 << 20, fragmentsMax: 100 },
    );
    this.socket.on('data', (chunk: Buffer) => this.#onBytes(chunk));
    this.socket.on('error', () => undefined);
    this.socket.on('close', () => {
      this.closed = true;
    });
  }

  /** Opens and attaches a session. */
  static async join(port: number, tls?: { readonly ca: string }): Promise<HandTcp> {
    const client = new HandTcp(port, tls);
    client.write('everywire.2\n');
    client.record({ t: 'open', version: 2, nonce: newNonce() });
    await client.heard('opened');
    client.record({ t: 'attach', id: client.id, n: 1, instance: 7, ...client.counts.block });
    await client.heard('attached');
    client.record({ t: 'from', first: 1 });
    return client;
  }

  write(bytes: string | Uint8Array): void {
    this.socket.write(bytes as Uint8Array);
  }

  /** Sends a control record. */
  record(fields: Fields): void {
    this.write(encodeFrame(OPCODE.text, Buffer.from(`\0${JSON.stringify(fields)}`)));
  }

  /** Sends a message. */
  send(text: string): void {
    this.counts.sent += 1;
    this.write(encodeFrame(OPCODE.text, Buffer.from(text.startsWith('\0') ? `\0${text}` : text)));
  }

  /** Waits for the latest record of that name. */
  async heard(name: string): Promise<Fields> {
    return eventually(() => this.records.findLast((record) => record['t'] === name));
  }

  /** Waits for the end of the connection. */
  async ended(): Promise<void> {
    await eventually(() => this.closed);
  }

  #onBytes(chunk: Buffer): void {
    let rest: Buffer = chunk;
    if (!this.#framed) {
      this.line += chunk.toString('latin1');
      const end = this.line.indexOf('\n');
      if (end < 0) return;
      rest = Buffer.from(this.line.slice(end + 1), 'latin1');
      this.line = this.line.slice(0, end + 1);
      this.#framed = true;
    }
    const error = this.#parser.feed(rest);
    if (error !== null) throw new Error(error.code);
  }

  #onData(binary: boolean, payload: Buffer): void {
    const text = payload.toString();
    if (!binary && text[0] === '\0' && text[1] !== '\0') {
      const record = JSON.parse(text.slice(1)) as Fields;
      this.records.push(record);
      if (typeof record['id'] === 'string') this.id = record['id'];
      if (typeof record['ack'] === 'number') this.counts.seen = Math.max(this.counts.seen, record['ack']);
      return;
    }
    const message = binary ? new Uint8Array(payload) : text[0] === '\0' ? text.slice(1) : text;
    this.got.push(message);
    this.counts.took(message);
  }
}
