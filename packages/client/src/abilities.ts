import type { TransportName } from './wire-client.js';

/** The globals that show what a browser can do. Any of them may be missing. */
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

/** Returns whether `XMLHttpRequest` can reach other origins. One that can also shows its response while it arrives. */
function asksAbroad({ XMLHttpRequest }: Platform): boolean {
  return !!XMLHttpRequest && 'withCredentials' in new XMLHttpRequest();
}

/** Returns whether script can post and read the response by `XMLHttpRequest` or its ActiveX predecessor. */
export function canPost(platform: Platform, abroad: boolean): boolean {
  return asksAbroad(platform) || (!abroad && !!(platform.XMLHttpRequest || platform.ActiveXObject));
}

/**
 * Returns the transports that a platform supports, best first, each detected by a feature and not by a browser's name. Not all of
 * them are worth a try, and the chooser finds out which the network allows. Multipart and short polling must be requested by
 * name.
 *
 * @param abroad whether the server has another origin than the page
 */
export function transportsOf(platform: Platform, abroad: boolean): readonly TransportName[] {
  const { WebSocket, fetch, ReadableStream, EventSource, XMLHttpRequest, ActiveXObject, XDomainRequest } = platform;
  const cors = asksAbroad(platform);
  // `XMLHttpRequest` of Internet Explorer 7 to 9 shows nothing before the response is complete.
  const grows = !!XMLHttpRequest && !ActiveXObject && !abroad;
  const rows: readonly (readonly [TransportName, unknown])[] = [
    // Drafts before RFC 6455 had no binary messages, and servers no longer answer their handshake.
    ['websocket', WebSocket && 'binaryType' in WebSocket.prototype],
    ['fetch-stream', fetch && ReadableStream],
    // The attach of its first stream is sent by `fetch`.
    ['event-stream', fetch && ReadableStream && EventSource],
    ['xhr-stream', cors || grows],
    ['xdr-stream', XDomainRequest],
    ['htmlfile-stream', ActiveXObject && !cors && !abroad],
    // Where a request may show nothing until it is complete, a frame still does.
    ['iframe-stream', grows && !cors && platform.document],
    ['long-poll', canPost(platform, abroad)],
    ['xdr-poll', XDomainRequest],
    ['jsonp-poll', platform.document],
  ];
  return rows.filter(([, can]) => can).map(([name]) => name);
}
