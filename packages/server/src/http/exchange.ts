import type { IncomingMessage, OutgoingHttpHeaders, ServerResponse } from 'node:http';
import type { ControlRecord, Message } from '@everywire/protocol/internal';
import type { LinkHost } from '../gathering/link-host.js';
import type { CreateEnvelope, Envelope } from './envelope.js';
import { answerAndClose, answerWithoutStatus, errorJson, errorLine, type Say } from './http-answer.js';
import type { DirectEndpoint } from './kept-connection.js';
import type { OriginPolicy, OriginVerdict } from './origin-policy.js';

/** One request under the prefix, its origin checked. */
export interface Exchange {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly origin: OriginVerdict;
  readonly onRefused: LinkHost['onRefused'];
  /** On what is said of a request that is refused, besides the usual. */
  readonly headers?: OutgoingHttpHeaders;
  /** How a record is given as the answer. Default: as JSON. */
  readonly say?: Say;
  readonly noStatus?: boolean;
}

export interface Endpoint {
  readonly methods: readonly ('GET' | 'POST')[];
  readonly bytesMax: number;
  /** A POST whose body was read. `false`: that record has no business here. */
  readonly onRecord: (exchange: Exchange, record: ControlRecord, messages: readonly Message[]) => boolean;
  /** Takes the body of a POST as it is, in place of `onRecord`. `false`: it has no business here. */
  readonly onBytes?: (exchange: Exchange, bytes: Buffer) => boolean;
  readonly onGet?: (exchange: Exchange) => void;
  /** How its requests are taken on a connection that is read by hand. */
  readonly direct?: DirectEndpoint;
  /** Where in what was posted its JSON is, if anywhere. Default: all of it. */
  readonly jsonIn?: (body: Buffer) => Buffer;
  /** Whoever posts shows the answer as a document, which no script reads. */
  readonly asDocument?: true;
  /** Who asks can read no status: an error is a record with 200. */
  readonly noStatus?: boolean;
  /** Served only where the server was told to. */
  readonly setting?: 'jsonp';
}

/** The same endpoint for who can read no status. */
export function withoutStatus(endpoint: Endpoint, direct?: DirectEndpoint): Endpoint {
  const { methods, bytesMax, onRecord } = endpoint;
  return {
    ...{ methods, bytesMax, noStatus: true, ...(direct && { direct }) },
    onRecord: (exchange, record, messages) => onRecord({ ...exchange, say: answerWithoutStatus }, record, messages),
  };
}

/**
 * What stands around the answer to a GET by an element of a page; `null` where nothing does, `undefined` where the request was
 * refused.
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
    fail(exchange, 403, 'origin_refused', 'A page of this origin may not use this address.');
  } else if ('status' in envelope) {
    // A page that a browser calls of the same origin, and a proxy in front made another of: its address says where it is.
    if (envelope.code === 'origin_refused') onOriginRefused(query.get('origin') ?? 'unknown');
    fail(exchange, envelope.status, envelope.code, envelope.text);
  } else return envelope;
  return undefined;
}

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

export function queryOf(url: string): URLSearchParams {
  const query = url.indexOf('?');
  return new URLSearchParams(query < 0 ? '' : url.slice(query + 1));
}
