import {
  encodeRecord,
  type KeptCarrier,
  type LinkEnd,
  type MessageSource,
  type ServerLink,
  type ServerLinkIo,
  type ServerRecord,
} from '@everywire/protocol/internal';
import type { LinkHost, LiveLink } from '../gathering/link-host.js';
import type { SharedRuns } from '../gathering/shared-runs.js';
import { errorJson, errorLine, frozenJson } from './http-answer.js';
import type { NextTicket } from './tickets.js';

/** Whose link it is. */
export interface DirectLink {
  /** A `post` is answered by one record; a `poll` when there is something to say. */
  readonly kind: 'post' | 'poll';
  readonly transport: string;
  /** A poll's; `null` where no messages go down. */
  readonly runs: SharedRuns | null;
  /** Who asks can read no status: an error is a record with 200 (SN-8). */
  readonly noStatus: boolean;
}

/** The connection an answer goes to. */
export interface AnswerPlace {
  /** What it brought last, if that was of the common kind. */
  carrier: KeptCarrier | null;
  /** `body` has one character a byte. Called once, at the end of the answer's life. */
  answer(status: 200 | 400 | 503, body: string): void;
  destroy(): void;
}

/** What one answer has besides its items. */
export interface AnswerFrame {
  readonly head: string;
  readonly tail: string;
  /** Told behind the head: for the next GET (SN-20). */
  readonly nextTicket: NextTicket;
  /** The answer is over: the ticket gets older from now on. */
  readonly onEnd: (nextTicket: NextTicket) => void;
}

/** One request on a connection that is read by hand: what `PostLink` and a poll's `DownLink` are for Node's responses. */
export class DirectAnswer implements ServerLinkIo, LiveLink {
  readonly link: ServerLink;
  readonly #host: LinkHost;
  readonly #shared: DirectLink;
  readonly #place: AnswerPlace;
  readonly #frame: AnswerFrame | null;
  #body = '';

  constructor(host: LinkHost, shared: DirectLink, place: AnswerPlace, frame: AnswerFrame | null = null) {
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

  writeMessages(source: MessageSource, first: number, last: number): void {
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
    else this.#place.answer(200, frame === null ? this.#body : frame.head + this.#body + frame.tail);
    this.#over();
  }

  /** The client left. */
  gone(): void {
    this.link.ended(this.#host.now());
    this.#over();
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
