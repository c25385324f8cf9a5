import {
  encodeRecord,
  type LinkEnd,
  type MessageSource,
  type ServerLink,
  type ServerLinkIo,
  type ServerRecord,
} from '@everywire/protocol/internal';
import type { LinkHost, LiveLink } from '../gathering/link-host.js';
import type { SharedRuns } from '../gathering/shared-runs.js';
import { errorJson, frozenJson } from './http-answer.js';

/** Whose link it is. */
export interface DirectLink {
  /** A `post` is answered by one record; a `poll` when there is something to say. */
  readonly kind: 'post' | 'poll';
  readonly transport: string;
  /** A poll's; `null` where no messages go down. */
  readonly runs: SharedRuns | null;
}

/** The connection an answer goes to. */
export interface AnswerPlace {
  /** `body` has one character a byte. Called once, at the end of the answer's life. */
  answer(status: 200 | 400 | 503, body: string): void;
  destroy(): void;
}

/** One POST on a connection whose requests are read by hand: what `PostLink` and a poll's `DownLink` are for Node's responses. */
export class DirectAnswer implements ServerLinkIo, LiveLink {
  readonly link: ServerLink;
  readonly #host: LinkHost;
  readonly #runs: SharedRuns | null;
  readonly #place: AnswerPlace;
  #body = '';

  constructor(host: LinkHost, { kind, transport, runs }: DirectLink, place: AnswerPlace) {
    this.#host = host;
    this.#runs = runs;
    this.#place = place;
    this.link = host.registry.link(kind, transport, this);
  }

  writeRecord(record: ServerRecord): void {
    this.#body += this.#runs?.recordCharacters(record) ?? Buffer.from(encodeRecord(record)).toString('latin1');
  }

  writeMessages(source: MessageSource, first: number, last: number): void {
    const runs = this.#runs;
    if (runs === null) return;
    const joined = runs.joined(source, first, last);
    if (joined !== null) {
      this.#body += runs.characters(joined);
      return;
    }
    for (let number = first; number <= last; number++)
      this.#body += runs.characters(runs.encoding.encodeMessage(source.messageAt(number)));
  }

  end(reason: LinkEnd): void {
    if (reason === 'malformed') {
      this.#host.onRefused(400, 'malformed');
      this.#place.answer(400, errorJson('malformed', 'Not a carrier.'));
    } else if (reason === 'frozen') this.#place.answer(503, frozenJson);
    else this.#place.answer(200, this.#body);
    this.#host.onLinkGone(this);
  }

  /** The client left. */
  gone(): void {
    this.link.ended(this.#host.now());
    this.#host.onLinkGone(this);
  }

  leave(): void {}

  destroy(): void {
    this.#place.destroy();
  }
}
