import { type Encoding, encodeRawEvent, type Message, rawFrame } from '@everywire/protocol/internal';

/** One message for the raw links of a topic. Encodes each form once for all of them. */
export class RawPublication {
  readonly #message: Message;
  readonly #id: string | null;
  #event: Uint8Array | null = null;
  readonly #frames: Map<Encoding, Uint8Array> = new Map();

  /** @param id the topic's offset, or `null` if the event cannot be requested again */
  constructor(message: Message, id: string | null) {
    this.#message = message;
    this.#id = id;
  }

  get event(): Uint8Array {
    this.#event ??= encodeRawEvent(this.#message, this.#id);
    return this.#event;
  }

  frame(encoding: Encoding): Uint8Array {
    let frame = this.#frames.get(encoding);
    if (frame === undefined) {
      frame = rawFrame(this.#message, encoding);
      this.#frames.set(encoding, frame);
    }
    return frame;
  }
}
