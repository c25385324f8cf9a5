import type { Connection } from './connection.js';
import { type FrameParts, frameBytes, readFrames } from './frames.js';
import { type Content, type Fields, framePayload, type Item, itemReaders } from './item.js';
import { Mismatch } from './mismatch.js';

/** Transports that carry messages in both directions. */
export const duplexTransports: readonly string[] = ['websocket', 'tcp'];

/** The answer to a request or to a raw TCP hello, with everything that follows on its connection. */
export interface HttpReply {
  readonly connection: Connection;
  /** By lower-case name. */
  readonly headers: ReadonlyMap<string, string>;
  /** The bytes received after the head, and whether they are complete. */
  readonly body: { readonly bytes: Buffer; readonly whole: boolean };
}

/** One link that is read: a WebSocket, raw TCP, a stream or one poll. Keeps all received items, in order. */
export class TestLink {
  readonly transport: string;
  /** Whether it carries frames in both directions. */
  readonly duplex: boolean;
  readonly answer: HttpReply;
  readonly connection: Connection;
  /** All items received so far. */
  items: readonly Item[] = [];
  /** Called with each item as it arrives. */
  onItem: ((item: Item) => void) | null = null;
  /** Number of the last message sent on this link, which a `pong` must state. */
  at = 0;
  #nextAt = 0;

  constructor(transport: string, answer: HttpReply) {
    this.transport = transport;
    this.duplex = duplexTransports.includes(transport);
    this.answer = answer;
    this.connection = answer.connection;
    this.connection.onChange = () => this.#read();
    this.#read();
  }

  /** Returns the records of this name received so far. */
  records(name: string): readonly Fields[] {
    return this.items.flatMap((item) => (item.kind === 'record' && item.record['t'] === name ? [item.record] : []));
  }

  get messages(): readonly Content[] {
    return this.items.flatMap((item) => (item.kind === 'message' ? [item.content] : []));
  }

  /** Waits for the next record with one of these names, after the one returned last. */
  async next(...names: readonly string[]): Promise<Fields> {
    return this.connection.until(`${names.join(' or ')} on ${this.transport}`, () => {
      for (let at = this.#nextAt; at < this.items.length; at += 1) {
        const item = this.items[at] as Item;
        if (item.kind !== 'record' || !names.includes(String(item.record['t']))) continue;
        this.#nextAt = at + 1;
        return item.record;
      }
      return undefined;
    });
  }

  /** Waits until `count` messages have arrived in total. */
  async gets(count: number): Promise<readonly Content[]> {
    return this.connection.until(`${count} messages on ${this.transport}`, () =>
      this.messages.length >= count ? this.messages : undefined,
    );
  }

  /** Waits for the end of the connection or of the answer. */
  async ends(): Promise<void> {
    await this.connection.until(`the end of ${this.transport}`, () => this.ended);
  }

  get ended(): boolean {
    return this.connection.ended || this.answer.body.whole || this.closeCode !== undefined;
  }

  // ---- only on a two-way link

  record(fields: Fields): void {
    if (fields['t'] === 'from') this.at = Number(fields['first']) - 1;
    this.frame({ opcode: 1, payload: `\0${JSON.stringify(fields)}` });
  }

  message(content: Content): void {
    this.frame({ opcode: content instanceof Uint8Array ? 2 : 1, payload: framePayload(content) });
  }

  frame(parts: FrameParts): void {
    const { opcode, payload, final = true } = parts;
    const isRecord = opcode === 1 && typeof payload === 'string' && payload.startsWith('\0{');
    if (opcode < 8 && final && !isRecord) this.at += 1;
    this.connection.write(this.frameBytes(parts));
  }

  /** Encodes a client's frame, masked except over raw TCP (TR-41). */
  frameBytes(parts: FrameParts): Buffer {
    return frameBytes({ masked: this.transport === 'websocket', ...parts });
  }

  /** Returns the code of the server's close frame: 1005 for an empty one, `undefined` before it arrives. */
  get closeCode(): number | undefined {
    if (!this.duplex) return undefined;
    const close = readFrames(this.answer.body.bytes).find(({ opcode }) => opcode === 8);
    if (close === undefined) return undefined;
    return close.payload.length < 2 ? 1005 : close.payload.readUInt16BE(0);
  }

  /** Waits for a close frame. */
  async closes(): Promise<number> {
    return this.connection.until('a close frame', () => this.closeCode);
  }

  #read(): void {
    const reader = itemReaders[this.transport];
    if (reader === undefined) throw new Mismatch('a transport', Object.keys(itemReaders), this.transport);
    const items = reader(this.answer.body.bytes);
    const fresh = items.slice(this.items.length);
    this.items = items;
    for (const item of fresh) this.onItem?.(item);
  }
}
