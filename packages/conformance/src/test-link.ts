import type { Connection } from './connection.js';
import { type FrameParts, frameBytes, readFrames } from './frames.js';
import { type Content, type Fields, framePayload, type Item, itemReaders } from './item.js';
import { Mismatch } from './mismatch.js';

/** Those that carry both ways. */
export const duplexTransports: readonly string[] = ['websocket', 'tcp'];

/** What a server answers to a request, or to the hello of raw TCP, and goes on with. */
export interface HttpReply {
  readonly connection: Connection;
  /** By lower-case name. */
  readonly headers: ReadonlyMap<string, string>;
  /** What came behind its head, and whether that is all. */
  readonly body: { readonly bytes: Buffer; readonly whole: boolean };
}

/** One carrier that is read: a WebSocket, raw TCP, a stream, or one poll. Everything that came on it is kept, in order. */
export class TestLink {
  readonly transport: string;
  /** Whether it carries both ways, in frames. */
  readonly duplex: boolean;
  readonly answer: HttpReply;
  readonly connection: Connection;
  /** All that came so far. */
  items: readonly Item[] = [];
  /** Called with each item as it comes. */
  onItem: ((item: Item) => void) | null = null;
  /** Number of the last message sent on this link: what a `pong` has to say. */
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

  /** Records of that name so far. */
  records(name: string): readonly Fields[] {
    return this.items.flatMap((item) => (item.kind === 'record' && item.record['t'] === name ? [item.record] : []));
  }

  get messages(): readonly Content[] {
    return this.items.flatMap((item) => (item.kind === 'message' ? [item.content] : []));
  }

  /** The next record of one of these names, behind the one this gave last. */
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

  /** Waits for so many messages in all. */
  async gets(count: number): Promise<readonly Content[]> {
    return this.connection.until(`${count} messages on ${this.transport}`, () =>
      this.messages.length >= count ? this.messages : undefined,
    );
  }

  /** Waits for the end: of the connection, or of the answer. */
  async ends(): Promise<void> {
    await this.connection.until(`the end of ${this.transport}`, () => this.ended);
  }

  get ended(): boolean {
    return this.connection.ended || this.answer.body.whole || this.closeCode !== undefined;
  }

  // ---- a two-way link only

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

  /** Bytes of a client's frame: masked, but by raw TCP (TR-41). */
  frameBytes(parts: FrameParts): Buffer {
    return frameBytes({ masked: this.transport === 'websocket', ...parts });
  }

  /** Of the server's close frame: 1005 for an empty one, `undefined` before there is one. */
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
