import type { SeededRandom } from '../seeded-random.js';

/** What a network does to the requests and WebSockets of its clients. */
export interface PathRules {
  /**
   * - `refused`: an Upgrade is answered by 403.
   * - `stripped`: the headers that ask for it are taken away; the server gets a plain GET.
   * - `dies`: it opens, and ends after `webSocketMs`.
   * - `swallows`: it opens, and nothing passes it in either direction.
   */
  webSocket: 'passes' | 'refused' | 'stripped' | 'dies' | 'swallows';
  webSocketMs: number;
  /**
   * - `buffered`: a response is passed on when it is complete.
   * - `gathered`: its pieces are passed on when `gatherBytes` have come, or at its end.
   * - `beheaded`: the first piece of a body of unknown length is dropped.
   */
  responses: 'pass' | 'buffered' | 'gathered' | 'beheaded';
  gatherBytes: number;
  /** Larger bodies of requests are refused. */
  bodyBytesMax: number;
  /** By a response of status 413, or by a cut without any. */
  refusal: { readonly body: string } | 'cut';
  /** Each POST that passes is sent twice, and the second response is used. */
  replays: boolean;
  /** Requests that are under way together, as in a browser whose other tabs hold the rest of its six connections; others wait. */
  requestsAtOnce: number;
  /** Milliseconds that each request, response and piece of a WebSocket is held back, each way. */
  delayMs: number;
  /** A response or WebSocket on which nothing passes for so long is cut. */
  idleMs: number;
  /**
   * Nothing passes: whatever is asked is answered by the page of a network that wants people to sign in, by a redirect to it, or by 511 (RFC 6585
   * section 6).
   */
  portal: 'none' | 'page' | 'redirect' | 'status';
}

/** A network that lets everything through. */
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

/** Networks that people meet, each by what it does; two may be combined. */
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

/** Networks that show themselves late, or that let nothing through. */
export const otherPathNames = ['idle connections cut', 'captive portal'] as const;

export type PathName = (typeof pathNames)[number] | (typeof otherPathNames)[number];

const PORTALS = ['page', 'redirect', 'status'] as const;

const REFUSALS: readonly PathRules['refusal'][] = [
  { body: '' },
  { body: '<html><h1>413 Request Entity Too Large</h1></html>' },
  { body: '{"code":"too_large"}' },
  'cut',
];

/** The rules of a named network, with parameters drawn at random. */
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
