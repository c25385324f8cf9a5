import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import type { WebSocketServer } from 'ws';
import { documentPage } from './document-page.js';
import { echoOver } from './echo.js';
import { examplePage, examples } from './examples.js';
import { indexPage } from './index-page.js';
import { languageOf } from './language.js';
import { News } from './news.js';
import type { ClassicOptions } from './options.js';
import { createStreams } from './streams.js';

/** The maximum number of open connections of one port. Further connections are closed. */
const CONNECTIONS_MAX = 1_000;
/** The accepted names of a JSONP callback: a function or a member such as `page.show`. Anything else could inject a script. */
const CALLBACK = /^[A-Za-z_$][\w$]*(?:\.[A-Za-z_$][\w$]*)*$/;
const CALLBACK_LENGTH_MAX = 128;

/** How long open connections may stay when the server closes. */
const END_MS = 2_000;

/** The maximum number of unanswered requests of one connection. A connection that exceeds it is destroyed. Browsers send one at a time. */
const REQUESTS_MAX = 16;

type Route = (request: IncomingMessage, response: ServerResponse, url: URL) => void;

/** One port of the examples. */
export interface ClassicServer {
  readonly http: Server;
  /** Ends streams, held polls and WebSockets, and stops listening. After 2 s it cuts the connections that are left. */
  close(): void;
}

/**
 * Creates the server of one port: over HTTP it answers the requests that tutorials send, and it echoes over WebSocket on any
 * path. Does not listen yet.
 */
export function createClassicServer(options: ClassicOptions): ClassicServer {
  const news = new News(options.intervalMs);
  const streams = createStreams(options);
  const routes = routesOf(options, news, streams);
  const unansweredOf = new WeakMap<Socket, number>();
  const http = createServer((request, response) => {
    const { socket } = request;
    const unanswered = (unansweredOf.get(socket) ?? 0) + 1;
    unansweredOf.set(socket, unanswered);
    response.on('close', () => unansweredOf.set(socket, (unansweredOf.get(socket) ?? 0) - 1));
    if (unanswered > REQUESTS_MAX) socket.destroy();
    else answer(routes, request, response);
  });
  http.maxConnections = CONNECTIONS_MAX;
  const sockets = echoOver(http);
  return {
    http,
    close: () => {
      news.end();
      streams.end();
      end(http, sockets);
    },
  };
}

/** Creates a server that echoes over WebSocket and serves nothing else. */
export function createEchoServer(): ClassicServer {
  const http = createServer((_request, response) => text(response, 426, 'This port speaks WebSocket.'));
  http.maxConnections = CONNECTIONS_MAX;
  const sockets = echoOver(http);
  return {
    http,
    close: () => end(http, sockets),
  };
}

/** Gives clients a moment to answer and to read pending data, then cuts the remaining connections. */
function end(http: Server, sockets: WebSocketServer): void {
  for (const socket of sockets.clients) socket.close(1001);
  sockets.close();
  http.close();
  http.closeIdleConnections();
  const cut = (): void => {
    for (const socket of sockets.clients) socket.terminate();
    http.closeAllConnections();
  };
  // The timer alone does not keep the process running. Only open connections do, and they need the cut.
  setTimeout(cut, END_MS).unref();
}

function answer(routes: ReadonlyMap<string, Route>, request: IncomingMessage, response: ServerResponse): void {
  response.setHeader('Cache-Control', 'no-store');
  response.setHeader('X-Content-Type-Options', 'nosniff');
  // Discards the body of the request. No example uses it.
  request.resume();
  const url = URL.canParse(request.url ?? '', 'http://classic') ? new URL(request.url ?? '', 'http://classic') : null;
  const route = url && routes.get(url.pathname);
  if (!url || !route) {
    text(response, 404, `Not found. There are: ${[...routes.keys()].join(' ')}`);
    return;
  }
  if (!['GET', 'HEAD', 'POST', 'OPTIONS'].includes(request.method ?? '')) {
    response.setHeader('Allow', 'GET, HEAD, POST, OPTIONS');
    text(response, 405, 'Ask with GET or POST.');
    return;
  }
  route(request, response, url);
}

function routesOf(
  options: ClassicOptions,
  news: News,
  streams: ReturnType<typeof createStreams>,
): ReadonlyMap<string, Route> {
  const isHeld = options.variants.has('long-polling');
  const routes = new Map<string, Route>([
    ['/', (request, response, url) => html(response, indexPage(options, languageOf(request, url)))],
    ['/docs/transports', (request, response, url) => html(response, documentPage(languageOf(request, url)))],
    [
      '/time',
      (_request, response) => {
        if (!isHeld) return text(response, 200, now());
        response.on(
          'close',
          news.next(() => text(response, 200, now())),
        );
      },
    ],
    ['/stream', (_request, response) => streams.plain(response)],
    ['/htmlfile', (_request, response) => streams.htmlfile(response)],
    ['/evt', (request, response) => streams.events(request, response)],
    [
      '/cors',
      (_request, response) => {
        response.setHeader('Access-Control-Allow-Origin', options.origin);
        response.setHeader('Access-Control-Allow-Headers', '*');
        response.setHeader('Vary', 'Origin');
        text(response, 200, now());
      },
    ],
    ['/jsonp', (_request, response, url) => jsonp(response, url.searchParams.get('cb') ?? '')],
  ]);
  for (const example of examples)
    routes.set(`/examples/${example.name}`, (_request, response) => html(response, examplePage(example)));
  return routes;
}

function jsonp(response: ServerResponse, callback: string): void {
  if (callback.length > CALLBACK_LENGTH_MAX || !CALLBACK.test(callback)) {
    text(response, 400, 'cb must be the name of a function, such as show or page.show.');
    return;
  }
  response.setHeader('Content-Type', 'text/javascript; charset=utf-8');
  response.end(`${callback}(${JSON.stringify(now())});`);
}

function now(): string {
  return new Date().toISOString();
}

function text(response: ServerResponse, status: number, body: string): void {
  response.writeHead(status, { 'Content-Type': 'text/plain; charset=utf-8' }).end(body);
}

function html(response: ServerResponse, page: { readonly html: string; readonly policy: string }): void {
  response
    .writeHead(200, { 'Content-Type': 'text/html; charset=utf-8', 'Content-Security-Policy': page.policy })
    .end(page.html);
}
