import { literalInside } from '@everywire/protocol/internal';
import type { LinkHost } from '../gathering/link-host.js';
import { createJsonp, documentHeaders } from '../http/envelope.js';
import { type Endpoint, type Exchange, envelopeFor, queryOf } from '../http/exchange.js';
import { answer, answerHeaders, type Say } from '../http/http-answer.js';
import type { OriginPolicy } from '../http/origin-policy.js';
import type { ServerLimits } from '../limits.js';
import { createFormAnswers } from './answers.js';
import { EMPTY_DOCUMENT, fieldOf, isSecret, UNKNOWN_SECRET } from './wording.js';

/** Options of `createFormEndpoints`. */
export interface FormOptions {
  readonly host: LinkHost;
  readonly limits: ServerLimits;
  readonly policy: OriginPolicy;
  readonly onOriginRefused: (origin: string) => void;
}

/** The name of the endpoint that handles each kind of record in a form. */
const endpointOf: Readonly<Record<string, string>> = { open: 'open', body: 'up', fail: 'up', attach: 'ticket' };

/**
 * Creates two endpoints for pages that can only post forms and load scripts. `form-post` takes a form with one field and answers with an
 * empty document, because no script of another origin could read the answer. A client that needs the answer sends a secret with the
 * form, and gets the answer once, as a script from `form-answer` (TR-32).
 */
export function createFormEndpoints(
  options: FormOptions,
  endpoints: ReadonlyMap<string, Endpoint>,
): readonly (readonly [string, Endpoint])[] {
  const { host, limits, policy } = options;
  const answers = createFormAnswers(limits, () => host.now());

  /** Returns a function that answers with an empty document, and keeps the real answer under the secret `claim` if there is one. */
  function sayTo(exchange: Exchange, claim: string | undefined): Say {
    return (response, status, json, origin) => {
      if (claim !== undefined && status === 200) answers.keep(claim, json);
      answer(response, status, EMPTY_DOCUMENT, origin, {
        'content-type': 'text/html; charset=utf-8',
        ...documentHeaders(policy.embedding(exchange.request)),
      });
    };
  }

  const post: Endpoint = {
    methods: ['POST'],
    setting: 'jsonp',
    asDocument: true,
    bytesMax: limits.bodyBytesMax,
    jsonIn: fieldOf,
    onRecord: (exchange, record, messages) => {
      const endpoint = endpoints.get(endpointOf[record.t] ?? '');
      const { answer: claim } = record as { readonly answer?: string };
      if (endpoint === undefined || (claim !== undefined && !isSecret(claim))) return false;
      return endpoint.onRecord({ ...exchange, say: sayTo(exchange, claim) }, record, messages);
    },
  };

  const get: Endpoint = {
    methods: ['GET'],
    setting: 'jsonp',
    bytesMax: limits.smallBodyBytesMax,
    onRecord: () => false,
    onGet: (exchange) => {
      const query = queryOf(exchange.request.url ?? '');
      const envelope = envelopeFor(exchange, query, createJsonp, options);
      if (!envelope) return;
      const json = answers.take(query.get('ticket') ?? '') ?? UNKNOWN_SECRET;
      const { response, origin } = exchange;
      const script = `${envelope.head}${literalInside(`${json}\n`)}${envelope.tail}`;
      const headers = { ...answerHeaders('text/javascript;charset=utf-8', origin), ...envelope.headers };
      response.writeHead(200, { ...headers, 'content-length': script.length }).end(script, 'latin1');
    },
  };

  return [
    ['form-post', post],
    ['form-answer', get],
  ];
}
