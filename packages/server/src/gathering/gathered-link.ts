import type { LinkEnd, Message, MessageSource, ServerLinkIo, ServerRecord } from '@everywire/protocol/internal';
import type { SharedRuns } from './shared-runs.js';
import type { Gathering, Turn } from './turn.js';

/** Longest write that is put together by copying; beyond it parts go out one by one, corked. */
const JOINED_BYTES_MAX = 64 << 10;

/**
 * A carrier whose bytes of one turn leave in one write. The fast way, one shared run and nothing else, allocates nothing and
 * copies nothing; records, or runs too long to be joined, are kept until the turn ends.
 */
export abstract class GatheredLink implements ServerLinkIo, Gathering {
  readonly #runs: SharedRuns;
  protected readonly turn: Turn;
  /** A text has one character a byte. */
  #parts: (Uint8Array | string)[] | null = null;

  constructor(runs: SharedRuns, turn: Turn) {
    this.#runs = runs;
    this.turn = turn;
  }

  /** Writes what may be shared with other links: nobody changes it. */
  protected abstract put(bytes: Uint8Array): void;
  /** Writes several parts as one. */
  protected abstract putAll(parts: readonly Uint8Array[]): void;
  /** As `put`, one character a byte. */
  protected putText(text: string): void {
    this.put(Buffer.from(text, 'latin1'));
  }
  abstract end(reason: LinkEnd): void;

  writeRecord(record: ServerRecord): void {
    this.gather(this.#runs.encoding.encodeRecord(record));
  }

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

  /** Takes bytes for the write at the end of the turn. */
  protected gather(part: Uint8Array | string): void {
    if (this.#parts === null) {
      this.#parts = [part];
      this.turn.add(this);
    } else {
      this.#parts.push(part);
    }
  }

  /** Writes what was gathered. The turn calls it; so does an end that must come after it. */
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
