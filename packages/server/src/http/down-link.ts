import type { OutgoingHttpHeaders, ServerResponse } from 'node:http';
import type { AttachRecord, LinkEnd, MessageSource, ServerLink, ServerRecord } from '@everywire/protocol/internal';
import { GatheredLink } from '../gathering/gathered-link.js';
import type { LinkHost, LiveLink } from '../gathering/link-host.js';
import type { SharedRuns } from '../gathering/shared-runs.js';
import type { ServerLimits } from '../limits.js';
import { chooseWay } from '../sockets/choose-way.js';
import { publicWay } from '../sockets/socket-way.js';
import type { WheelEntry } from '../tick-wheel.js';
import type { Envelope } from './envelope.js';
import { answer, answerHeaders, answerWithoutStatus, errorJson, frozenJson, type Say } from './http-answer.js';
import type { OriginVerdict } from './origin-policy.js';
import { onPeerEnded } from './request-gate.js';
import { StreamBody } from './stream-body.js';
import type { NextTicket } from './tickets.js';
import type { TransportRow } from './transports.js';

export interface DownHost extends LinkHost {
  readonly directSockets: boolean;
  readonly limits: Pick<ServerLimits, 'lingerMs' | 'streamBytesMax' | 'keptBytesMax' | 'undrainedBytesMax' | 'down'>;
}

const kLink: unique symbol = Symbol('everywire link');
interface LinkedResponse extends ServerResponse {
  [kLink]: DownLink;
}

/**
 * One HTTP answer that carries messages down, of whatever row. What a poll is told comes in one go and ends it; a stream
 * begins with its head and goes on until the machine, the client or the cap ends it.
 */
export class DownLink extends GatheredLink implements LiveLink, WheelEntry {
  wheelNext: WheelEntry | null = null;
  wheelPrevious: WheelEntry | null = null;
  wheelTick = 0;

  readonly link: ServerLink;
  readonly #host: DownHost;
  readonly #row: TransportRow;
  readonly #response: ServerResponse;
  readonly #origin: OriginVerdict;
  readonly #runs: SharedRuns;
  /** Of a stream, from its head on. */
  #body: StreamBody | null = null;
  /** After so many bytes a stream ends. */
  readonly #cap: number;
  /** What a poll will be answered with: one character a byte. */
  #batch = '';
  #bytes = 0;
  /** The cap is reached: it ends with the turn. */
  #full = false;
  #ended = false;
  /** What a request said that names a session; `null` where a message goes either way. */
  #asked: AttachRecord | null = null;
  /** The answer waits for its time. */
  #delayed = false;
  /** Told behind the head: for the next GET of a client that came by a ticket (SN-20). */
  readonly #nextTicket: NextTicket | null;
  readonly #envelope: Envelope | null;

  constructor(
    host: DownHost,
    row: TransportRow,
    runs: SharedRuns,
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
    // The client left, or took the last byte: either way its request is over, and costs nothing any more.
    response.on('close', onResponseClose);
    (response as LinkedResponse)[kLink] = this;
    // A client that left altogether looks the same.
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

  /** Whether a poll brings anything decides how soon it is answered. */
  asked(record: AttachRecord, messages: number): void {
    if (messages === 0) this.#asked = record;
  }

  override writeMessages(source: MessageSource, first: number, last: number): void {
    this.#asked = null;
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
      const asked = this.#asked;
      const ms = asked === null ? 0 : quiet.take(registry.find(asked.id), asked, now());
      this.#delayed = ms > 0;
      if (this.#delayed) {
        wheel.schedule(this, ms);
        return;
      }
      this.#endBatch();
    }
    this.#linger();
  }

  /** A peer that is gone without a word takes none of it, and TCP would try for a quarter of an hour. */
  #linger(): void {
    if (this.#waitingBytes > 0) this.#host.wheel.schedule(this, this.#host.limits.lingerMs);
  }

  get #say(): Say {
    return this.#row.noStatus ? answerWithoutStatus : answer;
  }

  onWheel(): void {
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
    // Whole messages only were written, so this is an end like any other: the client attaches again and goes on.
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

  /** A poll is answered in one go, so its length is known. */
  #endBatch(): void {
    const { head = '', tail = '' } = this.#envelope ?? {};
    const body = head + this.#batch + tail;
    this.#batch = '';
    const { socket } = this.#response;
    const way = socket === null ? publicWay : chooseWay(socket, this.#host.directSockets);
    way.answer(this.#response, this.#headers, body);
  }

  get #waitingBytes(): number {
    return this.#body === null ? this.#response.writableLength : this.#body.waitingBytes;
  }

  /** More than a full window and what records add to it: for a reader that takes nothing (SN-3). */
  #checkWaiting(): void {
    const { limits } = this.#host;
    if (this.#waitingBytes <= limits.down.bytes + limits.undrainedBytesMax) return;
    this.#host.onSlowLink();
    this.#response.destroy();
  }
}

/** `close` follows, which is where a link ends. */
function ignore(): void {}

function onResponseClose(this: ServerResponse): void {
  (this as LinkedResponse)[kLink].onClose();
}
