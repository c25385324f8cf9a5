import {
  type AttachedRecord,
  type Encoding,
  frameEncoding,
  isSameButEcho,
  type Message,
  type MessageSource,
  type ServerRecord,
} from '@everywire/protocol/internal';
import { chunkOf } from './chunk-of.js';

/**
 * Maximum bytes of a run (a sequence of consecutive messages) that is joined by copying. A longer run is written
 * message by message in one `writev`, because copying would cost more than it saves, and because each of many slow
 * readers at different positions would keep its own copy in memory.
 */
const JOINED_BYTES_MAX = 64 << 10;

const ASCII: RegExp = /^[\0-\x7f]*$/;

const NO_BYTES: Uint8Array = new Uint8Array(0);

/** A run (a sequence of consecutive messages) and its joined bytes. */
interface Run {
  readonly messages: readonly Message[];
  /** `null` if the run is too long to be joined. */
  readonly bytes: Uint8Array | null;
}

/**
 * Shares the joined bytes of one tick, for one encoding. A room with k messages in a tick joins them once, and every
 * subscriber with the same pending run shares the result (SN-27). Nothing is kept beyond the tick.
 */
export class SharedBatches {
  readonly encoding: Encoding;
  readonly #framed: boolean;
  /**
   * Runs by their first message. The last used run is tried first, because subscribers of a room mostly follow each
   * other.
   */
  readonly #runs: Map<Message, Run[]> = new Map();
  #latest: Run | null = null;
  // Caches of one entry each, for the methods below: the last argument and its result.
  #single: Message | null = null;
  #singleBytes: Uint8Array = NO_BYTES;

  #chunk: { readonly of: Uint8Array; readonly bytes: Uint8Array } | null = null;

  #characters: { readonly of: Uint8Array; readonly text: string } | null = null;
  #attached: { readonly record: AttachedRecord; readonly around: readonly [string, string, string] } | null = null;
  #concatenated: { readonly before: string; readonly text: string; readonly whole: string } | null = null;

  constructor(encoding: Encoding) {
    this.encoding = encoding;
    this.#framed = encoding === frameEncoding;
  }

  /** Returns one buffer for messages `first` to `last`; `null` if they must be written one by one. */
  joined(source: MessageSource, first: number, last: number): Uint8Array | null {
    if (first === last) return (this.#framed ? source.frameAt?.(first) : null) ?? this.#one(source.messageAt(first));
    const head = source.messageAt(first);
    if (this.#latest !== null && isSameRun(this.#latest.messages, source, first, last)) return this.#latest.bytes;
    let runs = this.#runs.get(head);
    if (runs === undefined) {
      runs = [];
      this.#runs.set(head, runs);
    }
    let run = runs.find((known) => isSameRun(known.messages, source, first, last));
    if (run === undefined) {
      run = this.#join(source, first, last);
      runs.push(run);
    }
    this.#latest = run;
    return run.bytes;
  }

  /** Returns the bytes of one message; consecutive callers share one view, because a thousand views are expensive. */
  #one(message: Message): Uint8Array {
    if (this.#single !== message) {
      this.#singleBytes = this.encoding.encodeMessage(message);
      this.#single = message;
    }
    return this.#singleBytes;
  }

  /** Returns the bytes framed by `chunkOf`; consecutive callers share the result. */
  chunk(bytes: Uint8Array): Uint8Array {
    if (this.#chunk === null || this.#chunk.of !== bytes) this.#chunk = { of: bytes, bytes: chunkOf(bytes) };
    return this.#chunk.bytes;
  }

  /** Returns the bytes as a string with one character for each byte. */
  characters(bytes: Uint8Array): string {
    if (this.#characters === null || this.#characters.of !== bytes) {
      const { buffer, byteOffset, length } = bytes;
      this.#characters = { of: bytes, text: Buffer.from(buffer, byteOffset, length).toString('latin1') };
    }
    return this.#characters.text;
  }

  /**
   * Returns a record as a string with one character for each byte. The record that starts the answer to a poll mostly
   * equals the previous one, except for `n` and `instance`, which differ for each client.
   */
  recordCharacters(record: ServerRecord): string {
    if (record.t !== 'attached') return this.#recordCharacters(record);
    if (this.#attached === null || !isSameButEcho(this.#attached.record, record))
      this.#attached = { record, around: this.#aroundEcho(record) };
    const [before, between, behind] = this.#attached.around;
    return before + record.n + between + record.instance + behind;
  }

  /** Returns the text before, between and after `n` and `instance`, which are the last numbers of the record. */
  #aroundEcho(record: AttachedRecord): readonly [string, string, string] {
    const text = this.#recordCharacters(record);
    const [n, instance] = [String(record.n), String(record.instance)];
    const instanceAt = text.lastIndexOf(instance);
    const nAt = text.lastIndexOf(n, instanceAt - 1);
    return [text.slice(0, nAt), text.slice(nAt + n.length, instanceAt), text.slice(instanceAt + instance.length)];
  }

  /** Returns the concatenation of two texts; consecutive callers share the result. */
  behind(before: string, text: string): string {
    const latest = this.#concatenated;
    if (latest !== null && latest.before === before && latest.text === text) return latest.whole;
    this.#concatenated = { before, text, whole: before + text };
    return this.#concatenated.whole;
  }

  /** Returns the text of a record without an intermediate buffer if it is ASCII, as nearly all are. */
  #recordCharacters(record: ServerRecord): string {
    const text = this.encoding.recordText?.(record);
    if (text !== undefined && ASCII.test(text)) return text;
    return this.characters(this.encoding.encodeRecord(record));
  }

  /** Drops everything kept for the tick. */
  endTurn(): void {
    this.#single = null;
    this.#singleBytes = NO_BYTES;
    this.#chunk = null;
    this.#characters = null;
    this.#attached = null;
    this.#concatenated = null;
    if (this.#latest === null) return;
    this.#latest = null;
    this.#runs.clear();
  }

  #join(source: MessageSource, first: number, last: number): Run {
    const messages: Message[] = [];
    const parts: Uint8Array[] = [];
    let length = 0;
    let together = true;
    for (let number = first; number <= last; number++) {
      const message = source.messageAt(number);
      const bytes = this.encoding.encodeMessage(message);
      together &&= parts.length === 0 || isBehind(parts.at(-1) as Uint8Array, bytes);
      messages.push(message);
      parts.push(bytes);
      length += bytes.length;
    }
    if (together) {
      const { buffer, byteOffset } = parts[0] as Uint8Array;
      return { messages, bytes: new Uint8Array(buffer, byteOffset, length) };
    }
    return { messages, bytes: length > JOINED_BYTES_MAX ? null : Buffer.concat(parts, length) };
  }
}

/** Returns whether the bytes are adjacent in the same memory, as a room's messages are in a slab. */
function isBehind(before: Uint8Array, bytes: Uint8Array): boolean {
  return before.buffer === bytes.buffer && before.byteOffset + before.length === bytes.byteOffset;
}

/**
 * Returns whether two runs have the same messages. Serials rise in every queue and are assigned server-wide. So if the
 * first and the last serial are equal and no serial between them is missing, the runs are equal. If serials are missing
 * (messages of other topics), compares the messages one by one.
 */
function isSameRun(messages: readonly Message[], source: MessageSource, first: number, last: number): boolean {
  const count = last - first + 1;
  const head = messages[0] as Message;
  const tail = messages[count - 1];
  if (messages.length !== count || head !== source.messageAt(first) || tail !== source.messageAt(last)) return false;
  if (tail.serial - head.serial === count - 1) return true;
  for (let at = 1; at < count - 1; at++) if (messages[at] !== source.messageAt(first + at)) return false;
  return true;
}
