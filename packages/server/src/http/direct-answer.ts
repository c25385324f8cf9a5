import {
  type AttachRecord,
  type BodyRecord,
  type CarrierPattern,
  encodeRecord,
  type LinkEnd,
  type MessageSource,
  type ServerLink,
  type ServerLinkIo,
  type ServerRecord,
} from '@everywire/protocol/internal';
import type { LinkHost, LiveLink } from '../gathering/link-host.js';
import type { SharedBatches } from '../gathering/shared-batches.js';
import { createDeadline, type TimerEntry } from '../timer-wheel.js';
import { errorJson, errorLine, frozenJson } from './http-answer.js';
import type { NextTicket } from './tickets.js';

/** Properties shared by the links of one endpoint. */
export interface DirectLink {
  /** A `post` is answered by one record. A `poll` is answered when there is something to send. */
  readonly kind: 'post' | 'poll';
  readonly transport: string;
  /** The encoding of a poll's answer; `null` if the endpoint sends no messages. */
  readonly runs: SharedBatches | null;
  /** Whether the client cannot read a status, so that an error is a record with status 200 (SN-8). */
  readonly noStatus: boolean;
}

/** The connection that an answer is sent on. */
export interface ResponsePosition {
  /** The last request of the connection, if it had the common form. */
  carrier: CarrierPattern | null;
  /** Sends the answer; `body` has one character for each byte. Called once, at the end of the answer's life. */
  answer(status: 200 | 400 | 503, body: string): void;
  destroy(): void;
}

/** The parts of an answer around its items. */
export interface AnswerFrame {
  readonly head: string;
  readonly tail: string;
  /** The ticket for the next GET, sent after the head (SN-20). */
  readonly nextTicket: NextTicket;
  /** Called when the answer is over; the ticket's age counts from then. */
  readonly onEnd: (nextTicket: NextTicket) => void;
}

/**
 * One request on a connection that is parsed directly; corresponds to `PostLink` and a poll's `DownstreamLink` for
 * Node's responses.
 */
export class DirectAnswer implements ServerLinkIo, LiveLink {
  readonly link: ServerLink;
  readonly #host: LinkHost;
  readonly #shared: DirectLink;
  readonly #place: ResponsePosition;
  readonly #frame: AnswerFrame | null;
  #body = '';
  /** The record of a request that names a session; `null` once a message goes either way. */
  #idleRequest: AttachRecord | BodyRecord | null = null;
  /** Timer of a delayed answer. */
  #delay: TimerEntry | null = null;

  constructor(host: LinkHost, shared: DirectLink, place: ResponsePosition, frame: AnswerFrame | null = null) {
    this.#host = host;
    this.#shared = shared;
    this.#place = place;
    this.#frame = frame;
    this.link = host.registry.link(shared.kind, shared.transport, this);
  }

  writeRecord(record: ServerRecord): void {
    const { runs, noStatus } = this.#shared;
    if (runs === null) {
      this.#body = `${Buffer.from(encodeRecord(record)).toString('latin1')}${noStatus ? '\n' : ''}`;
      return;
    }
    const text = runs.recordCharacters(record);
    this.#body = this.#body === '' ? text : this.#body + text;
    if (record.t === 'attached' && this.#frame !== null)
      this.#body += runs.recordCharacters({ t: 'ticket', ticket: this.#frame.nextTicket.text });
  }

  /** Records a request if it carries no messages, because the rate of such idle requests is limited. */
  asked(record: AttachRecord | BodyRecord, messages: number): void {
    if (messages === 0 && !('part' in record)) this.#idleRequest = record;
  }

  writeMessages(source: MessageSource, first: number, last: number): void {
    this.#idleRequest = null;
    const { runs } = this.#shared;
    if (runs === null) return;
    const joined = runs.joined(source, first, last);
    if (joined !== null) {
      this.#body = runs.behind(this.#body, runs.characters(joined));
      return;
    }
    for (let number = first; number <= last; number++)
      this.#body += runs.characters(runs.encoding.encodeMessage(source.messageAt(number)));
  }

  end(reason: LinkEnd): void {
    const frame = this.#frame;
    if (reason === 'malformed') {
      this.#host.onRefused(400, 'malformed');
      this.#refuse(400, errorJson('malformed', 'Not a carrier.'));
    } else if (reason === 'frozen') this.#refuse(503, frozenJson);
    else if (this.#waits(frame === null ? this.#body : frame.head + this.#body + frame.tail)) return;
    this.#over();
  }

  /** Answers now, or later if the session sends idle requests too fast. Returns whether the answer waits. */
  #waits(body: string): boolean {
    const { registry, quiet, wheel, now } = this.#host;
    const idle = this.#idleRequest;
    const ms = idle === null ? 0 : quiet.take(registry.find(idle.id), idle, now());
    if (ms === 0) this.#place.answer(200, body);
    else {
      this.#delay = createDeadline(() => {
        this.#place.answer(200, body);
        this.#over();
      });
      wheel.schedule(this.#delay, ms);
    }
    return ms > 0;
  }

  /** Handles a client that has disconnected. */
  gone(): void {
    if (this.#delay !== null) this.#host.wheel.cancel(this.#delay);
    this.link.ended(this.#host.now());
    this.#over();
  }

  peerEnded(): void {
    if (this.#shared.kind === 'poll') this.link.peerEnded(this.#host.now());
  }

  leave(): void {}

  destroy(): void {
    this.#place.destroy();
  }

  #refuse(status: 400 | 503, json: string): void {
    if (this.#shared.noStatus) this.#place.answer(200, errorLine(json));
    else this.#place.answer(status, json);
  }

  #over(): void {
    this.#frame?.onEnd(this.#frame.nextTicket);
    this.#host.onLinkGone(this);
  }
}
