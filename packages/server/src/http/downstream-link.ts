import type { OutgoingHttpHeaders, ServerResponse } from 'node:http';
import type { AttachRecord, LinkEnd, MessageSource, ServerLink, ServerRecord } from '@everywire/protocol/internal';
import { BatchedLink } from '../gathering/batched-link.js';
import type { LinkHost, LiveLink } from '../gathering/link-host.js';
import type { SharedBatches } from '../gathering/shared-batches.js';
import type { ServerLimits } from '../limits.js';
import { chooseWriter } from '../sockets/choose-writer.js';
import { publicWriter } from '../sockets/socket-writer.js';
import type { TimerEntry } from '../timer-wheel.js';
import type { Envelope } from './envelope.js';
import { answer, answerHeaders, answerWithoutStatus, errorJson, frozenJson, type Say } from './http-answer.js';
import type { OriginVerdict } from './origin-policy.js';
import { onPeerEnded } from './request-gate.js';
import { StreamBody } from './stream-body.js';
import type { NextTicket } from './tickets.js';
import type { TransportRow } from './transports.js';

/** The parts of the server that a `DownstreamLink` uses. */
export interface DownstreamHost extends LinkHost {
  readonly directSockets: boolean;
  readonly limits: Pick<ServerLimits, 'lingerMs' | 'streamBytesMax' | 'keptBytesMax' | 'undrainedBytesMax' | 'down'>;
}

const kLink: unique symbol = Symbol('everywire link');
interface LinkedResponse extends ServerResponse {
  [kLink]: DownstreamLink;
}

/**
 * An HTTP answer that carries messages from the server to the client, of any transport. The answer to a poll is sent in
 * one piece, which ends it. A stream starts with its head and continues until the session, the client or the cap (the
 * maximum bytes of a stream) ends it.
 */
export class DownstreamLink extends BatchedLink implements LiveLink, TimerEntry {
  wheelNext: TimerEntry | null = null;
  wheelPrevious: TimerEntry | null = null;
  wheelTick = 0;

  readonly link: ServerLink;
  readonly #host: DownstreamHost;
  readonly #row: TransportRow;
  readonly #response: ServerResponse;
  readonly #origin: OriginVerdict;
  readonly #runs: SharedBatches;
  /** For a stream, from its head on. */
  #body: StreamBody | null = null;
  /** The cap: a stream ends after this many bytes. */
  readonly #cap: number;
  /** The answer to a poll, with one character for each byte. */
  #batch = '';
  #bytes = 0;
  /** Whether the cap is reached, so that the stream ends with the tick. */
  #full = false;
  #ended = false;
  /** The record of a request that names a session; `null` once a message goes either way. */
  #idleRequest: AttachRecord | null = null;
  /** Whether the answer is delayed. */
  #delayed = false;
  /** The ticket for the next GET of a client that came by a ticket, sent after the head (SN-20). */
  readonly #nextTicket: NextTicket | null;
  readonly #envelope: Envelope | null;

  constructor(
    host: DownstreamHost,
    row: TransportRow,
    runs: SharedBatches,
    response: ServerResponse,
    origin: OriginVerdict,
    nextTicket: NextTicket | null = null,
    envelope: Envelope | null = null,
  ) {
    super(runs, host.turn);
    this.#host = host;
    this.#runs = runs;
    this.#row = row;
    this.#cap = row.cap === undefined ? Number.POSITIVE_INFINITY : host.limits[row.cap];
    this.#response = response;
    this.#origin = origin;
    this.#nextTicket = nextTicket;
    this.#envelope = envelope;
    this.link = host.registry.link(row.shape, row.name, this);
    response.on('error', ignore);
    // The request is over, because the client disconnected or has read the last byte.
    response.on('close', onResponseClose);
    (response as LinkedResponse)[kLink] = this;
    // A client that disconnected completely looks the same.
    onPeerEnded(response, () => this.link.peerEnded(host.now()));
  }

  onClose(): void {
    this.#ended = true;
    this.#body?.onClose();
    this.#host.wheel.cancel(this);
    this.link.ended(this.#host.now());
    this.#host.onLinkGone(this);
  }

  destroy(): void {
    this.#response.destroy();
  }

  /** Records a request if it carries no messages, because the rate of such idle requests is limited. */
  asked(record: AttachRecord, messages: number): void {
    if (messages === 0) this.#idleRequest = record;
  }

  override writeMessages(source: MessageSource, first: number, last: number): void {
    this.#idleRequest = null;
    super.writeMessages(source, first, last);
  }

  end(reason: LinkEnd): void {
    if (this.#ended) return;
    super.flush();
    this.#ended = true;
    if (this.#body !== null) this.#body.end(this.#envelope?.tail ?? this.#row.epilogue);
    else if (reason === 'malformed') {
      this.#host.onRefused(400, 'malformed');
      this.#say(this.#response, 400, errorJson('malformed', 'Not a carrier.'), this.#origin);
    } else if (reason === 'frozen') this.#say(this.#response, 503, frozenJson, this.#origin);
    else {
      const { registry, quiet, wheel, now } = this.#host;
      const idle = this.#idleRequest;
      const ms = idle === null ? 0 : quiet.take(registry.find(idle.id), idle, now());
      this.#delayed = ms > 0;
      if (this.#delayed) {
        wheel.schedule(this, ms);
        return;
      }
      this.#endBatch();
    }
    this.#linger();
  }

  /** Cuts the connection after a while, because TCP would retry for a quarter of an hour if the peer has vanished. */
  #linger(): void {
    if (this.#waitingBytes > 0) this.#host.wheel.schedule(this, this.#host.limits.lingerMs);
  }

  get #say(): Say {
    return this.#row.noStatus ? answerWithoutStatus : answer;
  }

  onTimer(): void {
    if (!this.#delayed) {
      this.#response.destroy();
      return;
    }
    this.#delayed = false;
    this.#endBatch();
    this.#linger();
  }

  override flush(): void {
    super.flush();
    if (!this.#full || this.#ended) return;
    // This is a normal end, because only whole messages were written. The client attaches again and continues.
    this.link.ended(this.#host.now());
    this.end('done');
  }

  leave(): void {}

  override writeRecord(record: ServerRecord): void {
    if (this.#row.shape === 'stream') super.writeRecord(record);
    else this.#batch += this.#runs.recordCharacters(record);
    if (record.t === 'attached' && this.#nextTicket !== null)
      this.writeRecord({ t: 'ticket', ticket: this.#nextTicket.text });
  }

  protected put(bytes: Uint8Array): void {
    if (this.#body === null || this.#ended) {
      this.putAll([bytes]);
      return;
    }
    this.#count(bytes.length);
    if (!this.#body.write(bytes, this.#runs)) this.#checkWaiting();
  }

  protected putAll(parts: readonly Uint8Array[]): void {
    if (this.#ended) return;
    if (this.#row.shape === 'poll') {
      for (const part of parts) this.#batch += this.#runs.characters(part);
      return;
    }
    for (const part of parts) this.#count(part.length);
    const writable = this.#response.socket ?? this.#response;
    writable.cork();
    const body = this.#body ?? this.#begin();
    let drained = true;
    for (const part of parts) drained = body.write(part, this.#runs);
    writable.uncork();
    if (!drained) this.#checkWaiting();
  }

  #count(length: number): void {
    this.#bytes += length;
    if (this.#bytes < this.#cap || this.#full) return;
    this.#full = true;
    this.turn.add(this);
  }

  #begin(): StreamBody {
    const body = new StreamBody(this.#response, this.#headers, this.#host.directSockets);
    this.#body = body;
    const prelude = this.#envelope === null ? this.#row.prelude : Buffer.from(this.#envelope.head, 'latin1');
    if (prelude) body.write(prelude, this.#runs);
    return body;
  }

  get #headers(): OutgoingHttpHeaders {
    const headers = answerHeaders(this.#row.encoding.contentType, this.#origin);
    return this.#envelope === null ? headers : { ...headers, ...this.#envelope.headers };
  }

  /** Answers a poll in one piece, so that its length is known. */
  #endBatch(): void {
    const { head = '', tail = '' } = this.#envelope ?? {};
    const body = head + this.#batch + tail;
    this.#batch = '';
    const { socket } = this.#response;
    const writer = socket === null ? publicWriter : chooseWriter(socket, this.#host.directSockets);
    writer.answer(this.#response, this.#headers, body);
  }

  get #waitingBytes(): number {
    return this.#body === null ? this.#response.writableLength : this.#body.waitingBytes;
  }

  /** Cuts a reader that takes nothing while more than a full window and its records wait (SN-3). */
  #checkWaiting(): void {
    const { limits } = this.#host;
    if (this.#waitingBytes <= limits.down.bytes + limits.undrainedBytesMax) return;
    this.#host.onSlowLink();
    this.#response.destroy();
  }
}

/** The event `close` follows, which ends the link. */
function ignore(): void {}

function onResponseClose(this: ServerResponse): void {
  (this as LinkedResponse)[kLink].onClose();
}
