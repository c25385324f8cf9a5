import type { ServerResponse } from 'node:http';
import {
  type BodyRecord,
  encodeRecord,
  type LinkEnd,
  type ServerLink,
  type ServerLinkIo,
  type ServerRecord,
} from '@everywire/protocol/internal';
import type { LinkHost, LiveLink } from '../gathering/link-host.js';
import { answer, errorJson, frozenJson, type Say } from './http-answer.js';
import { answerAfter } from './idle-poll-throttle.js';
import type { OriginVerdict } from './origin-policy.js';

/**
 * The link of one POST request that is answered with one record. Some clients cannot read an HTTP status, so every
 * answer about a session has status 200 (SN-8).
 */
export class PostLink implements ServerLinkIo, LiveLink {
  readonly link: ServerLink;
  readonly #response: ServerResponse;
  readonly #origin: OriginVerdict;
  readonly #host: LinkHost;
  readonly #say: Say;
  #record: ServerRecord | null = null;
  /**
   * The record of a request without messages, which may have to wait for its answer; `null` if a message goes in either
   * direction.
   */
  #idleRequest: BodyRecord | null = null;

  constructor(host: LinkHost, response: ServerResponse, origin: OriginVerdict, say: Say = answer) {
    this.#response = response;
    this.#origin = origin;
    this.#host = host;
    this.#say = say;
    this.link = host.registry.link('post', 'post', this);
    response.on('error', () => undefined);
    response.on('close', () => {
      this.link.ended(host.now());
      host.onLinkGone(this);
    });
  }

  /** Records the record of the request. If the request carries no message, the answer may be delayed. */
  asked(record: BodyRecord, messages: number): void {
    if (messages === 0 && !('part' in record)) this.#idleRequest = record;
  }

  destroy(): void {
    this.#response.destroy();
  }

  leave(): void {}

  writeRecord(record: ServerRecord): void {
    this.#record = record;
  }

  /** No-op, because the answer to a POST carries no messages. */
  writeMessages(): void {}

  end(reason: LinkEnd): void {
    const record = this.#record;
    if (record !== null) this.#answer(encodeRecord(record));
    else if (reason === 'frozen') this.#say(this.#response, 503, frozenJson, this.#origin);
    else {
      this.#host.onRefused(400, 'malformed');
      this.#say(this.#response, 400, errorJson('malformed', 'Not a carrier.'), this.#origin);
    }
  }

  #answer(json: string): void {
    const { registry, quiet, wheel, now } = this.#host;
    const idle = this.#idleRequest;
    const ms = idle === null ? 0 : quiet.take(registry.find(idle.id), idle, now());
    answerAfter(ms, wheel, this.#response, () => this.#say(this.#response, 200, json, this.#origin));
  }
}
