import type { TransportName } from './wire-client.js';

/** The global variables by which the client detects the abilities of a browser. Any of them may be missing. */
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

/**
 * Returns whether `XMLHttpRequest` can send requests to other origins. An implementation that can do this also shows
 * its response while the response arrives.
 */
function canCrossOrigins({ XMLHttpRequest }: Platform): boolean {
  return !!XMLHttpRequest && 'withCredentials' in new XMLHttpRequest();
}

/**
 * Returns whether a script can post and read the response by `XMLHttpRequest` or its ActiveX predecessor.
 *
 * @param abroad whether the server has another origin than the page
 */
export function canPost(platform: Platform, abroad: boolean): boolean {
  return canCrossOrigins(platform) || (!abroad && !!(platform.XMLHttpRequest || platform.ActiveXObject));
}

/**
 * Returns the transports that a platform supports, best first. Detects each by a feature, not by the name of the
 * browser. The list says nothing about the network; the chooser finds out which of the transports it allows. Multipart
 * streams and short polling are not in the list, because an application must request them by name.
 *
 * @param abroad whether the server has another origin than the page
 */
export function transportsOf(platform: Platform, abroad: boolean): readonly TransportName[] {
  const { WebSocket, fetch, ReadableStream, EventSource, XMLHttpRequest, ActiveXObject, XDomainRequest } = platform;
  const cors = canCrossOrigins(platform);
  // `XMLHttpRequest` of Internet Explorer 7 to 9 shows nothing before the response is complete.
  const grows = !!XMLHttpRequest && !ActiveXObject && !abroad;
  const rows: readonly (readonly [TransportName, unknown])[] = [
    // Drafts before RFC 6455 had no binary messages, and servers no longer answer their handshake.
    ['websocket', WebSocket && 'binaryType' in WebSocket.prototype],
    ['fetch-stream', fetch && ReadableStream],
    // EventSource cannot post, so `fetch` sends the attach of the first stream.
    ['event-stream', fetch && ReadableStream && EventSource],
    ['xhr-stream', cors || grows],
    ['xdr-stream', XDomainRequest],
    ['htmlfile-stream', ActiveXObject && !cors && !abroad],
    // In browsers whose request may show nothing until the response is complete, a frame shows its content earlier.
    ['iframe-stream', grows && !cors && platform.document],
    ['long-poll', canPost(platform, abroad)],
    ['xdr-poll', XDomainRequest],
    ['jsonp-poll', platform.document],
  ];
  return rows.filter(([, can]) => can).map(([name]) => name);
}
