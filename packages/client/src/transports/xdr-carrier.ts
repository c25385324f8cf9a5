import { encodeJsonBody } from '@everywire/protocol/internal';
import type { CarrierRequest, Connect } from '../transport.js';
import { createTextReader } from './growing-text.js';

/** What Internet Explorer 8 and 9 have for other origins: text both ways, and neither status nor headers nor cookies. */
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

/** A POST by `XDomainRequest` whose answer is lines of JSON, read while they come. @param pathOf where under the prefix */
export function createXdrCarrier(pathOf: (request: CarrierRequest) => string): Connect {
  return (request, events) => {
    const xdr = new XDomainRequest();
    const read = createTextReader(events, request);
    const ignore = (): void => undefined;
    const close = (): void => {
      // All four are set as long as it lives: without one of them it may be given up without a word.
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
    // It does not say why: an error of ours comes as a record with 200.
    xdr.onerror = xdr.ontimeout = () => end(false);
    xdr.open('POST', `${request.url}/${pathOf(request)}`);
    xdr.send(encodeJsonBody(request.head!, request.messages));
    return { close };
  };
}
