import { encodeJsonBody } from '@everywire/protocol/internal';
import type { CarrierRequest, Connect } from '../transport.js';
import { createTextReader } from './growing-text.js';

/**
 * The request class of Internet Explorer 8 and 9 for other origins. It transmits text in both directions, but no
 * status, headers or cookies.
 */
interface XDomainRequest {
  readonly responseText: string;
  onload: (() => void) | null;
  onprogress: (() => void) | null;
  onerror: (() => void) | null;
  ontimeout: (() => void) | null;
  open(method: string, url: string): void;
  send(body: string): void;
  abort(): void;
}
declare const XDomainRequest: new () => XDomainRequest;

/**
 * Creates a POST by `XDomainRequest` whose response of JSON lines is read as it arrives. @param pathOf path under the
 * prefix
 */
export function createXdrCarrier(pathOf: (request: CarrierRequest) => string): Connect {
  return (request, events) => {
    const xdr = new XDomainRequest();
    const read = createTextReader(events, request);
    const ignore = (): void => undefined;
    const close = (): void => {
      // All four handlers stay set until the end. If one were missing, the browser might drop the request silently.
      xdr.onload = xdr.onprogress = xdr.onerror = xdr.ontimeout = ignore;
      xdr.abort();
    };
    const end = (whole: boolean, reason?: string): void => {
      close();
      events.onEnded(whole, reason);
    };
    xdr.onprogress = () => {
      if (read(xdr.responseText)) end(false, 'damaged');
    };
    xdr.onload = () => {
      const damaged = read(xdr.responseText);
      end(!damaged, damaged ? 'damaged' : undefined);
    };
    // The browser does not state the cause. Errors of the server arrive differently, as a record with status 200.
    xdr.onerror = xdr.ontimeout = () => end(false);
    xdr.open('POST', `${request.url}/${pathOf(request)}`);
    xdr.send(encodeJsonBody(request.head!, request.messages));
    return { close };
  };
}
