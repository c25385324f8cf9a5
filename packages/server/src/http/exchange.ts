import type { IncomingMessage, OutgoingHttpHeaders, ServerResponse } from 'node:http';
import type { ControlRecord, Message } from '@everywire/protocol/internal';
import type { LinkHost } from '../gathering/link-host.js';
import type { CreateEnvelope, Envelope } from './envelope.js';
import type { DirectEndpoint } from './fast-path-connection.js';
import { answerAndClose, answerWithoutStatus, errorJson, errorLine, type Say } from './http-answer.js';
import type { OriginPolicy, OriginVerdict } from './origin-policy.js';

/** A request under the prefix whose origin was checked. */
export interface Exchange {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly origin: OriginVerdict;
  readonly onRefused: LinkHost['onRefused'];
  /** Additional headers for the answer to a refused request. */
  readonly headers?: OutgoingHttpHeaders;
  /** Sends a record as the answer. Default: as JSON. */
  readonly say?: Say;
  readonly noStatus?: boolean;
}

/** One endpoint under the prefix. */
export interface Endpoint {
  readonly methods: readonly ('GET' | 'POST')[];
  readonly bytesMax: number;
  /** Handles a POST whose body was parsed. Returns false if the record is not valid for this endpoint. */
  readonly onRecord: (exchange: Exchange, record: ControlRecord, messages: readonly Message[]) => boolean;
  /** Handles the raw body of a POST instead of `onRecord`. Returns false if the body is not valid for this endpoint. */
  readonly onBytes?: (exchange: Exchange, bytes: Buffer) => boolean;
  readonly onGet?: (exchange: Exchange) => void;
  /** Handles requests on a directly parsed connection. */
  readonly direct?: DirectEndpoint;
  /** Returns the JSON within a posted body. Default: all of it. */
  readonly jsonIn?: (body: Buffer) => Buffer;
  /** Whether the client displays the answer as a document, which no script reads. */
  readonly asDocument?: true;
  /** Whether the client cannot read a status, so that an error is a record with status 200. */
  readonly noStatus?: boolean;
  /** The option that must be enabled to serve this endpoint. */
  readonly setting?: 'jsonp';
}

/** Returns the endpoint for clients that cannot read a status. */
export function withoutStatus(endpoint: Endpoint, direct?: DirectEndpoint): Endpoint {
  const { methods, bytesMax, onRecord } = endpoint;
  return {
    methods,
    bytesMax,
    noStatus: true,
    ...(direct && { direct }),
    onRecord: (exchange, record, messages) => onRecord({ ...exchange, say: answerWithoutStatus }, record, messages),
  };
}

/**
 * Returns the envelope of the answer to a GET by an element of a page; `null` if it needs none, `undefined` if the
 * request was refused.
 */
export function envelopeFor(
  exchange: Exchange,
  query: URLSearchParams,
  create: CreateEnvelope | undefined,
  { policy, onOriginRefused }: { readonly policy: OriginPolicy; readonly onOriginRefused: (origin: string) => void },
): Envelope | null | undefined {
  if (create === undefined) return null;
  const { request } = exchange;
  const verdict = policy.checkElement(request);
  const envelope = create(query, policy.embedding(request));
  if (verdict.kind === 'refused') {
    onOriginRefused(verdict.origin);
    fail(exchange, 403, 'origin_refused', 'This origin may not use this address. Add it to the setting "origins".');
  } else if ('status' in envelope) {
    // A proxy in front may have changed the origin that the browser considers the same; the address names it.
    if (envelope.code === 'origin_refused') onOriginRefused(query.get('origin') ?? 'unknown');
    fail(exchange, envelope.status, envelope.code, envelope.text);
  } else return envelope;
  return undefined;
}

/** Answers with a refusal and closes the connection. */
export function fail(
  { request, response, origin, onRefused, headers, noStatus }: Exchange,
  status: number,
  code: string,
  text: string,
): void {
  onRefused(status, code);
  if (status === 405) response.setHeader('allow', text.slice('Allowed: '.length, -1));
  if (status === 426) response.setHeader('upgrade', 'websocket');
  const json = errorJson(code, text);
  if (noStatus) answerAndClose(request, response, 200, errorLine(json), origin, headers);
  else answerAndClose(request, response, status, json, origin, headers);
}

/** Returns the query of a request target. */
export function queryOf(url: string): URLSearchParams {
  const query = url.indexOf('?');
  return new URLSearchParams(query < 0 ? '' : url.slice(query + 1));
}
