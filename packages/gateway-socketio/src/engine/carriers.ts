import type { IncomingMessage, OutgoingHttpHeaders, ServerResponse } from 'node:http';
import { type GatewayHost, onPeerEnded, type RawPublication } from '@everywire/server/internal';

/** What goes to a client, in the form of each transport. */
export interface EngineData {
  /** As it stands in the body of a poll's answer. */
  readonly polled: string;
  /** One WebSocket message each. */
  readonly framed: readonly RawPublication[];
}

/** A GET that waits for packets. */
export class Poll {
  readonly #gateway: GatewayHost;
  readonly #request: IncomingMessage;
  readonly #response: ServerResponse;
  readonly #headers: Readonly<OutgoingHttpHeaders>;

  /** @param headers those that let a page read the answer */
  constructor(
    gateway: GatewayHost,
    request: IncomingMessage,
    response: ServerResponse,
    headers: Readonly<OutgoingHttpHeaders>,
  ) {
    this.#gateway = gateway;
    this.#request = request;
    this.#response = response;
    this.#headers = headers;
  }

  /** Calls back when the client breaks it off, also after it was answered. */
  onGone(gone: () => void): void {
    this.#request.resume();
    this.#response.on('error', () => undefined);
    this.#response.on('close', gone);
    // A browser that left altogether looks the same.
    onPeerEnded(this.#response, gone);
  }

  answer(body: string): void {
    const type = { 'content-type': 'text/plain; charset=UTF-8' };
    this.#gateway.answer(this.#response, { ...this.#headers, ...type }, body);
  }

  destroy(): void {
    this.#response.destroy();
  }
}
