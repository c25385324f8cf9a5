import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { type GatewayHost, GatewayTopics } from '@everywire/server/internal';
import { AnswerRoutes } from './answer-routes.js';
import { notFound, SockJsAnswers } from './answers.js';
import type { SockJsSettings } from './options.js';
import { PageRoutes } from './page-routes.js';
import { Session, type SockJsSessionHost } from './session.js';
import { SockJsPublication } from './sockjs-publication.js';

/**
 * Matches `server/session/transport`. The first part has no meaning for this gateway; clients choose it for load
 * balancers.
 */
const SESSION = /^[^/.]+\/([^/.]+)\/([a-z_]+)$/;
const FRAME_PAGE = /^iframe[\w.-]*\.html$/;

/** Routes all requests of the SockJS protocol under one path: the pages, the polls and streams, and the WebSockets. */
export class SockJsRoutes {
  readonly #gateway: GatewayHost;
  readonly #settings: SockJsSettings;
  readonly #host: SockJsSessionHost;
  readonly #pages: PageRoutes;
  readonly #ofAnswers: AnswerRoutes;

  constructor(gateway: GatewayHost, settings: SockJsSettings) {
    this.#gateway = gateway;
    this.#settings = settings;
    const sessions = new Map<string, Session>();
    this.#host = {
      gateway,
      topics: createTopics(gateway),
      onConnection: settings.onConnection,
      heartbeatMs: settings.heartbeatMs,
      disconnectMs: settings.disconnectMs,
      onOver: (session) => {
        const { id } = session.facts;
        if (id !== undefined && sessions.get(id) === session) sessions.delete(id);
      },
    };
    const answers = new SockJsAnswers(gateway, settings.cookie);
    this.#pages = new PageRoutes(gateway, settings, answers);
    this.#ofAnswers = new AnswerRoutes(gateway, settings, answers, this.#host, sessions);
  }

  onRequest(request: IncomingMessage, response: ServerResponse, name: string): void {
    const [, id = '', transport = ''] = SESSION.exec(name) ?? [];
    if (name === '') this.#pages.greet(request, response);
    else if (name === 'info') this.#pages.inform(request, response);
    else if (FRAME_PAGE.test(name)) this.#pages.showFramePage(request, response);
    else if (name === 'websocket' || transport === 'websocket') this.#pages.refuseWebSocket(request, response);
    else if (id === '') notFound(response);
    else this.#ofAnswers.onRequest(request, response, id, transport);
  }

  onUpgrade(request: IncomingMessage, duplex: Duplex, head: Buffer, name: string): void {
    const socket = duplex as Socket;
    const isRaw = name === 'websocket';
    const refusal = this.#refusalOf(request, isRaw || SESSION.exec(name)?.[2] === 'websocket');
    if (refusal !== null) {
      this.#gateway.refuseUpgrade(request, socket, refusal.status, refusal.code);
      return;
    }
    const token = this.#settings.tokenOf(request);
    const { origin } = request.headers;
    const remoteAddress = this.#gateway.addressOf(request);
    const transport = isRaw ? 'websocket-raw' : 'websocket';
    this.#gateway.accept(request, socket, head, (carrier) => {
      const session = new Session(this.#host, { transport, remoteAddress, origin, token, id: undefined }, carrier);
      this.#gateway.admit(session.facts, session);
      return { onMessage: (data) => session.onSocketMessage(data), onGone: () => session.onGone() };
    });
  }

  #refusalOf(
    request: IncomingMessage,
    isWebSocket: boolean,
  ): { readonly status: number; readonly code: string } | null {
    if (!isWebSocket || !this.#settings.websocket) return { status: 404, code: 'not_found' };
    const origin = this.#gateway.origins.check(request);
    if (origin.kind === 'refused') {
      this.#gateway.onOriginRefused(origin.origin);
      return { status: 403, code: 'origin_refused' };
    }
    return this.#gateway.beginRefusalOf(this.#gateway.addressOf(request));
  }
}

function createTopics(gateway: GatewayHost): GatewayTopics<SockJsPublication> {
  return new GatewayTopics(gateway, (data) => {
    if (typeof data === 'string') return new SockJsPublication(gateway, data);
    gateway.onNotice('text_only', 'Bytes were published to a topic of SockJS connections, which carry only text.');
    return null;
  });
}
