import type { SeededRandom } from '../seeded-random.js';

/** How a network treats the requests and WebSockets of its clients. */
export interface PathRules {
  /**
   * - `refused`: an Upgrade is answered with 403.
   * - `stripped`: the headers that request it are removed; the server gets a plain GET.
   * - `dies`: the WebSocket opens and ends after `webSocketMs`.
   * - `swallows`: the WebSocket opens, but no data passes in either direction.
   */
  webSocket: 'passes' | 'refused' | 'stripped' | 'dies' | 'swallows';
  webSocketMs: number;
  /**
   * - `buffered`: a response is forwarded when it is complete.
   * - `gathered`: its pieces are forwarded when `gatherBytes` have arrived, or at its end.
   * - `beheaded`: the first piece of a body of unknown length is dropped.
   */
  responses: 'pass' | 'buffered' | 'gathered' | 'beheaded';
  gatherBytes: number;
  /** The largest accepted request body, bytes. */
  bodyBytesMax: number;
  /** How a larger body is rejected: by a response with status 413, or by a cut without a response. */
  refusal: { readonly body: string } | 'cut';
  /** Sends each POST twice and uses the second response. */
  replays: boolean;
  /** The most concurrent requests, as in a browser whose other tabs use the rest of its six connections; others wait. */
  requestsAtOnce: number;
  /** The delay of each request, response and WebSocket piece per direction, ms. */
  delayMs: number;
  /** The idle time after which a response or WebSocket is cut, ms. */
  idleMs: number;
  /**
   * Answers every request like a captive portal: with its sign-in page, with a redirect to it, or with 511 (RFC 6585 section 6). `none` disables it.
   */
  portal: 'none' | 'page' | 'redirect' | 'status';
}

/** Returns the rules of a network that passes everything. */
export function openPath(): PathRules {
  return {
    webSocket: 'passes',
    webSocketMs: 0,
    responses: 'pass',
    gatherBytes: 0,
    bodyBytesMax: Number.POSITIVE_INFINITY,
    refusal: { body: '' },
    replays: false,
    requestsAtOnce: Number.POSITIVE_INFINITY,
    delayMs: 0,
    idleMs: Number.POSITIVE_INFINITY,
    portal: 'none',
  };
}

/** Realistic networks, each named after its behaviour; two may be combined. */
export const pathNames = [
  'WebSocket refused',
  'Upgrade stripped',
  'WebSocket dies',
  'WebSocket swallows',
  'responses buffered',
  'beginnings lost or late',
  'large requests refused',
  'connections exhausted',
  'requests replayed',
] as const;

/** Networks whose effect comes late, or that pass nothing. */
export const otherPathNames = ['idle connections cut', 'captive portal'] as const;

/** The name of a network. */
export type PathName = (typeof pathNames)[number] | (typeof otherPathNames)[number];

const PORTALS = ['page', 'redirect', 'status'] as const;

const REFUSALS: readonly PathRules['refusal'][] = [
  { body: '' },
  { body: '<html><h1>413 Request Entity Too Large</h1></html>' },
  { body: '{"code":"too_large"}' },
  'cut',
];

/** Returns the rules of a named network with random parameters. */
export function drawRules(name: PathName, random: SeededRandom): Partial<PathRules> {
  switch (name) {
    case 'WebSocket refused':
      return { webSocket: 'refused' };
    case 'Upgrade stripped':
      return { webSocket: 'stripped' };
    case 'WebSocket dies':
      return { webSocket: 'dies', webSocketMs: 50 + random.below(1500) };
    case 'WebSocket swallows':
      return { webSocket: 'swallows' };
    case 'responses buffered':
      return { responses: 'buffered' };
    case 'beginnings lost or late':
      return random.chance(0.5)
        ? { responses: 'beheaded' }
        : { responses: 'gathered', gatherBytes: 512 << random.below(6) };
    case 'large requests refused':
      return { bodyBytesMax: 1000 + random.below(1500), refusal: random.pick(REFUSALS) };
    case 'connections exhausted':
      return { requestsAtOnce: 1 };
    case 'requests replayed':
      return { replays: true };
    case 'idle connections cut':
      return { idleMs: 20_000 };
    case 'captive portal':
      return { portal: random.pick(PORTALS) };
  }
}
