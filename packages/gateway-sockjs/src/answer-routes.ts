import type { IncomingMessage, ServerResponse } from 'node:http';
import { type GatewayHost, type OriginVerdict, onPeerEnded, say } from '@everywire/server/internal';
import { allows, notFound, type SockJsAnswers } from './answers.js';
import { callbackOf } from './callback.js';
import { AnswerCarrier, type AnswerForm, answerForms } from './carrier.js';
import { preflight } from './headers.js';
import type { SockJsSettings } from './options.js';
import { parseTexts, Session, type SockJsSessionHost } from './session.js';

/** One request of a session. */
interface Exchange {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly origin: OriginVerdict;
  readonly id: string;
}

/** The longest session id in characters. It is limited, because clients choose ids and the server stores them. */
const ID_LENGTH_MAX = 128;

/** Handles sessions whose frames travel in HTTP responses, and the sends of their clients. */
export class AnswerRoutes {
  readonly #gateway: GatewayHost;
  readonly #settings: SockJsSettings;
  readonly #answers: SockJsAnswers;
  readonly #host: SockJsSessionHost;
  readonly #sessions: Map<string, Session>;

  /** @param sessions the sessions by id; each removes itself through `host.onOver` */
  constructor(
    gateway: GatewayHost,
    settings: SockJsSettings,
    answers: SockJsAnswers,
    host: SockJsSessionHost,
    sessions: Map<string, Session>,
  ) {
    this.#gateway = gateway;
    this.#settings = settings;
    this.#answers = answers;
    this.#host = host;
    this.#sessions = sessions;
  }

  /** Handles a request of a session. @param name the last part of the path, such as `xhr_send` */
  onRequest(request: IncomingMessage, response: ServerResponse, id: string, name: string): void {
    const form = Object.hasOwn(answerForms, name) ? answerForms[name] : undefined;
    const isJsonp = name === 'jsonp' || name === 'jsonp_send';
    if (!this.#serves(name) || id.length > ID_LENGTH_MAX) {
      notFound(response);
      return;
    }
    const origin = this.#answers.originOf(request, response, form?.callback === true);
    if (origin === null) return;
    const method = form?.method ?? 'POST';
    const preflights = method === 'POST' && !isJsonp;
    if (preflights && request.method === 'OPTIONS') response.writeHead(204, preflight(request, origin, method)).end();
    else if (allows(request, response, preflights ? `OPTIONS, ${method}` : method)) {
      const exchange = { request, response, origin, id };
      if (form === undefined) this.#readSend(exchange, isJsonp);
      else this.#listen(exchange, form);
    }
  }

  #serves(name: string): boolean {
    if (name === 'jsonp' || name === 'jsonp_send') return this.#settings.jsonp;
    return name === 'xhr_send' || Object.hasOwn(answerForms, name);
  }

  #listen(exchange: Exchange, form: AnswerForm): void {
    const { request, response, id } = exchange;
    const callback = form.callback ? callbackOf(request.url ?? '') : { name: '' };
    const known = this.#sessions.get(id);
    if ('fault' in callback) this.#answers.refuse(request, response, 500, 'callback', callback.fault);
    else if (known === undefined) this.#begin(exchange, form, callback.name);
    else this.#asSame(exchange, known, () => this.#answerWith(exchange, form, callback.name, known));
  }

  #begin(exchange: Exchange, form: AnswerForm, callback: string): void {
    const { request, response, id } = exchange;
    const remoteAddress = this.#gateway.addressOf(request);
    const refusal = this.#gateway.beginRefusalOf(remoteAddress);
    if (refusal !== null) {
      this.#answers.refuse(request, response, refusal.status, refusal.code, 'Try again later.');
      return;
    }
    const token = this.#settings.tokenOf(request);
    const facts = { transport: form.transport, remoteAddress, origin: request.headers.origin, token, id };
    const session = new Session(this.#host, facts, null);
    this.#sessions.set(id, session);
    this.#answerWith(exchange, form, callback, session);
    this.#gateway.admit(session.facts, session);
  }

  #answerWith({ request, response, origin }: Exchange, form: AnswerForm, callback: string, session: Session): void {
    if (response.destroyed) return;
    const headers = this.#answers.headers(request, origin);
    const carrier = new AnswerCarrier(this.#gateway, form, response, headers, callback, this.#settings.answerBytesMax);
    // Discards the body. A request for frames has no content.
    request.resume();
    response.on('error', () => undefined);
    if (!session.attach(carrier)) return;
    response.on('close', () => session.aborted(carrier));
    // A closed browser ends its half of the connection without aborting the request.
    onPeerEnded(response, () => session.aborted(carrier));
  }

  #readSend(exchange: Exchange, isForm: boolean): void {
    const { request, response } = exchange;
    this.#gateway.readBody(request, this.#gateway.limits.bodyBytesMax, (body) => {
      if (body.kind === 'refused') {
        this.#answers.refuse(request, response, body.status, body.code, 'The body was refused.');
      } else if (body.kind === 'whole') {
        const text = body.bytes.toString('utf8');
        this.#onSend(exchange, isForm ? payloadOf(request, text) : text, isForm);
      }
    });
  }

  #onSend(exchange: Exchange, json: string, isForm: boolean): void {
    const { request, response, id } = exchange;
    const texts = parseTexts(json);
    const session = this.#sessions.get(id);
    if (json === '') this.#answers.refuse(request, response, 500, 'payload', 'Payload expected.');
    else if (texts === null) this.#answers.refuse(request, response, 500, 'broken_json', 'Broken JSON encoding.');
    else if (session === undefined) notFound(response);
    else this.#asSame(exchange, session, () => this.#takeSend(exchange, session, texts, isForm));
  }

  #takeSend(
    { request, response, origin }: Exchange,
    session: Session,
    texts: readonly string[],
    isForm: boolean,
  ): void {
    const { messageBytesMax } = this.#gateway.limits;
    if (texts.some((text) => Buffer.byteLength(text) > messageBytesMax)) {
      this.#answers.refuse(request, response, 413, 'message_too_big', `A message may have ${messageBytesMax} bytes.`);
      return;
    }
    const headers = { ...this.#answers.headers(request, origin), 'content-type': 'text/plain; charset=UTF-8' };
    const done = (): void => {
      if (isForm) say(response, 200, 'ok', headers);
      else response.writeHead(204, headers).end();
    };
    const taken = session.takeSend(texts);
    if (taken === null) this.#answers.refuse(request, response, 503, 'busy', 'Too many messages are pending.');
    else if (taken === undefined) done();
    else taken.then(done);
  }

  /**
   * Resumes a session only for the user who started it, because clients choose the ids and another user may know one.
   */
  #asSame({ request, response, id }: Exchange, session: Session, resume: () => void): void {
    const token = this.#settings.tokenOf(request);
    if (token === session.facts.token) {
      resume();
      return;
    }
    this.#gateway.admit(
      { token, origin: request.headers.origin, remoteAddress: this.#gateway.addressOf(request) },
      {
        admitted: ({ subject }) => {
          // The session may have ended during `authenticate`.
          const isKnown = this.#sessions.get(id) === session;
          if (isKnown && subject === session.claims.subject) resume();
          else notFound(response);
        },
        refused: () => notFound(response),
      },
    );
  }
}

/** Returns the messages of a `jsonp_send` request as JSON: the field `d` of a form, or the whole body of any other type. */
function payloadOf({ headers }: IncomingMessage, body: string): string {
  const isForm = headers['content-type']?.startsWith('application/x-www-form-urlencoded') ?? false;
  return isForm ? (new URLSearchParams(body).get('d') ?? '') : body;
}
