import type { IncomingMessage, ServerResponse } from 'node:http';
import { encodeRawHead, rawHeartbeat } from '@everywire/protocol/internal';
import { answer, answerHeaders, errorJson } from '../http/http-answer.js';
import type { OriginVerdict } from '../http/origin-policy.js';
import { onPeerEnded } from '../http/request-gate.js';
import type { AdmissionRefusal } from '../sessions/admission.js';
import type { Claims } from '../wire-session.js';
import { RawCarrier, type RawHost } from './raw-carrier.js';
import type { RawPublication } from './raw-publication.js';
import { rawQuery } from './raw-request.js';
import type { RawTopic } from './raw-topic.js';

/** Statuses after which a browser never reconnects. Used only if another attempt would get the same answer. */
const STATUS: Readonly<Record<Exclude<AdmissionRefusal, 'busy' | 'closing'>, number>> = {
  unauthorized: 401,
  refused: 403,
  topic_invalid: 400,
};

/** The raw link of one plain `EventSource`, which receives one topic. */
export class RawEventStream extends RawCarrier {
  readonly kind = 'event-stream';
  readonly #response: ServerResponse;
  readonly #origin: OriginVerdict;
  /** The id of the last event that the browser has received; empty at first. */
  readonly #lastId: string;
  #state: 'asking' | 'open' | 'ended' = 'asking';
  #topic: RawTopic | null = null;
  /**
   * Whether an event was dropped. No event is sent before this is reported, because the reader could not see the gap.
   */
  #dropped = false;
  /** Called once, when the connection has closed. */
  onGone: (() => void) | null = null;

  constructor(host: RawHost, request: IncomingMessage, response: ServerResponse, origin: OriginVerdict) {
    super(host);
    this.#response = response;
    this.#origin = origin;
    // Node joins a repeated header into one text.
    const lastId = request.headers['last-event-id'] as string | undefined;
    this.#lastId = lastId || rawQuery(request.url ?? '').lastId;
    response.on('error', () => undefined);
    response.on('drain', () => this.#reportDropped());
    response.on('close', () => this.#onClose());
    // Ends the stream when the browser ends its side. If it has left completely, this cannot be distinguished.
    onPeerEnded(response, () => {
      if (this.#state === 'open') this.#end();
      // Gives the place back before the application decides.
      else if (this.#state === 'asking') this.destroy();
    });
  }

  admitted(claims: Claims, topics: readonly string[]): void {
    if (this.#state !== 'asking') return;
    const [topic] = this.joinTopics(claims, topics.slice(0, 1)) as [RawTopic];
    this.#topic = topic;
    this.#begin();
    for (const event of this.#lastId === '' ? [] : topic.since(this.#lastId)) this.gather(event);
    this.awaitHeartbeat();
  }

  refused(code: AdmissionRefusal): void {
    if (this.#state !== 'asking') return;
    if (code === 'busy' || code === 'closing') {
      // An EventSource reconnects after a stream that ended, but never after another status than 200.
      this.#response.writeHead(200, answerHeaders('text/event-stream;charset=utf-8', this.#origin));
      this.#response.write(`retry: ${this.#retryMs()}\n: ${code}\n\n`);
      this.#end();
      return;
    }
    this.#state = 'ended';
    answer(this.#response, STATUS[code], errorJson(code, 'This raw link was refused.'), this.#origin);
  }

  /** Starts the stream. The head has an id, so that the reader can resume even without an event. */
  #begin(): void {
    this.#state = 'open';
    this.#response.writeHead(200, answerHeaders('text/event-stream;charset=utf-8', this.#origin));
    const from = this.#lastId === '' ? (this.#topic as RawTopic).id : '';
    this.#response.write(from === '' ? `retry: ${this.#retryMs()}\n\n` : encodeRawHead(this.#retryMs(), from));
  }

  /** Returns a random time, so that clients that were cut at the same time do not return at the same time. */
  #retryMs(): number {
    return Math.round(this.host.limits.rawRetryMs * (1 + Math.random()));
  }

  reset(event: Uint8Array): void {
    this.#dropped = false;
    if (this.hasRoom(event.length)) this.gather(event);
    else this.fallBehind();
  }

  end(): void {
    if (this.#state === 'asking') this.refused('refused');
    else this.#end();
  }

  leave(): void {
    if (this.#state === 'asking') this.refused('closing');
    else this.#end();
  }

  destroy(): void {
    this.#response.destroy();
  }

  onTimer(): void {
    if (this.#state !== 'open') {
      this.#response.destroy();
      return;
    }
    if (this.endIfExpired()) return;
    if (this.undrained === 0) {
      this.#reportDropped();
      this.put(rawHeartbeat);
    }
    this.awaitHeartbeat();
  }

  override deliver(...given: Parameters<RawCarrier['deliver']>): void {
    if (this.#dropped && given[1] !== 'ephemeral') this.onDropped();
    else super.deliver(...given);
  }

  get open(): boolean {
    return this.#state === 'open';
  }

  protected get undrained(): number {
    return this.#response.writableLength;
  }

  protected bytesOf(publication: RawPublication): Uint8Array {
    return publication.event;
  }

  protected put(bytes: Uint8Array): void {
    this.#response.write(bytes);
  }

  protected putAll(parts: readonly Uint8Array[]): void {
    this.#response.cork();
    for (const part of parts) this.put(part);
    this.#response.uncork();
  }

  protected onDropped(): void {
    this.#dropped = true;
  }

  /**
   * Cuts the connection. The browser reconnects with the id of its last event, and then gets the missing events or a
   * `reset`.
   */
  protected fallBehind(): void {
    this.#response.destroy();
    this.leaveTopics();
  }

  #reportDropped(): void {
    if (!this.#dropped || this.#state !== 'open') return;
    this.#dropped = false;
    this.gather((this.#topic as RawTopic).resetEvent('dropped'));
  }

  #end(): void {
    if (this.#state === 'ended') return;
    this.flush();
    this.#state = 'ended';
    this.leaveTopics();
    this.#response.end();
    this.host.wheel.schedule(this, this.host.limits.lingerMs);
  }

  #onClose(): void {
    this.#state = 'ended';
    this.leaveTopics();
    this.host.wheel.cancel(this);
    this.host.onLinkGone(this);
    this.onGone?.();
  }
}
