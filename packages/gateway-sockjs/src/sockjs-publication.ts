import type { GatewayHost, RawPublication } from '@everywire/server/internal';
import { quote } from './quote.js';

/** A message for one or many connections. It is encoded only once in each form, when the form is needed first. */
export class SockJsPublication {
  readonly text: string;
  readonly #host: GatewayHost;
  #quoted: string | null = null;
  #framed: RawPublication | null = null;
  #raw: RawPublication | null = null;

  constructor(host: GatewayHost, text: string) {
    this.#host = host;
    this.text = text;
  }

  /** The message as an item of an array frame. */
  get quoted(): string {
    this.#quoted ??= quote(this.text);
    return this.#quoted;
  }

  /** The message for a WebSocket of sockjs-client. */
  get framed(): RawPublication {
    this.#framed ??= this.#host.publication(`a[${this.quoted}]`);
    return this.#framed;
  }

  /** The message for a plain WebSocket. */
  get raw(): RawPublication {
    this.#raw ??= this.#host.publication(this.text);
    return this.#raw;
  }
}
