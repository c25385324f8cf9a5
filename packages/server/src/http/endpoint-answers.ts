import type { OutgoingHttpHeaders } from 'node:http';
import { answerHead, dateLine, inOnePiece, wholeAnswer } from './answer-text.js';
import { answerHeaders } from './http-answer.js';
import type { OriginVerdict } from './origin-policy.js';

/** The headers of an endpoint's answers with status 200. */
export interface AnswerKind {
  readonly contentType: string;
  readonly headers?: OutgoingHttpHeaders;
}

/**
 * Creates answers with status 200 of one endpoint to pages of one origin. Equal answers within a second share one text.
 */
export class EndpointAnswers {
  readonly #kind: AnswerKind;
  readonly origin: OriginVerdict;
  #date = '';
  #keepMs = -1;
  /** The head of the answer up to the value of its length. The same text is used within a second. */
  #head = '';
  #body: string | null = null;
  #answer = '';

  constructor(kind: AnswerKind, origin: OriginVerdict) {
    this.#kind = kind;
    this.origin = origin;
  }

  /**
   * Returns a complete answer.
   *
   * @param keepMs how long the connection is kept, by the server's current setting
   * @param body one character for each byte
   */
  ok(keepMs: number, body: string): string {
    const date = dateLine();
    if (this.#date !== date || this.#keepMs !== keepMs) {
      this.#date = date;
      this.#keepMs = keepMs;
      const headers = answerHeaders(this.#kind.contentType, this.origin);
      this.#head = inOnePiece(answerHead(200, Object.assign(headers, this.#kind.headers), keepMs));
    } else if (this.#body === body) return this.#answer;
    this.#body = body;
    this.#answer = wholeAnswer(this.#head, body);
    return this.#answer;
  }
}

/**
 * Returns a cache of the answers of each endpoint, for one origin: the latest, because most pages that poll have one
 * origin.
 */
export function createAnswers(): (kind: AnswerKind, origin: OriginVerdict) => EndpointAnswers {
  const latest = new Map<AnswerKind, EndpointAnswers>();
  return (kind, origin) => {
    const known = latest.get(kind);
    if (known !== undefined && isSame(known.origin, origin)) return known;
    const answers = new EndpointAnswers(kind, origin);
    latest.set(kind, answers);
    return answers;
  };
}

function isSame(one: OriginVerdict, other: OriginVerdict): boolean {
  if (one.kind !== 'cross' || other.kind !== 'cross') return one.kind === other.kind;
  return one.origin === other.origin;
}
