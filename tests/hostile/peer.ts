import { connect, type Socket } from 'node:net';
import { encodeMaskedFrame, OPCODE } from '@everywire/protocol/internal';
import { eventually, HandCounts, newNonce } from '../server/hand-client.js';

/** Decodes bytes written in hexadecimal, such as `81 01 61`. */
export function hex(text: string): Buffer {
  return Buffer.from(text.replaceAll(/\s/g, ''), 'hex');
}

/** Encodes a client's frame. The mask key is zero, so that tests can read the payload. */
export function frame(opcode: number, payload: Uint8Array | string = '', final = true): Buffer {
  const bytes = Buffer.from(encodeMaskedFrame(opcode as never, Buffer.from(payload as string), 0));
  if (!final) bytes[0] = (bytes[0] as number) & 0x7f;
  return bytes;
}

/** Options of an opening handshake. */
export interface HeadOptions {
  readonly path?: string;
  readonly method?: string;
  readonly version?: string;
  /** Headers to add or to replace; `null` omits one. */
  readonly headers?: Readonly<Record<string, string | readonly string[] | null>>;
}

/** Builds the head of an opening handshake of a WebSocket. The options may make it invalid. */
export function head({
  path = '/everywire/websocket',
  method = 'GET',
  version = '1.1',
  headers,
}: HeadOptions = {}): string {
  const all: Record<string, string | readonly string[] | null> = {
    Host: 'x',
    Upgrade: 'websocket',
    Connection: 'Upgrade',
    'Sec-WebSocket-Version': '13',
    'Sec-WebSocket-Key': 'dGhlIHNhbXBsZSBub25jZQ==',
    'Sec-WebSocket-Protocol': 'everywire.2',
    ...headers,
  };
  const lines = Object.entries(all).flatMap(([name, value]) =>
    value === null ? [] : [value].flat().map((one) => `${name}: ${one}\r\n`),
  );
  return `${method} ${path} HTTP/${version}\r\n${lines.join('')}\r\n`;
}

const peers: Peer[] = [];

/** Ends all peers; call after each test. */
export function endPeers(): void {
  for (const peer of peers.splice(0)) peer.socket.destroy();
}

/** A hostile client: a TCP connection that sends arbitrary bytes, and parses what it receives. */
export class Peer {
  readonly socket: Socket;
  readonly counts: HandCounts = new HandCounts();
  /** The session id, after `joined`. */
  id = '';
  /** Whether the connection has ended. */
  ended = false;
  #read: Buffer[] = [];
  #readBytes = 0;

  constructor(port: number) {
    this.socket = connect(port, '127.0.0.1');
    this.socket.setNoDelay(true);
    this.socket.on('data', (chunk: Buffer) => {
      this.#read.push(chunk);
      this.#readBytes += chunk.length;
    });
    this.socket.on('error', () => undefined);
    this.socket.on('close', () => {
      this.ended = true;
    });
    peers.push(this);
  }

  /** Opens a WebSocket whose handshake succeeded. */
  static async upgraded(port: number, options: HeadOptions = {}): Promise<Peer> {
    const peer = new Peer(port);
    peer.write(head(options));
    await eventually(() => peer.text.includes('\r\n\r\n') || peer.ended);
    if (!peer.text.startsWith('HTTP/1.1 101 ')) throw new Error(`no WebSocket: ${peer.text}`);
    return peer;
  }

  /** Opens and attaches a session by hand, whose messages are numbered from 1. */
  static async joined(port: number, options: HeadOptions = {}): Promise<Peer> {
    const peer = await Peer.upgraded(port, options);
    peer.record({ t: 'open', version: 2, nonce: newNonce() });
    const { id } = await peer.heard('opened');
    peer.id = String(id);
    peer.record({ t: 'attach', id, n: 1, instance: 9, ...peer.counts.block });
    await peer.heard('attached');
    peer.record({ t: 'from', first: 1 });
    return peer;
  }

  write(bytes: Uint8Array | string): void {
    this.socket.write(bytes);
  }

  /** Sends a control record. */
  record(fields: Readonly<Record<string, unknown>>): void {
    this.write(frame(OPCODE.text, `\0${JSON.stringify(fields)}`));
  }

  get bytes(): Buffer {
    this.#read = [Buffer.concat(this.#read, this.#readBytes)];
    return this.#read[0] as Buffer;
  }

  get text(): string {
    return this.bytes.toString('latin1');
  }

  /** The frames after the head of the answer. */
  get frames(): readonly { readonly opcode: number; readonly payload: Buffer }[] {
    const frames: { opcode: number; payload: Buffer }[] = [];
    const { bytes } = this;
    let at = bytes.indexOf('\r\n\r\n') + 4;
    while (at + 2 <= bytes.length) {
      const length = lengthAt(bytes, at);
      const from = at + length.headerBytes;
      if (from + length.payloadBytes > bytes.length) break;
      const payload = bytes.subarray(from, from + length.payloadBytes);
      frames.push({ opcode: (bytes[at] as number) & 0x0f, payload });
      at = from + length.payloadBytes;
    }
    return frames;
  }

  /** The received messages, without control records. */
  get messages(): readonly string[] {
    return this.frames
      .filter(({ opcode, payload }) => opcode <= 2 && payload[0] !== 0)
      .map(({ payload }) => payload.toString());
  }

  /** Waits for the latest record of that name. */
  heard(name: string): Promise<Readonly<Record<string, unknown>>> {
    return eventually(() => {
      const records = this.frames.filter(({ opcode, payload }) => opcode === OPCODE.text && payload[0] === 0);
      const read = records.map(({ payload }) => JSON.parse(payload.subarray(1).toString()) as Record<string, unknown>);
      return read.findLast((record) => record['t'] === name);
    });
  }

  /** Waits for the code of the close frame; 1005 if it was empty. */
  closeCode(): Promise<number> {
    return eventually(() => {
      const closing = this.frames.find(({ opcode }) => opcode === OPCODE.close);
      if (closing === undefined) return undefined;
      return closing.payload.length === 0 ? 1005 : closing.payload.readUInt16BE();
    });
  }

  /** Waits for the end of the connection and returns everything that was received. */
  async closed(): Promise<string> {
    await eventually(() => this.ended);
    return this.text;
  }
}

/** Parses the length of a frame. An incomplete header gives an infinite length. */
function lengthAt(bytes: Buffer, at: number): { readonly headerBytes: number; readonly payloadBytes: number } {
  const short = (bytes[at + 1] as number) & 0x7f;
  if (short < 126) return { headerBytes: 2, payloadBytes: short };
  if (short === 126)
    return bytes.length < at + 4 ? NOT_YET : { headerBytes: 4, payloadBytes: bytes.readUInt16BE(at + 2) };
  return bytes.length < at + 10 ? NOT_YET : { headerBytes: 10, payloadBytes: Number(bytes.readBigUInt64BE(at + 2)) };
}

const NOT_YET = { headerBytes: 0, payloadBytes: Number.POSITIVE_INFINITY };
