import type { IncomingMessage, ServerResponse } from 'node:http';
import {
  type AttachRecord,
  type ControlRecord,
  type Message,
  parseJsonBody,
  type ServerRecord,
} from '@everywire/protocol/internal';
import { accepts } from './accepts.js';
import { bearerOf } from './bearer.js';
import { createDirectEndpoint } from './direct-endpoint.js';
import { type DownHost, DownLink } from './down-link.js';
import { answer, answerAndClose, answerHeaders, answerPreflight, errorJson } from './http-answer.js';
import { readBody } from './http-body.js';
import type { ServerLimits } from './limits.js';
import type { LiveLink } from './link-host.js';
import type { OriginPolicy, OriginVerdict } from './origin-policy.js';
import { Pace } from './pace.js';
import type { DirectEndpoint } from './post-connection.js';
import type { PostConnections } from './post-connections.js';
import { PostLink } from './post-link.js';
import type { SharedRuns } from './shared-runs.js';
import type { Tickets } from './tickets.js';
import { type TransportRow, transports } from './transports.js';

export interface RequestOptions {
  readonly host: DownHost;
  readonly limits: ServerLimits;
  readonly policy: OriginPolicy;
  readonly tickets: Tickets;
  readonly runsOf: (row: TransportRow) => SharedRuns;
  readonly onOriginRefused: (origin: string) => void;
  readonly onLink: (link: LiveLink) => void;
  readonly addressOf: (request: IncomingMessage) => string;
  readonly connections: PostConnections;
}

/** One request under the prefix, its origin checked. */
interface Exchange {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly origin: OriginVerdict;
  readonly onRefused: DownHost['onRefused'];
}

interface Endpoint {
  readonly methods: readonly ('GET' | 'POST')[];
  readonly bytesMax: number;
  /** A POST whose body was read. `false`: that record has no business here. */
  readonly onRecord: (exchange: Exchange, record: ControlRecord, messages: readonly Message[]) => boolean;
  readonly onGet?: (exchange: Exchange) => void;
  /** How its POSTs are taken on a connection that is read by hand. */
  readonly direct?: DirectEndpoint;
}

/** All that comes by HTTP: who may, which endpoint, which method, how large; then the link of that endpoint takes over. */
export function createRequests(
  options: RequestOptions,
): (request: IncomingMessage, response: ServerResponse, name: string) => void {
  const { host, limits, policy } = options;
  const endpoints = createEndpoints(options);
  const onRefused = (status: number, code: string): void => host.onRefused(status, code);

  function onRequest(request: IncomingMessage, response: ServerResponse, name: string): void {
    const origin = policy.check(request);
    const exchange = { request, response, origin, onRefused };
    if (origin.kind === 'refused') {
      options.onOriginRefused(origin.origin);
      fail(exchange, 403, 'origin_refused', 'This origin may not connect here.');
      return;
    }
    const endpoint = endpoints.get(name);
    if (endpoint === undefined) {
      onNoEndpoint(exchange, name);
      return;
    }
    if (request.method === 'OPTIONS') {
      answerPreflight(response, origin);
      return;
    }
    const method = endpoint.methods.find((allowed) => allowed === request.method);
    if (method === undefined) {
      fail(exchange, 405, 'method_not_allowed', `Allowed: ${endpoint.methods.join(', ')}.`);
      return;
    }
    if (method === 'GET') {
      endpoint.onGet?.(exchange);
      return;
    }
    if (endpoint.direct !== undefined) options.connections.onRequest(request, response, endpoint.direct, origin);
    readBody(request, { bytesMax: endpoint.bytesMax, times: limits }, host.wheel, (body) => {
      if (body.kind === 'refused') fail(exchange, body.status, body.code, 'The body was not taken.');
      else if (body.kind === 'whole') onBody(exchange, endpoint, body.bytes);
    });
  }

  function onBody(exchange: Exchange, endpoint: Endpoint, bytes: Buffer): void {
    const body = parseJsonBody(bytes, { bodyBytesMax: endpoint.bytesMax, messagesMax: limits.batchMessagesMax });
    if (typeof body === 'string') {
      const status = body === 'too_big' || body === 'too_many' ? 413 : 400;
      fail(exchange, status, body === 'ignored' ? 'malformed' : body, 'Not a carrier.');
      return;
    }
    if (body.messages.some((message) => message.byteLength > limits.messageBytesMax)) {
      fail(exchange, 413, 'message_too_big', 'A message is above the announced limit.');
      return;
    }
    host.turn.begin();
    const taken = endpoint.onRecord(exchange, body.record, body.messages);
    if (!taken) fail(exchange, 400, 'malformed', 'Not for this endpoint.');
  }

  return onRequest;
}

function createEndpoints(options: RequestOptions): ReadonlyMap<string, Endpoint> {
  const { host, limits, tickets, onLink } = options;
  const endpoints = new Map<string, Endpoint>();

  endpoints.set('open', {
    methods: ['POST'],
    bytesMax: limits.smallBodyBytesMax,
    onRecord: ({ request, response, origin }, record, messages) => {
      if (record.t !== 'open') return false;
      const post = new PostLink(host, response, origin);
      onLink(post);
      const bearer = bearerOf(request);
      const remoteAddress = options.addressOf(request);
      host.open(post.link, record, messages, { bearer, origin: request.headers.origin, remoteAddress });
      return true;
    },
  });

  endpoints.set('up', {
    methods: ['POST'],
    bytesMax: limits.bodyBytesMax,
    direct: createDirectEndpoint({ ...options, kind: 'post', transport: 'post', runs: null }),
    onRecord: ({ response, origin }, record, messages) => {
      if (record.t !== 'body' && record.t !== 'fail') return false;
      const post = new PostLink(host, response, origin);
      onLink(post);
      post.link.record(record, messages, host.turn.time);
      return true;
    },
  });

  endpoints.set('ticket', {
    methods: ['POST'],
    bytesMax: limits.smallBodyBytesMax,
    onRecord: ({ response, origin }, record) => {
      if (record.t !== 'attach') return false;
      // Without a session there is nothing to hold a place for, and a stranger costs nothing.
      const known = host.registry.find(record.id) !== undefined;
      const told = known ? { t: 'ticket', ticket: tickets.issue(record) } : { t: 'refused', code: 'unknown' };
      answer(response, 200, JSON.stringify(told), origin);
      return true;
    },
  });

  for (const row of transports) endpoints.set(row.name, createDownEndpoint(row, options));
  return endpoints;
}

function createDownEndpoint(row: TransportRow, options: RequestOptions): Endpoint {
  const { host, limits, tickets, onLink } = options;
  const runs = options.runsOf(row);
  const pace = new Pace(limits.shortPollMs);

  /** Nothing of one that comes too soon reaches the session, so nothing of it is lost: its client comes again with it (SN-34). */
  function onAttach(exchange: Exchange, record: AttachRecord, messages: readonly Message[]): void {
    const session = row.paced && host.registry.find(record.id);
    const ms = session ? pace.take(session, host.turn.time) : 0;
    if (ms > 0) answerLine(exchange, { t: 'wait', ms });
    else attach(exchange, row.paced ? { ...record, prompt: true } : record, messages);
  }

  function attach({ response, origin }: Exchange, record: AttachRecord, messages: readonly Message[]): void {
    const down = new DownLink(host, row, runs, response, origin);
    onLink(down);
    down.link.record(record, messages, host.turn.time);
  }

  function attachByTicket({ response, origin }: Exchange, record: AttachRecord): void {
    const next = tickets.issueNext(record);
    response.on('close', () => tickets.ended(next));
    const down = new DownLink(host, row, runs, response, origin, next);
    onLink(down);
    down.link.record(record, [], host.turn.time);
  }

  /** 204 is what makes an EventSource stop, instead of asking for ever with a ticket that is spent; others can read (SN-20). */
  function refuseTicket({ response, origin }: Exchange): void {
    if (row.shape === 'stream') response.writeHead(204, answerHeaders('text/plain', origin)).end();
    else answerLine({ response, origin }, { t: 'refused', code: 'ticket' });
  }

  function answerLine({ response, origin }: Pick<Exchange, 'response' | 'origin'>, record: ServerRecord): void {
    response.writeHead(200, answerHeaders(row.encoding.contentType, origin)).end(row.encoding.encodeRecord(record));
  }

  return {
    methods: row.byTicket ? ['GET', 'POST'] : ['POST'],
    bytesMax: limits.bodyBytesMax,
    ...(row.shape === 'poll' && !row.paced && {
      direct: createDirectEndpoint({ ...options, kind: 'poll', transport: row.name, runs }),
    }),
    onRecord: (exchange, record, messages) => {
      if (record.t !== 'attach') return false;
      onAttach(exchange, record, messages);
      return true;
    },
    onGet: (exchange) => {
      if (row.shape === 'stream' && !accepts(exchange.request, row.encoding.contentType)) {
        fail(exchange, 406, 'not_acceptable', 'This address answers with a stream.');
        return;
      }
      const query = queryOf(exchange.request.url ?? '');
      const record = tickets.spend(query.get('ticket') ?? '', query);
      host.turn.begin();
      if (record === undefined) refuseTicket(exchange);
      else if (record === 'malformed') fail(exchange, 400, 'malformed', 'Not an attach.');
      else attachByTicket(exchange, record);
    },
  };
}

function onNoEndpoint(exchange: Exchange, name: string): void {
  if (name === 'websocket') {
    fail(exchange, 426, 'upgrade_required', 'This address speaks WebSocket only.');
    return;
  }
  fail(exchange, 404, 'not_found', 'No such endpoint.');
}

function fail({ request, response, origin, onRefused }: Exchange, status: number, code: string, text: string): void {
  onRefused(status, code);
  if (status === 405) response.setHeader('allow', text.slice('Allowed: '.length, -1));
  if (status === 426) response.setHeader('upgrade', 'websocket');
  answerAndClose(request, response, status, errorJson(code, text), origin);
}

function queryOf(url: string): URLSearchParams {
  const query = url.indexOf('?');
  return new URLSearchParams(query < 0 ? '' : url.slice(query + 1));
}
