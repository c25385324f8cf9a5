import { type Encoding, encodeRawEvent, type Message, rawFrame } from '@everywire/protocol/internal';

/**
 * One message for the raw links (connections without the client library) of a topic. Encodes the message once for all event streams, and
 * once for all WebSockets with the same encoding.
 */
export class RawPublication {
  readonly #message: Message;
  readonly #id: string | null;
  #event: Uint8Array | null = null;
  readonly #frames: Map<Encoding, Uint8Array> = new Map();

  /** @param id the event's id, by which a stream that reconnects continues; `null` if the event cannot be requested again */
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
