import { connect, type Socket } from 'node:net';
import { encodeFrame, encodeMaskedFrame, OPCODE } from '@everywire/protocol/internal';
import { eventually } from './hand-client.js';

const peers: FramePeer[] = [];

/** Ends all peers; call after each test. */
export function endFramePeers(): void {
  for (const { socket } of peers.splice(0)) socket.destroy();
}

/**
 * A client over WebSocket or raw TCP that writes every frame by hand. It never ends its half of the connection itself, so
 * that only the server's behaviour is visible. `opening` is a handshake, or the first line of raw TCP.
 */
export class FramePeer {
  readonly socket: Socket;
  /** Whether frames are masked, as in a WebSocket. Those of raw TCP are not. */
  readonly masked: boolean;
  /** Whether the server has ended its half. */
  ended = false;
  /** Whether the connection is closed. */
  gone = false;
  #bytes: Buffer = Buffer.alloc(0);
  /** Offset of the first frame; -1 before the server has answered the opening. */
  #begin = -1;

  constructor(port: number, opening: string) {
    this.masked = opening.startsWith('GET');
    this.socket = connect({ port, host: '127.0.0.1', allowHalfOpen: true });
    this.socket.setNoDelay(true);
    this.socket.on('data', (chunk: Buffer) => {
      this.#bytes = Buffer.concat([this.#bytes, chunk]);
      const mark = this.masked ? '\r\n\r\n' : '\n';
      if (this.#begin < 0 && this.#bytes.includes(mark)) this.#begin = this.#bytes.indexOf(mark) + mark.length;
    });
    this.socket.on('end', () => {
      this.ended = true;
    });
    this.socket.on('error', () => undefined);
    this.socket.on('close', () => {
      this.gone = true;
    });
    this.socket.write(opening);
    peers.push(this);
  }

  /** Waits for the server's answer to the opening. */
  async opened(): Promise<this> {
    await eventually(() => this.#begin >= 0, 5_000);
    return this;
  }

  write(...frames: readonly Uint8Array[]): void {
    this.socket.write(Buffer.concat(frames));
  }

  /** Encodes a frame. */
  frame(opcode: number, payload: Uint8Array | string = ''): Buffer {
    const bytes = Buffer.from(payload as string);
    const encoded = this.masked ? encodeMaskedFrame(opcode as never, bytes, 7) : encodeFrame(opcode as never, bytes);
    return Buffer.from(encoded);
  }

  /** Waits for the server's close frame and returns its code. */
  async closeCode(): Promise<number> {
    return eventually(() => this.frames.find(({ opcode }) => opcode === OPCODE.close)?.payload.readUInt16BE(), 5_000);
  }

  /** The frames received so far. Supports payloads of up to 65,535 bytes. */
  get frames(): readonly { readonly opcode: number; readonly payload: Buffer }[] {
    const frames: { opcode: number; payload: Buffer }[] = [];
    const bytes = this.#bytes;
    for (let at = this.#begin; at >= 0 && at + 2 <= bytes.length; ) {
      const short = bytes[at + 1] as number;
      if (short === 126 && at + 4 > bytes.length) break;
      const [from, length] = short < 126 ? [at + 2, short] : [at + 4, bytes.readUInt16BE(at + 2)];
      if (from + length > bytes.length) break;
      frames.push({ opcode: (bytes[at] as number) & 15, payload: bytes.subarray(from, from + length) });
      at = from + length;
    }
    return frames;
  }

  /** The received pongs, and the texts that are not control records (which begin with U+0000), in order. */
  get heard(): readonly string[] {
    const relevant = this.frames.filter(({ opcode, payload }) => opcode === OPCODE.pong || payload[0] !== 0);
    return relevant.map(({ opcode, payload }) => `${opcode === OPCODE.pong ? 'pong' : 'text'} ${payload.toString()}`);
  }

  /** Sends a close frame with this code. */
  reply(code: number): void {
    this.write(this.frame(OPCODE.close, Uint8Array.of(code >> 8, code & 255)));
  }

  /** Waits until the server has ended its half. */
  async untilEnded(): Promise<void> {
    await eventually(() => this.ended || this.gone, 5_000);
  }
}

/** Builds the opening handshake of a WebSocket. `name` is the last part of the path. */
export function handshake(name: string, ...headers: readonly string[]): string {
  const lines = [
    `GET /everywire/${name} HTTP/1.1`,
    ...['Host: 127.0.0.1', 'Upgrade: websocket', 'Connection: Upgrade', 'Sec-WebSocket-Version: 13'],
    ...['Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==', 'Sec-WebSocket-Extensions: permessage-deflate', ...headers],
  ];
  return `${lines.join('\r\n')}\r\n\r\n`;
}
