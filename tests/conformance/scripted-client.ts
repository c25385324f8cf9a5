import { type Content, contentJson, type Fields, nextSum } from '../../packages/conformance/src/item.js';
import type { Transcript } from './transcript.js';

/** The nonce of all transcripts. */
export const nonce = 'Qr8n2kTq0bJ5vXhYw3LmZA';

/** The client of a transcript. Keeps the session id and correct counts, and builds the records that a scene sends. */
export class ScriptedClient {
  readonly #transcript: Transcript;
  #id = '';
  #counts = { ack: 0, received: 0, seen: 0, sent: 0, sum: 0 };
  #n = 0;
  #bodies = 0;
  /** Checksum of the sent messages. */
  #sentSum = 0;

  constructor(transcript: Transcript) {
    this.#transcript = transcript;
  }

  /** The current counts, which each record states. */
  get counts(): Fields {
    return { ...this.#counts };
  }

  /** Opens a session by POST. */
  async open(fields: Fields = {}): Promise<void> {
    this.useSession(await this.#transcript.post('open', { t: 'open', version: 2, nonce, ...fields }));
  }

  /** Uses the session of an `opened` record, whichever link delivered it. */
  useSession(record: Fields): void {
    this.#id = String(record['id']);
  }

  /** Counts messages of the server as received and acknowledged. */
  receive(...contents: readonly Content[]): void {
    for (const content of contents) {
      this.#counts.received += 1;
      this.#counts.sum = nextSum(this.#counts.sum, content);
    }
    this.#counts.ack = this.#counts.received;
  }

  /** Notes how many messages the server has acknowledged. */
  receiveAck(seen: number): void {
    this.#counts.seen = seen;
  }

  /** Counts messages that were sent on a two-way link. */
  send(...contents: readonly Content[]): void {
    this.#counts.sent += contents.length;
    for (const content of contents) this.#sentSum = nextSum(this.#sentSum, content);
  }

  /** Returns the additional counts of a client that closes. */
  get closing(): Fields {
    return { last: this.#counts.sent, lastSum: this.#sentSum };
  }

  /** Returns an attach record with the next number. */
  attach(fields: Fields = {}): Fields {
    this.#n += 1;
    return { t: 'attach', id: this.#id, n: this.#n, instance: 7, ...this.#counts, ...fields };
  }

  /** Returns a body record with these messages, numbered after the previous ones. */
  body(messages: readonly Content[] = [], fields: Fields = {}): Fields {
    const first = this.#counts.sent + 1;
    this.send(...messages);
    const m = messages.length === 0 ? {} : { m: messages.map(contentJson) };
    this.#bodies += 1;
    const named = { t: 'body', id: this.#id, n: this.#bodies, instance: 7 };
    return { ...named, first, count: messages.length, ...this.#counts, ...fields, ...m };
  }
}
