import type { IncomingMessage, ServerResponse } from 'node:http';
import { corsHeaders, type GatewayHost, NEVER_KEPT, say } from '@everywire/server/internal';
import { allows, notFound, type SockJsAnswers } from './answers.js';
import { keptLong, preflight } from './headers.js';
import type { SockJsSettings } from './options.js';
import { createFramePage, type FramePage, infoJson } from './pages.js';

/**
 * Handles the requests that do not belong to a session: the greeting, `info`, the page for an iframe, and WebSocket
 * requests without an upgrade.
 */
export class PageRoutes {
  readonly #gateway: GatewayHost;
  readonly #settings: SockJsSettings;
  readonly #answers: SockJsAnswers;
  readonly #framePage: FramePage | null;

  constructor(gateway: GatewayHost, settings: SockJsSettings, answers: SockJsAnswers) {
    this.#gateway = gateway;
    this.#settings = settings;
    this.#answers = answers;
    this.#framePage = settings.clientUrl === undefined ? null : createFramePage(settings.clientUrl);
  }

  greet(request: IncomingMessage, response: ServerResponse): void {
    if (allows(request, response, 'GET')) say(response, 200, 'Welcome to SockJS!\n', NEVER_KEPT);
  }

  inform(request: IncomingMessage, response: ServerResponse): void {
    const origin = this.#answers.originOf(request, response, false);
    if (origin === null) return;
    if (request.method === 'OPTIONS') response.writeHead(204, preflight(request, origin, 'GET')).end();
    else if (allows(request, response, 'OPTIONS, GET')) {
      const { websocket, cookie } = this.#settings;
      const headers = {
        ...NEVER_KEPT,
        ...corsHeaders(request, origin),
        'content-type': 'application/json; charset=UTF-8',
      };
      say(response, 200, infoJson(websocket, cookie), headers);
    }
  }

  showFramePage(request: IncomingMessage, response: ServerResponse): void {
    const page = this.#framePage;
    if (page === null) notFound(response);
    else if (allows(request, response, 'GET')) {
      const { ancestors } = this.#gateway.origins.embedding(request);
      const headers = { ...keptLong(), etag: page.etag, 'content-security-policy': page.policy(ancestors) };
      if (request.headers['if-none-match'] === page.etag) response.writeHead(304, headers).end();
      else say(response, 200, page.html, { ...headers, 'content-type': 'text/html; charset=UTF-8' });
    }
  }

  /** Rejects a request for a WebSocket that is no upgrade, or whose headers a proxy has changed. */
  refuseWebSocket(request: IncomingMessage, response: ServerResponse): void {
    if (!this.#settings.websocket) notFound(response);
    else if (allows(request, response, 'GET')) {
      const upgrades = request.headers.upgrade?.toLowerCase() === 'websocket';
      const text = upgrades ? '"Connection" must be "Upgrade".' : 'Can "Upgrade" only to "WebSocket".';
      this.#answers.refuse(request, response, 400, 'upgrade_required', text);
    }
  }
}
