import type { IncomingMessage, OutgoingHttpHeaders, ServerResponse } from 'node:http';
import { type GatewayHost, onPeerEnded, type RawPublication } from '@everywire/server/internal';

/** Data for a client, encoded for each transport. */
export interface EngineData {
  /** The encoding in the body of a poll response. */
  readonly polled: string;
  /** The WebSocket messages. */
  readonly framed: readonly RawPublication[];
}

/** A poll: a GET whose response waits until there are packets for the client. */
export class Poll {
  readonly #gateway: GatewayHost;
  readonly #request: IncomingMessage;
  readonly #response: ServerResponse;
  readonly #headers: Readonly<OutgoingHttpHeaders>;

  /** @param headers the CORS headers of the response */
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

  /** Calls back when the client aborts the request, even after the response. */
  onGone(gone: () => void): void {
    this.#request.resume();
    this.#response.on('error', () => undefined);
    this.#response.on('close', gone);
    // A browser that was closed ends only its half of the connection, which counts as an abort too.
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
