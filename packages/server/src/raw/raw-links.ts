import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { type ByAddress, PLACE_STATUS, type PlaceRefusal } from '../addresses/by-address.js';
import { addressKey } from '../addresses/remote-address.js';
import { accepts } from '../http/accepts.js';
import type { BodyBudget } from '../http/body-budget.js';
import { answer, answerAndClose, answerPreflight, errorJson } from '../http/http-answer.js';
import { readBody } from '../http/http-body.js';
import type { OriginPolicy, OriginVerdict } from '../http/origin-policy.js';
import type { AdmissionRefusal } from '../sessions/admission.js';
import { bearerOf } from '../sessions/bearer.js';
import type { createHandshakes } from '../websocket/deflate-handshake.js';
import { refuseUpgrade } from '../websocket/upgrades.js';
import type { WireServerOptions } from '../wire-server.js';
import type { Claims } from '../wire-session.js';
import { createRawAdmission, type RawAdmissionOptions, type RawAsking } from './raw-admission.js';
import type { RawCarrier, RawHost } from './raw-carrier.js';
import { RawEventStream } from './raw-event-stream.js';
import type { RawLink } from './raw-link.js';
import { parseRawRequest, type RawRequest, rawQuery } from './raw-request.js';
import { type RawGrant, RawTickets } from './raw-tickets.js';
import { RawWebSocket } from './raw-websocket.js';

/** Options of `createRawLinks`. */
export interface RawLinksOptions extends Omit<RawAdmissionOptions, 'onRawLink'> {
  readonly host: RawHost;
  readonly policy: OriginPolicy;
  readonly handshake: ReturnType<typeof createHandshakes>;
  /** The application's decision on a raw link; `undefined`: no raw link is accepted. */
  readonly onRawLink: WireServerOptions['onRawLink'];
  readonly onOriginRefused: (origin: string) => void;
  readonly addressOf: (request: IncomingMessage) => string;
  readonly room: BodyBudget;
  readonly onLink: (link: RawCarrier, remoteAddress: string) => void;
  /** All raw links. */
  readonly links: ReadonlySet<RawCarrier>;
  /** The places that raw links share with clients of gateways. */
  readonly places: ByAddress<object>;
}

/**
 * Serves the three paths of raw links, which are connections without the client library: one for event streams, one for WebSockets, and
 * one that issues tickets, because a plain `EventSource` or `WebSocket` cannot send a token. Each handler returns whether the request was
 * for one of these paths.
 */
export interface RawLinks {
  onRequest(request: IncomingMessage, response: ServerResponse, name: string): boolean;
  onUpgrade(request: IncomingMessage, socket: Duplex, head: Buffer, name: string): boolean;
  find(match: ((claims: Claims) => boolean) | undefined): readonly RawLink[];
  /** Ends the links with matching claims and refuses pending requests with such claims. @returns the number of ended links */
  revoke(match: (claims: Claims) => boolean): number;
  /** Returns the number of pending requests for a link or a ticket. */
  pending(): number;
  /** Returns the number of tickets that open streams use. */
  openTickets(): number;
}

/** Maximum bytes of a request for a ticket: a token and topics in JSON. */
const REQUEST_BYTES_MAX = 64 << 10;
const ALLOWED = { 'raw-event-stream': 'GET', 'raw-ticket': 'POST', 'raw-websocket': 'GET' } as const;
type Name = keyof typeof ALLOWED;

/** One request whose origin was checked. */
interface Exchange {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly origin: OriginVerdict;
  readonly onRefused: RawHost['onRefused'];
}

/** Creates the handlers of raw links. */
export function createRawLinks(options: RawLinksOptions): RawLinks {
  const { host, policy, onRawLink, limits, wheel } = options;
  const tickets = new RawTickets(limits, () => host.now());
  const admission = createRawAdmission({ ...options, onRawLink: onRawLink ?? (() => null) });
  const admit = admission.ask;
  const onRefused = (status: number, code: string): void => host.onRefused(status, code);
  const refuse = (request: IncomingMessage, socket: Duplex, status: number, code: string, headers?: string): void => {
    onRefused(status, code);
    refuseUpgrade(request, socket, status, code, headers);
  };

  /** Returns the code if the request is refused before its path is examined; otherwise `null`. */
  function refusalOf(request: IncomingMessage, origin: OriginVerdict): string | null {
    if (origin.kind === 'refused') {
      options.onOriginRefused(origin.origin);
      return 'origin_refused';
    }
    if (onRawLink === undefined) return 'raw_links_off';
    return hasToken(request.url ?? '') ? 'token_in_address' : null;
  }

  function onRequest(request: IncomingMessage, response: ServerResponse, name: string): boolean {
    if (!isRaw(name)) return false;
    const exchange = { request, response, origin: policy.check(request), onRefused };
    const refusal = refusalOf(request, exchange.origin);
    if (refusal !== null) fail(exchange, 403, refusal);
    else if (request.method === 'OPTIONS') answerPreflight(response, exchange.origin);
    else if (request.method !== ALLOWED[name]) fail(exchange, 405, 'method_not_allowed', { allow: ALLOWED[name] });
    else if (name === 'raw-websocket') fail(exchange, 426, 'upgrade_required', { upgrade: 'websocket' });
    else if (name === 'raw-ticket') readTicketRequest(exchange);
    else if (!accepts(request, 'text/event-stream')) fail(exchange, 406, 'not_acceptable');
    else openStream(exchange);
    return true;
  }

  function placeRefusalOf(request: IncomingMessage): PlaceRefusal | null {
    return options.places.refusalOf(addressKey(options.addressOf(request)), limits.rawLinksMax);
  }

  function asked(request: IncomingMessage, kind: RawAsking['kind'], topics: readonly string[]): Asked {
    return { kind, topics, origin: request.headers.origin, remoteAddress: options.addressOf(request) };
  }

  /** Returns the request of a link that has presented a ticket: the claims and topics are those of the ticket. */
  function byGrant(request: IncomingMessage, { kind, topics, claims }: RawGrant): RawAsking {
    return { ...asked(request, kind, topics), who: { claims } };
  }

  // ---- event streams

  function openStream({ request, response, origin }: Exchange): void {
    const { topics, ticket } = rawQuery(request.url ?? '');
    const isFull = placeRefusalOf(request) !== null;
    const link = new RawEventStream(host, request, response, origin);
    options.onLink(link, options.addressOf(request));
    if (isFull) {
      link.refused('busy');
      return;
    }
    if (ticket === null) {
      admit({ ...asked(request, 'event-stream', topics), who: { token: bearerOf(request) } }, link);
      return;
    }
    const grant = tickets.spend(ticket, 'event-stream');
    if (grant === null) {
      link.refused('unauthorized');
      return;
    }
    link.onGone = tickets.open(ticket, grant, () => link.end());
    admit(byGrant(request, grant), link);
  }

  // ---- WebSockets

  function onUpgrade(request: IncomingMessage, socket: Duplex, head: Buffer, name: string): boolean {
    if (name !== 'raw-websocket') return false;
    const refusal = refusalOf(request, policy.check(request));
    const full = placeRefusalOf(request);
    if (refusal !== null) refuse(request, socket, 403, refusal);
    else if (options.isClosing()) refuse(request, socket, 503, 'closing');
    else if (full !== null) refuse(request, socket, PLACE_STATUS[full], full);
    else openSocket(request, socket as Socket, head);
    return true;
  }

  function openSocket(request: IncomingMessage, socket: Socket, head: Buffer): void {
    const handshake = options.handshake(request, 'raw');
    if (handshake.kind === 'refused') {
      refuse(request, socket, handshake.status, handshake.code, handshake.headers);
      return;
    }
    socket.write(handshake.response);
    const { window } = handshake;
    const framing = window === undefined ? host.plain : host.deflating(window);
    const link = new RawWebSocket(host, framing, socket, ({ token, topics }) =>
      admit({ ...asked(request, 'websocket', topics), who: { token: token ?? bearerOf(request) } }, link),
    );
    options.onLink(link, options.addressOf(request));
    askByAddress(request, link);
    if (head.length > 0) link.onBytes(head);
  }

  /** Admits the link by its address, if that names topics or a ticket. Otherwise the first message must do so. */
  function askByAddress(request: IncomingMessage, link: RawWebSocket): void {
    const { topics, ticket } = rawQuery(request.url ?? '');
    if (ticket === null && topics.length === 0) return;
    link.ask();
    const grant = ticket === null ? null : tickets.spend(ticket, 'websocket');
    if (grant !== null) admit(byGrant(request, grant), link);
    else if (ticket !== null) link.refused('unauthorized');
    else admit({ ...asked(request, 'websocket', topics), who: { token: bearerOf(request) } }, link);
  }

  // ---- tickets

  function readTicketRequest(exchange: Exchange): void {
    const { request } = exchange;
    const address = addressKey(options.addressOf(request));
    const bounds = { bytesMax: REQUEST_BYTES_MAX, times: limits, room: options.room, address };
    readBody(request, bounds, wheel, (body) => {
      if (body.kind === 'gone') return;
      const wanted = body.kind === 'whole' ? parseRawRequest(body.bytes.toString('utf8')) : null;
      if (body.kind === 'refused') fail(exchange, body.status, body.code);
      else if (wanted === null) fail(exchange, 400, 'malformed');
      else giveTicket(exchange, wanted);
    });
  }

  function giveTicket(exchange: Exchange, { token, topics, kind }: RawRequest): void {
    const { request, response, origin } = exchange;
    const who = { token: token ?? bearerOf(request) };
    admit(
      { ...asked(request, kind, topics), who },
      {
        admitted: (claims, granted) => {
          const address = addressKey(options.addressOf(request));
          const ticket = tickets.issue({ kind, claims, topics: granted, address });
          answer(response, 200, JSON.stringify({ ticket }), origin);
        },
        refused: (code) => fail(exchange, TICKET_STATUS[code], code),
      },
    );
  }

  const find: RawLinks['find'] = (match) =>
    [...options.links].filter((link) => link.topics.length > 0 && (match === undefined || match(link.claims)));

  function revoke(match: (claims: Claims) => boolean): number {
    admission.revoke(match);
    tickets.revoke(match);
    const revoked = find(match);
    for (const link of revoked) link.end('revoked');
    return revoked.length;
  }

  return { onRequest, onUpgrade, find, revoke, pending: admission.pending, openTickets: () => tickets.openCount };
}

const TICKET_STATUS: Readonly<Record<AdmissionRefusal, number>> = {
  unauthorized: 401,
  refused: 403,
  topic_invalid: 400,
  busy: 503,
  closing: 503,
};

function isRaw(name: string): name is Name {
  return Object.hasOwn(ALLOWED, name);
}

type Asked = Omit<RawAsking, 'who'>;

/** Returns whether the address contains a token. This is refused, because addresses are written to logs (SN-20). */
function hasToken(url: string): boolean {
  return /[?&](access_)?token=/.test(url);
}

function fail({ request, response, origin, onRefused }: Exchange, status: number, code: string, headers = {}): void {
  onRefused(status, code);
  for (const [name, value] of Object.entries(headers)) response.setHeader(name, value as string);
  answerAndClose(request, response, status, errorJson(code, TEXTS[code] ?? 'Refused.'), origin);
}

const TEXTS: Readonly<Record<string, string>> = {
  origin_refused: 'This origin may not connect here.',
  raw_links_off: 'Raw links are off. Set the option onRawLink of the server to allow them.',
  token_in_address: 'Do not put a token into an address. Get a ticket by POST to raw-ticket.',
  method_not_allowed: 'This address takes another method.',
  upgrade_required: 'This address speaks WebSocket only.',
  not_acceptable: 'This address answers with a stream of events.',
};
