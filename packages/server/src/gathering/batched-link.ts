import type { LinkEnd, Message, MessageSource, ServerLinkIo, ServerRecord } from '@everywire/protocol/internal';
import type { SharedBatches } from './shared-batches.js';
import type { Batching, Tick } from './tick.js';

/**
 * Maximum bytes of a write whose parts are joined by copying. The parts of a longer write are written one by one, but
 * corked.
 */
const JOINED_BYTES_MAX = 64 << 10;

/**
 * A carrier that sends the bytes of one tick (one pass of the event loop) in one write. A run is a sequence of
 * consecutive messages. In the most common case, a single run that other links also send, nothing is allocated or
 * copied. Records, and runs that are too long to be joined, are kept until the end of the tick.
 */
export abstract class BatchedLink implements ServerLinkIo, Batching {
  readonly #runs: SharedBatches;
  protected readonly turn: Tick;
  /** The parts kept until the end of the tick; `null` if there are none. A text has one character for each byte. */
  #parts: (Uint8Array | string)[] | null = null;

  constructor(runs: SharedBatches, turn: Tick) {
    this.#runs = runs;
    this.turn = turn;
  }

  /** Writes bytes that may be shared with other links and must not be changed. */
  protected abstract put(bytes: Uint8Array): void;
  /** Writes several parts as one. */
  protected abstract putAll(parts: readonly Uint8Array[]): void;
  /** Writes like `put`. `text` has one character for each byte. */
  protected putText(text: string): void {
    this.put(Buffer.from(text, 'latin1'));
  }
  /** Ends the link. */
  abstract end(reason: LinkEnd): void;

  /** Writes a control record at the end of the tick. */
  writeRecord(record: ServerRecord): void {
    this.gather(this.#runs.encoding.encodeRecord(record));
  }

  /** Writes messages, shared with other links where possible. */
  writeMessages(source: MessageSource, first: number, last: number): void {
    const joined = this.#runs.joined(source, first, last);
    if (joined === null) {
      for (let number = first; number <= last; number++) this.gather(this.#encoded(source.messageAt(number)));
    } else if (this.#parts === null) {
      this.put(joined);
    } else {
      this.gather(joined);
    }
  }

  /** Keeps a part for the write at the end of the tick. */
  protected gather(part: Uint8Array | string): void {
    if (this.#parts === null) {
      this.#parts = [part];
      this.turn.add(this);
    } else {
      this.#parts.push(part);
    }
  }

  /** Writes the kept parts. Must be called at the end of the tick, and before the link ends. */
  flush(): void {
    const parts = this.#parts;
    if (parts === null) return;
    this.#parts = null;
    if (parts.every((part) => typeof part === 'string')) {
      this.putText(parts.length === 1 ? (parts[0] as string) : parts.join(''));
      return;
    }
    const bytes = parts.map((part) => (typeof part === 'string' ? Buffer.from(part, 'latin1') : part));
    const length = bytes.reduce((sum, part) => sum + part.length, 0);
    if (bytes.length === 1) this.put(bytes[0] as Uint8Array);
    else if (length <= JOINED_BYTES_MAX) this.put(Buffer.concat(bytes, length));
    else this.putAll(bytes);
  }

  #encoded(message: Message): Uint8Array {
    return this.#runs.encoding.encodeMessage(message);
  }
}
