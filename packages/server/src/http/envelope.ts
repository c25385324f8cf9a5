import type { OutgoingHttpHeaders } from 'node:http';
import { isCallback, jsonpHead, jsonpTail, literalInside, scriptOf } from '@everywire/protocol/internal';
import type { Embedding } from './origin-policy.js';
import type { UrlQuery } from './plain-query.js';

/**
 * The text around the items of an answer that runs as a script or is shown in a frame. Created for each request. ASCII
 * only.
 */
export interface Envelope {
  readonly headers: OutgoingHttpHeaders;
  readonly head: string;
  /** The text after the last item, if the answer ends normally. */
  readonly tail: string;
}

/** Thrown if the address of a request asks for an envelope that is not permitted. */
interface EnvelopeRefusal {
  readonly status: 400 | 403;
  readonly code: 'callback_invalid' | 'origin_refused';
  readonly text: string;
}

/**
 * Creates the envelope of a transport. `query`: the query of the request. The caller must have checked the page in
 * `embedding`.
 */
export type CreateEnvelope = (query: UrlQuery, embedding: Embedding) => Envelope | EnvelopeRefusal;

/** Some browsers neither display nor run a document before this many bytes arrived. */
const PRELUDE_BYTES = 2_048;

/**
 * Creates the document of a script-borne stream, which only calls its parent, under its own policy. A same-origin
 * parent is called by the function with the name of the frame; another parent gets messages to exactly the origin in
 * the address, which must be permitted to connect. Nothing else of the address is included.
 */
export const createDocument: CreateEnvelope = (query, embedding) => {
  const origin = query.get('origin') ?? embedding.own;
  if (origin === undefined || !embedding.allows(origin))
    return {
      status: 403,
      code: 'origin_refused',
      text: 'This origin may not connect. Add it to the setting "origins".',
    };
  const call =
    'function e(s){var p=parent,f;try{f=p.everywire$[name]}catch(x){}' +
    `if(f)f(s);else if(p.postMessage)p.postMessage(s,"${literalInside(origin)}")}`;
  const head = `<!doctype html><html><head><meta charset="utf-8"><title></title><script>${call}</script></head><body>\n`;
  return {
    headers: documentHeaders(embedding, "script-src 'unsafe-inline'; "),
    head: `${head.padEnd(PRELUDE_BYTES - 1)}\n`,
    tail: scriptOf(''),
  };
};

/**
 * Creates a script of one call of the function that the address names. It cannot be read as a document or another kind
 * of file (EN-22, EN-23).
 */
export const createJsonp = (query: UrlQuery): Envelope | EnvelopeRefusal => {
  const callback = query.get('cb') ?? '';
  if (!isCallback(callback))
    return {
      status: 400,
      code: 'callback_invalid',
      text: 'cb: up to four names with points between, 32 characters.',
    };
  return {
    headers: jsonpHeaders,
    head: jsonpHead(callback),
    tail: jsonpTail,
  };
};

/**
 * Returns headers that permit a document nothing except what `more` adds, and only let pages that may connect frame it.
 */
export function documentHeaders({ ancestors }: Embedding, more = ''): OutgoingHttpHeaders {
  return {
    'content-security-policy': `default-src 'none'; ${more}base-uri 'none'; form-action 'none'; frame-ancestors ${ancestors}`,
    'referrer-policy': 'no-referrer',
  };
}

/** Headers that make the answer harmless if a user opens it as a page. */
export const jsonpHeaders: OutgoingHttpHeaders = {
  'content-disposition': 'attachment; filename="answer.js"',
  'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
  'referrer-policy': 'no-referrer',
};
