import type { TransportName } from './wire-client.js';

/** A browser's globals, as far as they tell what it can do. Anything may be missing. */
export interface Platform {
  readonly WebSocket?: { readonly prototype: object };
  readonly fetch?: unknown;
  readonly ReadableStream?: unknown;
  readonly EventSource?: unknown;
  readonly XMLHttpRequest?: new () => object;
  readonly ActiveXObject?: unknown;
  readonly XDomainRequest?: unknown;
  readonly document?: object;
}

/** Requests of script's own to other origins, by `XMLHttpRequest`: one that knows them also gives its answer while it comes. */
function asksAbroad({ XMLHttpRequest }: Platform): boolean {
  return !!XMLHttpRequest && 'withCredentials' in new XMLHttpRequest();
}

/** Whether script may post and read the answer by `XMLHttpRequest`, or by what ActiveX makes in its place. */
export function canPost(platform: Platform, abroad: boolean): boolean {
  return asksAbroad(platform) || (!abroad && !!(platform.XMLHttpRequest || platform.ActiveXObject));
}

/**
 * The transports a platform can do, best first, each by a sign of its own and none by a browser's name. Not all of a list are
 * worth a try, and nothing here says what the network lets through: that is the chooser's to find out. Multipart and short polling
 * are for those who ask for them by name.
 *
 * @param abroad the server has another origin than the page
 */
export function transportsOf(platform: Platform, abroad: boolean): readonly TransportName[] {
  const { WebSocket, fetch, ReadableStream, EventSource, XMLHttpRequest, ActiveXObject, XDomainRequest } = platform;
  const cors = asksAbroad(platform);
  // Those of Internet Explorer 7 to 9 say nothing before their end.
  const grows = !!XMLHttpRequest && !ActiveXObject && !abroad;
  const rows: readonly (readonly [TransportName, unknown])[] = [
    // What came before RFC 6455 knew no binary, and its handshake is answered by nobody.
    ['websocket', WebSocket && 'binaryType' in WebSocket.prototype],
    ['fetch-stream', fetch && ReadableStream],
    // Of its first stream the attach goes ahead by `fetch`.
    ['event-stream', fetch && ReadableStream && EventSource],
    ['xhr-stream', cors || grows],
    ['xdr-stream', XDomainRequest],
    ['htmlfile-stream', ActiveXObject && !cors && !abroad],
    // Where a request may tell nothing of itself until its end all the same, a frame does.
    ['iframe-stream', grows && !cors && platform.document],
    ['long-poll', canPost(platform, abroad)],
    ['xdr-poll', XDomainRequest],
    ['jsonp-poll', platform.document],
  ];
  return rows.filter(([, can]) => can).map(([name]) => name);
}
