import { randomBytes } from 'node:crypto';
import type { IncomingMessage, OutgoingHttpHeaders, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import {
  corsHeaders,
  GatewayAnswers,
  type GatewayHost,
  NEVER_KEPT,
  type OriginVerdict,
  say,
} from '@everywire/server/internal';
import { Poll } from './carriers.js';
import { EngineConnection, type EngineFacts, type EngineOwner, type EngineSettings } from './connection.js';
import { splitPayload } from './payload.js';

/** The error numbers of Engine.IO, with the codes in notices and counters. */
const REFUSALS = {
  transport_unknown: [400, 0, 'Transport unknown'],
  session_unknown: [400, 1, 'Session ID unknown'],
  handshake_method: [400, 2, 'Bad handshake method'],
  bad_request: [400, 3, 'Bad request'],
  origin_refused: [403, 4, 'Forbidden'],
  protocol_version: [400, 5, 'Unsupported protocol version'],
  busy: [503, 3, 'Too many connections'],
  address_full: [429, 3, 'Too many connections of this address'],
  closing: [503, 3, 'The server is stopping'],
} as const satisfies Readonly<Record<string, readonly [status: number, number: number, text: string]>>;
type Refusal = keyof typeof REFUSALS;

/**
 * Random bytes of a connection id. Any client that knows the id can use the connection, so it must be impossible to
 * guess.
 */
const ID_BYTES = 18;
/** Seconds for which a browser may cache the answer to a preflight request. */
const PREFLIGHT_AGE_S = 600;

/** One request with the parsed parameters of its address. */
interface Asking {
  readonly request: IncomingMessage;
  readonly query: URLSearchParams;
  readonly id: string | null;
}

/** Handles all requests of Engine.IO 4: polls and WebSockets of new and existing connections. */
export class EngineRoutes {
  readonly #gateway: GatewayHost;
  readonly #settings: EngineSettings;
  readonly #answers: GatewayAnswers;
  readonly #ownerOf: (connection: EngineConnection) => EngineOwner;
  readonly #connections: Map<string, EngineConnection> = new Map();

  constructor(gateway: GatewayHost, settings: EngineSettings, ownerOf: (connection: EngineConnection) => EngineOwner) {
    this.#gateway = gateway;
    this.#settings = settings;
    this.#answers = new GatewayAnswers(gateway);
    this.#ownerOf = ownerOf;
  }

  onRequest(request: IncomingMessage, response: ServerResponse, name: string): void {
    if (name !== '') {
      say(response, 404, 'Not found.', NEVER_KEPT);
      return;
    }
    const origin = this.#answers.originOf(request, response, false);
    if (origin === null) return;
    if (request.method === 'OPTIONS') {
      response.writeHead(204, preflight(request, origin)).end();
      return;
    }
    const asking = askingOf(request);
    const headers = this.#answers.headersFor(request, origin);
    const refusal = this.#refusalOf(asking, false);
    if (refusal !== null) this.#refuse(request, response, refusal, headers);
    else if (asking.id === null) this.#begin(asking, response, headers);
    else this.#resume(asking, response, headers);
  }

  onUpgrade(request: IncomingMessage, duplex: Duplex, head: Buffer, name: string): void {
    const socket = duplex as Socket;
    const asking = askingOf(request);
    const refusal = name === '' ? this.#upgradeRefusalOf(asking) : 'bad_request';
    if (refusal !== null) {
      this.#gateway.refuseUpgrade(request, socket, REFUSALS[refusal][0], refusal);
      return;
    }
    const known = asking.id === null ? undefined : this.#connections.get(asking.id);
    this.#gateway.accept(request, socket, head, (carrier) => {
      const connection = known ?? this.#create(asking);
      const owner = known === undefined ? connection.accept(carrier) : connection.upgrade(carrier);
      carrier.open();
      if (known === undefined) connection.greet();
      return owner;
    });
  }

  #upgradeRefusalOf(asking: Asking): Refusal | null {
    const origin = this.#gateway.origins.check(asking.request);
    if (origin.kind === 'refused') {
      this.#gateway.onOriginRefused(origin.origin);
      return 'origin_refused';
    }
    const refusal = this.#refusalOf(asking, true);
    if (refusal !== null || asking.id === null) return refusal;
    return this.#connections.get(asking.id)?.canUpgrade === true ? null : 'bad_request';
  }

  #refusalOf({ request, query, id }: Asking, isUpgrade: boolean): Refusal | null {
    const transport = query.get('transport');
    if (query.get('EIO') !== '4') return this.#refuseVersion();
    const { polling, websocket } = this.#settings;
    if (!(transport === 'polling' && polling) && !(transport === 'websocket' && websocket)) return 'transport_unknown';
    if (isUpgrade !== (transport === 'websocket')) return 'bad_request';
    if (id !== null) {
      const connection = this.#connections.get(id);
      if (connection === undefined) return 'session_unknown';
      return isUpgrade || connection.transport === 'polling' ? null : 'bad_request';
    }
    if (request.method !== 'GET') return 'handshake_method';
    return this.#gateway.beginRefusalOf(this.#gateway.addressOf(request))?.code ?? null;
  }

  /**
   * Refuses a client of another protocol version. Notifies the operator too, because the client only reports the
   * refusal on its page.
   */
  #refuseVersion(): Refusal {
    const text = 'A client of Socket.IO 2 or older was refused: this gateway speaks with clients of Socket.IO 3 and 4.';
    this.#gateway.onNotice('protocol_version', text);
    return 'protocol_version';
  }

  #refuse(
    request: IncomingMessage,
    response: ServerResponse,
    refusal: Refusal,
    headers: Readonly<OutgoingHttpHeaders>,
  ): void {
    const [status, code, message] = REFUSALS[refusal];
    const type = { 'content-type': 'application/json' };
    const all = { ...headers, ...type };
    this.#answers.refuse(request, response, status, refusal, JSON.stringify({ code, message }), all);
  }

  #create({ request, query }: Asking): EngineConnection {
    const id = randomBytes(ID_BYTES).toString('base64url');
    const facts: EngineFacts = {
      id,
      headers: request.headers,
      origin: request.headers.origin,
      query: Object.fromEntries(query),
      remoteAddress: this.#gateway.addressOf(request),
    };
    const connection = new EngineConnection(this.#gateway, this.#settings, facts, this.#ownerOf, () => {
      this.#connections.delete(id);
    });
    this.#connections.set(id, connection);
    return connection;
  }

  #begin(asking: Asking, response: ServerResponse, headers: Readonly<OutgoingHttpHeaders>): void {
    const connection = this.#create(asking);
    connection.attach(new Poll(this.#gateway, asking.request, response, headers));
    connection.greet();
  }

  #resume({ request, id }: Asking, response: ServerResponse, headers: Readonly<OutgoingHttpHeaders>): void {
    const connection = this.#connections.get(id ?? '') as EngineConnection;
    if (request.method === 'POST') this.#post(connection, request, response, headers);
    else if (request.method !== 'GET' || !connection.attach(new Poll(this.#gateway, request, response, headers)))
      this.#refuse(request, response, 'bad_request', headers);
  }

  #post(
    connection: EngineConnection,
    request: IncomingMessage,
    response: ServerResponse,
    headers: Readonly<OutgoingHttpHeaders>,
  ): void {
    if (!connection.beginPost()) {
      this.#refuse(request, response, 'bad_request', headers);
      return;
    }
    this.#gateway.readBody(request, this.#settings.packetBytesMax, (body) => {
      if (body.kind === 'gone') connection.gone('transport close');
      else if (body.kind === 'refused') {
        this.#answers.refuse(request, response, body.status, body.code, 'The body was refused.', headers);
        connection.close('transport error');
      } else this.#take(connection, body.bytes.toString('utf8'), request, response, headers);
    });
  }

  #take(
    connection: EngineConnection,
    body: string,
    request: IncomingMessage,
    response: ServerResponse,
    headers: Readonly<OutgoingHttpHeaders>,
  ): void {
    const packets = splitPayload(body);
    if (packets === null) {
      this.#refuse(request, response, 'bad_request', headers);
      connection.close('parse error');
      return;
    }
    // Answers after all packets are handled, so that backpressure of the application reaches the client.
    const type = { 'content-type': 'text/html' };
    connection.take(packets).then(() => this.#gateway.answer(response, { ...headers, ...type }, 'ok'));
  }
}

function askingOf(request: IncomingMessage): Asking {
  const url = request.url ?? '';
  const at = url.indexOf('?');
  const query = new URLSearchParams(at < 0 ? '' : url.slice(at));
  return { request, query, id: query.get('sid') };
}

function preflight(request: IncomingMessage, origin: OriginVerdict): OutgoingHttpHeaders {
  return {
    ...corsHeaders(request, origin),
    'access-control-allow-methods': 'GET, POST',
    'access-control-max-age': String(PREFLIGHT_AGE_S),
  };
}
