import { type Content, contentJson, type Fields, nextSum } from '../../packages/conformance/src/item.js';
import type { Transcript } from './transcript.js';

export const nonce = 'Qr8n2kTq0bJ5vXhYw3LmZA';

/** The client of a transcript: it has an id and true counts, and makes the records that a scene wants to have said. */
export class ToldClient {
  readonly #transcript: Transcript;
  #id = '';
  #counts = { ack: 0, received: 0, seen: 0, sent: 0, sum: 0 };
  #n = 0;
  #bodies = 0;
  /** Checksum of what was sent. */
  #sent = 0;

  constructor(transcript: Transcript) {
    this.#transcript = transcript;
  }

  get counts(): Fields {
    return { ...this.#counts };
  }

  async open(fields: Fields = {}): Promise<void> {
    this.opened(await this.#transcript.post('open', { t: 'open', version: 2, nonce, ...fields }));
  }

  /** `opened` came, by whatever way. */
  opened(record: Fields): void {
    this.#id = String(record['id']);
  }

  /** Messages of the server came, and were consumed. */
  took(...contents: readonly Content[]): void {
    for (const content of contents) {
      this.#counts.received += 1;
      this.#counts.sum = nextSum(this.#counts.sum, content);
    }
    this.#counts.ack = this.#counts.received;
  }

  /** The server acknowledged so much of what was sent. */
  heardAck(seen: number): void {
    this.#counts.seen = seen;
  }

  /** Messages were written on a two-way link. */
  wrote(...contents: readonly Content[]): void {
    this.#counts.sent += contents.length;
    for (const content of contents) this.#sent = nextSum(this.#sent, content);
  }

  /** What its counts say besides once it closes. */
  get closing(): Fields {
    return { last: this.#counts.sent, lastSum: this.#sent };
  }

  attach(fields: Fields = {}): Fields {
    this.#n += 1;
    return { t: 'attach', id: this.#id, n: this.#n, instance: 7, ...this.#counts, ...fields };
  }

  /** A body with these messages, the next in order. */
  body(messages: readonly Content[] = [], fields: Fields = {}): Fields {
    const first = this.#counts.sent + 1;
    this.wrote(...messages);
    const m = messages.length === 0 ? {} : { m: messages.map(contentJson) };
    this.#bodies += 1;
    const named = { t: 'body', id: this.#id, n: this.#bodies, instance: 7 };
    return { ...named, first, count: messages.length, ...this.#counts, ...fields, ...m };
  }
}
