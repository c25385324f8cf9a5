import type { Platform } from './abilities.js';
import type { TransportName } from './wire-client.js';

/**
 * What a browser shows of itself, each by the sign that the client looks for. `WebSocket` is that of RFC 6455; `old WebSocket` one
 * of the drafts before it. `XHR 2` asks other origins and gives its answer while it comes. `modules` are ES modules of 2022.
 */
type Sign = 'modules' | 'fetch' | 'EventSource' | 'WebSocket' | 'old WebSocket' | 'XHR' | 'XHR 2' | 'XDR' | 'ActiveX';

/** One generation: what it has, and what it gets of that where its server is at home and where it is of another origin. */
export interface Generation {
  readonly browser: string;
  readonly year: number;
  readonly signs: readonly Sign[];
  /** The first pick, and what comes after it where the network lets that not through. */
  readonly home: readonly [TransportName, TransportName];
  readonly abroad: readonly [TransportName, TransportName?];
}

const today = ['modules', 'fetch', 'EventSource', 'WebSocket', 'XHR 2'] as const;
const modern = { home: ['websocket', 'fetch-stream'], abroad: ['websocket', 'fetch-stream'] } as const;
const sockets = { home: ['websocket', 'xhr-stream'], abroad: ['websocket', 'xhr-stream'] } as const;
const streams = { home: ['xhr-stream', 'long-poll'], abroad: ['xhr-stream', 'long-poll'] } as const;
const plain = { home: ['xhr-stream', 'iframe-stream'], abroad: ['jsonp-poll'] } as const;

/** Oldest first in each family. Told in the client's guide; a test presents each to the client. */
export const generations: readonly Generation[] = [
  {
    browser: 'Internet Explorer 6',
    year: 2001,
    signs: ['ActiveX'],
    home: ['htmlfile-stream', 'long-poll'],
    abroad: ['jsonp-poll'],
  },
  {
    browser: 'Internet Explorer 7',
    year: 2006,
    signs: ['ActiveX', 'XHR'],
    home: ['htmlfile-stream', 'long-poll'],
    abroad: ['jsonp-poll'],
  },
  {
    browser: 'Internet Explorer 8, 9',
    year: 2009,
    signs: ['ActiveX', 'XHR', 'XDR'],
    home: ['xdr-stream', 'htmlfile-stream'],
    abroad: ['xdr-stream', 'xdr-poll'],
  },
  { browser: 'Internet Explorer 10, 11', year: 2012, signs: ['ActiveX', 'XHR 2', 'WebSocket'], ...sockets },
  { browser: 'Edge 12 to 18', year: 2015, signs: ['XHR 2', 'WebSocket', 'fetch'], ...sockets },
  { browser: 'Firefox 2, 3', year: 2006, signs: ['XHR'], ...plain },
  { browser: 'Firefox 3.5 to 10', year: 2009, signs: ['XHR 2'], ...streams },
  { browser: 'Firefox 11 to 93', year: 2012, signs: ['XHR 2', 'WebSocket', 'EventSource'], ...sockets },
  { browser: 'Firefox 94 to today', year: 2021, signs: today, ...modern },
  { browser: 'Safari 3', year: 2007, signs: ['XHR'], ...plain },
  { browser: 'Safari 4, 5; iOS 3 to 5', year: 2009, signs: ['XHR 2', 'old WebSocket'], ...streams },
  { browser: 'Safari 6 to 16.3', year: 2012, signs: ['XHR 2', 'WebSocket', 'EventSource'], ...sockets },
  { browser: 'Safari 16.4 to today', year: 2023, signs: today, ...modern },
  { browser: 'Chrome 1 to 3', year: 2008, signs: ['XHR'], ...plain },
  { browser: 'Chrome 4 to 14; Android 2, 3', year: 2010, signs: ['XHR 2', 'old WebSocket'], ...streams },
  { browser: 'Chrome 15 to 93; Android 4.4', year: 2011, signs: ['XHR 2', 'WebSocket', 'EventSource'], ...sockets },
  { browser: 'Chrome and Edge 94 to today', year: 2021, signs: today, ...modern },
  { browser: 'Opera 9 to 11', year: 2006, signs: ['XHR'], ...plain },
  { browser: 'Opera 12', year: 2012, signs: ['XHR 2', 'WebSocket', 'EventSource'], ...sockets },
];

/** The globals of such a browser, as far as the client looks at them. */
export function platformOf({ signs }: Generation): Platform {
  const has = (sign: Sign): boolean => signs.includes(sign);
  const Request = has('XHR 2')
    ? class {
        withCredentials = false;
      }
    : class {};
  return {
    document: {},
    ...(has('fetch') && { fetch: {}, ...(has('modules') && { ReadableStream: {} }) }),
    ...(has('EventSource') && { EventSource: {} }),
    ...(has('WebSocket') && { WebSocket: { prototype: { binaryType: '' } } }),
    ...(has('old WebSocket') && { WebSocket: { prototype: {} } }),
    ...((has('XHR') || has('XHR 2')) && { XMLHttpRequest: Request }),
    ...(has('XDR') && { XDomainRequest: {} }),
    ...(has('ActiveX') && { ActiveXObject: {} }),
  };
}
