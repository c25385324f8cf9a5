import type { OutgoingHttpHeaders } from 'node:http';
import { isCallback, jsonpHead, jsonpTail, literalInside, scriptOf } from '@everywire/protocol/internal';
import type { Embedding } from './origin-policy.js';
import type { Query } from './plain-query.js';

/** What stands around the items of one answer that a script reads, made for the request it answers. All of it is ASCII. */
export interface Envelope {
  readonly headers: OutgoingHttpHeaders;
  readonly head: string;
  /** Behind the last item, where the answer ends in order. */
  readonly tail: string;
}

/** The address asks for none that may be given. */
interface EnvelopeRefusal {
  readonly status: 400 | 403;
  readonly code: 'callback_invalid' | 'origin_refused';
  readonly text: string;
}

/** A function of the row: `query` is that of the request, whose page `embedding` has been checked. */
export type CreateEnvelope = (query: Query, embedding: Embedding) => Envelope | EnvelopeRefusal;

/** Some browsers show or run nothing of a document before so many bytes of it came. */
const PRELUDE_BYTES = 2_048;

/**
 * The document of a script-borne stream: nothing but calls into its parent, under a policy of its own. Its own origin's parent is
 * called by the function that bears the frame's name; any other gets messages to exactly the origin that the address names, which
 * is one that may connect. Nothing else of the address is in it.
 */
export const createDocument: CreateEnvelope = (query, embedding) => {
  const origin = query.get('origin') ?? embedding.own;
  if (origin === undefined || !embedding.allows(origin))
    return { status: 403, code: 'origin_refused', text: 'A page of this origin may not connect here.' };
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

/** A script that is one call of the function the address names. It is no document, and no file of any other kind (EN-22, EN-23). */
export const createJsonp = (query: Query): Envelope | EnvelopeRefusal => {
  const callback = query.get('cb') ?? '';
  if (!isCallback(callback))
    return { status: 400, code: 'callback_invalid', text: 'cb: up to four names with points between, 32 characters.' };
  return {
    headers: jsonpHeaders,
    head: jsonpHead(callback),
    tail: jsonpTail,
  };
};

/** What a document of this server may do: nothing, but for what `more` adds; and only pages that may connect may frame it. */
export function documentHeaders({ ancestors }: Embedding, more = ''): OutgoingHttpHeaders {
  return {
    'content-security-policy': `default-src 'none'; ${more}base-uri 'none'; form-action 'none'; frame-ancestors ${ancestors}`,
    'referrer-policy': 'no-referrer',
  };
}

/** For whoever opens such an answer as a page. */
export const jsonpHeaders: OutgoingHttpHeaders = {
  'content-disposition': 'attachment; filename="answer.js"',
  'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
  'referrer-policy': 'no-referrer',
};
