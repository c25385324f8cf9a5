import type { GatewayHost, RawPublication } from '@everywire/server/internal';
import { quote } from './quote.js';

/** One message on its way to connections, put into each of its forms once for all of them. */
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

  /** As it stands in an array frame. */
  get quoted(): string {
    this.#quoted ??= quote(this.text);
    return this.#quoted;
  }

  /** For a WebSocket of sockjs-client. */
  get framed(): RawPublication {
    this.#framed ??= this.#host.publication(`a[${this.quoted}]`);
    return this.#framed;
  }

  /** For a plain WebSocket. */
  get raw(): RawPublication {
    this.#raw ??= this.#host.publication(this.text);
    return this.#raw;
  }
}
