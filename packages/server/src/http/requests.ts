// Longer than 300 lines, because it is the one table of all endpoints.
import type { IncomingMessage, OutgoingHttpHeaders, ServerResponse } from 'node:http';
import {
  type AttachRecord,
  addresseeOf,
  type Message,
  parseJsonBody,
  type ServerRecord,
} from '@everywire/protocol/internal';
import { addressKey } from '../addresses/remote-address.js';
import { createFormEndpoints } from '../form-post/form-endpoints.js';
import type { LiveLink } from '../gathering/link-host.js';
import type { SharedBatches } from '../gathering/shared-batches.js';
import type { ServerLimits } from '../limits.js';
import { bearerOf } from '../sessions/bearer.js';
import { accepts } from './accepts.js';
import type { BodyBudget } from './body-budget.js';
import { createDirectEndpoint, createDirectScript } from './direct-endpoint.js';
import { type DownstreamHost, DownstreamLink } from './downstream-link.js';
import { documentHeaders, type Envelope } from './envelope.js';
import { type Endpoint, type Exchange, envelopeFor, fail, queryOf, withoutStatus } from './exchange.js';
import type { FastPathConnections } from './fast-path-connections.js';
import { answer, answerHeaders, answerPreflight, frozenJson } from './http-answer.js';
import { readBody } from './http-body.js';
import { answerAfter } from './idle-poll-throttle.js';
import { longestOf } from './longest-of.js';
import type { OriginPolicy } from './origin-policy.js';
import { PostLink } from './post-link.js';
import type { Tickets } from './tickets.js';
import { type TransportRow, transports } from './transports.js';

/** Options of `createRequests`. */
export interface RequestsOptions {
  readonly host: DownstreamHost;
  readonly limits: ServerLimits;
  readonly policy: OriginPolicy;
  readonly tickets: Tickets;
  readonly runsOf: (row: TransportRow) => SharedBatches;
  readonly onOriginRefused: (origin: string) => void;
  readonly onLink: (link: LiveLink) => void;
  readonly addressOf: (request: IncomingMessage) => string;
  readonly connections: FastPathConnections;
  readonly room: BodyBudget;
  readonly jsonp: boolean;
  readonly doctor: Endpoint;
}

/**
 * Creates the handler of all HTTP requests. It checks the origin, method and size of a request, parses its body, and then passes it to
 * the endpoint with the name at the end of the path. Each transport has an endpoint for messages to the client; others take messages.
 */
export function createRequests(
  options: RequestsOptions,
): (request: IncomingMessage, response: ServerResponse, name: string) => void {
  const { host, limits, policy } = options;
  const endpoints = createEndpoints(options);
  const onRefused = (status: number, code: string): void => host.onRefused(status, code);

  function onRequest(request: IncomingMessage, response: ServerResponse, name: string): void {
    const origin = policy.check(request);
    const endpoint = endpoints.get(name);
    const noStatus = endpoint?.noStatus === true && origin.kind !== 'refused';
    const exchange = { request, response, origin, onRefused, headers: headersFor(request, endpoint), noStatus };
    if (origin.kind === 'refused') {
      options.onOriginRefused(origin.origin);
      fail(exchange, 403, 'origin_refused', 'This origin may not connect here.');
    } else if (endpoint === undefined) onNoEndpoint(exchange, name);
    else if (endpoint.setting !== undefined && !options[endpoint.setting])
      fail(exchange, 403, 'jsonp_off', 'Set the option jsonp of the server to allow it.');
    else if (request.method === 'OPTIONS') answerPreflight(response, origin);
    else onMethod(exchange, endpoint);
  }

  function headersFor(request: IncomingMessage, endpoint: Endpoint | undefined): OutgoingHttpHeaders {
    return endpoint?.asDocument ? { ...asDocument, ...documentHeaders(policy.embedding(request)) } : usual;
  }

  function onMethod(exchange: Exchange, endpoint: Endpoint): void {
    const method = endpoint.methods.find((allowed) => allowed === exchange.request.method);
    if (method === undefined) fail(exchange, 405, 'method_not_allowed', `Allowed: ${endpoint.methods.join(', ')}.`);
    else if (method === 'GET') endpoint.onGet?.(exchange);
    else onPost(exchange, endpoint);
  }

  function onPost(exchange: Exchange, endpoint: Endpoint): void {
    const { request, response, origin } = exchange;
    if (endpoint.direct !== undefined) options.connections.onRequest(request, response, endpoint.direct, origin);
    const address = addressKey(options.addressOf(request));
    const bounds = { bytesMax: endpoint.bytesMax, times: limits, room: options.room, address };
    readBody(request, bounds, host.wheel, (body) => {
      if (body.kind === 'refused') fail(exchange, body.status, body.code, 'The body was not taken.');
      else if (body.kind === 'whole' && !(endpoint.onBytes ?? onBody)(exchange, body.bytes, endpoint))
        fail(exchange, 400, 'malformed', 'Not for this endpoint.');
    });
  }

  /** Parses a body and passes it to the endpoint. Returns false if the endpoint does not accept such a record. */
  function onBody(exchange: Exchange, bytes: Buffer, endpoint: Endpoint): boolean {
    const json = (endpoint.jsonIn ?? whole)(bytes);
    const body = parseJsonBody(json, { bodyBytesMax: endpoint.bytesMax, messagesMax: limits.batchMessagesMax });
    if (typeof body === 'string') {
      const status = body === 'too_big' || body === 'too_many' ? 413 : 400;
      fail(exchange, status, body === 'ignored' ? 'malformed' : body, 'Not a carrier.');
      return true;
    }
    if (longestOf(body) > limits.messageBytesMax) {
      fail(exchange, 413, 'message_too_big', 'A message is above the announced limit.');
      return true;
    }
    host.turn.begin();
    return endpoint.onRecord(exchange, body.record, body.messages);
  }

  return onRequest;
}

function createEndpoints(options: RequestsOptions): ReadonlyMap<string, Endpoint> {
  const { host, limits, tickets, onLink } = options;
  const endpoints = new Map<string, Endpoint>();
  const posted = { kind: 'post', transport: 'post', runs: null, early: null } as const;

  endpoints.set('open', {
    methods: ['POST'],
    bytesMax: limits.smallBodyBytesMax,
    onRecord: ({ request, response, origin, say }, record, messages) => {
      if (record.t !== 'open') return false;
      const post = new PostLink(host, response, origin, say);
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
    direct: createDirectEndpoint({ ...options, ...posted, noStatus: false }),
    onRecord: ({ response, origin, say }, record, messages) => {
      if (record.t !== 'body' && record.t !== 'fail') return false;
      const post = new PostLink(host, response, origin, say);
      if (record.t === 'body') post.asked(record, messages.length);
      onLink(post);
      post.link.record(record, messages, host.turn.time);
      return true;
    },
  });

  endpoints.set('ticket', {
    methods: ['POST'],
    bytesMax: limits.smallBodyBytesMax,
    onRecord: ({ response, origin, say = answer }, record) => {
      if (record.t !== 'attach') return false;
      // A ticket is stored only for an existing session, so that clients without a session cannot fill the memory.
      const session = host.registry.find(record.id);
      if (session === undefined ? host.registry.isFormer(record.id) : session.frozen) {
        say(response, 503, frozenJson, origin);
        return true;
      }
      const body =
        session !== undefined
          ? { t: 'ticket', ticket: tickets.issue(record) }
          : { t: 'refused', code: 'unknown', ...addresseeOf(record) };
      const ms = host.quiet.take(session, record, host.now());
      answerAfter(ms, host.wheel, response, () => say(response, 200, JSON.stringify(body), origin));
      return true;
    },
  });

  endpoints.set('doctor', options.doctor);
  // For XDomainRequest (Internet Explorer 8 and 9), which cannot read a status.
  endpoints.set('xdr-open', withoutStatus(endpoints.get('open') as Endpoint));
  const direct = createDirectEndpoint({ ...options, ...posted, noStatus: true });
  endpoints.set('xdr-up', withoutStatus(endpoints.get('up') as Endpoint, direct));
  for (const row of transports) endpoints.set(row.name, createDownEndpoint(row, options));
  for (const [name, endpoint] of createFormEndpoints(options, endpoints)) endpoints.set(name, endpoint);
  return endpoints;
}

/** Creates the endpoint of one transport that carries messages from the server to the client. */
function createDownEndpoint(row: TransportRow, options: RequestsOptions): Endpoint {
  const { host, limits, tickets, onLink } = options;
  const runs = options.runsOf(row);
  const { name: transport, noStatus = false } = row;
  const script = isScriptPoll(row) ? createDirectScript({ ...options, transport, runs }) : null;
  const direct =
    row.shape === 'poll' && script === null
      ? createDirectEndpoint({ ...options, kind: 'poll', transport, runs, noStatus, early: row.paced ? early : null })
      : null;

  function early({ id }: AttachRecord): number {
    return host.registry.find(id)?.takePoll(limits.shortPollMs, host.turn.time) ?? 0;
  }

  /**
   * Attaches the answer to the session, or refuses a short poll that comes too early. The session does not see a refused poll, so the
   * client sends the messages in it again (SN-34).
   */
  function onAttach(exchange: Exchange, record: AttachRecord, messages: readonly Message[]): void {
    const ms = row.paced ? early(record) : 0;
    if (ms > 0) answerEarly(exchange, record, ms);
    else attach(exchange, row.paced ? { ...record, prompt: true } : record, messages);
  }

  function answerEarly(exchange: Exchange, record: AttachRecord, ms: number): void {
    const waitsMs = host.quiet.take(host.registry.find(record.id), record, host.now());
    answerAfter(waitsMs, host.wheel, exchange.response, () => answerItem(exchange, { t: 'wait', ms }));
  }

  function attach({ response, origin }: Exchange, record: AttachRecord, messages: readonly Message[]): void {
    const down = new DownstreamLink(host, row, runs, response, origin);
    down.asked(record, messages.length);
    onLink(down);
    down.link.record(record, messages, host.turn.time);
  }

  function attachByTicket({ response, origin }: Exchange, record: AttachRecord, envelope: Envelope | null): void {
    const next = tickets.issueNext(record);
    response.on('close', () => tickets.ended(next));
    const down = new DownstreamLink(host, row, runs, response, origin, next, envelope);
    down.asked(record, 0);
    onLink(down);
    down.link.record(record, [], host.turn.time);
  }

  /**
   * Refuses an unknown or spent ticket (SN-20). An EventSource gets 204, because it would retry with the same ticket after any other
   * status. Other clients get a record.
   */
  function refuseTicket(exchange: Exchange, envelope: Envelope | null): void {
    if (row.shape === 'stream' && envelope === null)
      exchange.response.writeHead(204, answerHeaders('text/plain', exchange.origin)).end();
    else answerItem(exchange, { t: 'refused', code: 'ticket' }, envelope ?? bare);
  }

  function answerItem(
    { response, origin }: Exchange,
    record: ServerRecord,
    { headers, head, tail }: Envelope = bare,
  ): void {
    const item = Buffer.from(row.encoding.encodeRecord(record)).toString('latin1');
    const body = head + item + tail;
    const type = answerHeaders(row.encoding.contentType, origin);
    response.writeHead(200, { ...type, ...headers, 'content-length': body.length }).end(body, 'latin1');
  }

  function onGet(exchange: Exchange): void {
    const { request } = exchange;
    if (row.shape === 'stream' && !accepts(request, row.encoding.contentType)) {
      fail(exchange, 406, 'not_acceptable', 'This address answers with a stream.');
      return;
    }
    const query = queryOf(request.url ?? '');
    const envelope = envelopeFor(exchange, query, row.envelope, options);
    if (envelope === undefined) return;
    const record = tickets.spend(query.get('ticket') ?? '', query);
    host.turn.begin();
    if (record === undefined) refuseTicket(exchange, envelope);
    else if (record === 'malformed') fail(exchange, 400, 'malformed', 'Not an attach.');
    else {
      if (script !== null) options.connections.onRequest(request, exchange.response, script, exchange.origin);
      attachByTicket(exchange, record, envelope);
    }
  }

  const posted: readonly 'POST'[] = row.envelope === undefined ? ['POST'] : [];
  return {
    noStatus,
    methods: row.byTicket ? ['GET', ...posted] : posted,
    bytesMax: limits.bodyBytesMax,
    ...(row.setting && { setting: row.setting }),
    ...(direct && { direct }),
    onRecord: (exchange, record, messages) => {
      if (record.t !== 'attach') return false;
      onAttach(exchange, record, messages);
      return true;
    },
    onGet,
  };
}

/** Returns whether each answer of the transport is a script with one function call (JSONP). Such a transport only uses GET. */
function isScriptPoll({ shape, envelope }: TransportRow): boolean {
  return shape === 'poll' && envelope !== undefined;
}

const whole = (bytes: Buffer): Buffer => bytes;

const usual: OutgoingHttpHeaders = {};

/** Headers of an answer that is shown as a document. */
const asDocument = { 'content-type': 'text/html; charset=utf-8' };

/** No text around the items of an answer. */
const bare: Envelope = { headers: {}, head: '', tail: '' };

function onNoEndpoint(exchange: Exchange, name: string): void {
  if (name === 'websocket') {
    fail(exchange, 426, 'upgrade_required', 'This address speaks WebSocket only.');
    return;
  }
  fail(exchange, 404, 'not_found', 'No such endpoint.');
}
