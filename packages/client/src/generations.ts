import type { Platform } from './abilities.js';
import type { TransportName } from './wire-client.js';

/**
 * Features by which the client recognises a browser's abilities. `WebSocket` is that of RFC 6455, `old WebSocket` an
 * earlier draft. `XHR 2` reaches other origins and shows its response while it arrives. `modules` are ES modules of
 * 2022.
 */
type Sign = 'modules' | 'fetch' | 'EventSource' | 'WebSocket' | 'old WebSocket' | 'XHR' | 'XHR 2' | 'XDR' | 'ActiveX';

/**
 * A generation of a browser: its features, and the transports that it gets for a server of its own and of another
 * origin.
 */
export interface Generation {
  readonly browser: string;
  readonly year: number;
  readonly signs: readonly Sign[];
  /** For a server of the page's own origin: the first transport, and the next one if the network blocks the first. */
  readonly home: readonly [TransportName, TransportName];
  /** The same for a server of another origin. */
  readonly abroad: readonly [TransportName, TransportName?];
}

const today = ['modules', 'fetch', 'EventSource', 'WebSocket', 'XHR 2'] as const;
const modern = { home: ['websocket', 'fetch-stream'], abroad: ['websocket', 'fetch-stream'] } as const;
const sockets = { home: ['websocket', 'xhr-stream'], abroad: ['websocket', 'xhr-stream'] } as const;
const streams = { home: ['xhr-stream', 'long-poll'], abroad: ['xhr-stream', 'long-poll'] } as const;
const plain = { home: ['xhr-stream', 'iframe-stream'], abroad: ['jsonp-poll'] } as const;

/**
 * Lists all generations, oldest first in each family. Documented in the client's guide; a test runs the client with
 * each.
 */
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

/** Returns those global variables of a browser of this generation that the client inspects. */
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
