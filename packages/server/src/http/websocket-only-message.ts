import { IncomingMessage } from 'node:http';

/**
 * A request whose `Upgrade` counts only where it names `websocket`; any other is ignored, as RFC 9110 section 7.8 allows, and the request is served as
 * if it had none. Node hands a request to 'upgrade' listeners by its header alone, so a client that offers HTTP/2 (`h2c`) with each request would never
 * be answered. For `createServer({ IncomingMessage: WebSocketOnlyMessage })`. The connection of a request whose `Upgrade` was ignored ends with its answer,
 * where a transport server is attached.
 */
export class WebSocketOnlyMessage extends IncomingMessage {
  /** Whether it offers another protocol. Declared alone: the constructor of Node's class sets `upgrade` before this one has any fields. */
  declare offersUpgrade: boolean;

  /** Node's parser sets it before the headers are there, and reads it once they are. */
  set upgrade(offered: boolean | null) {
    this.offersUpgrade = offered === true;
  }

  get upgrade(): boolean {
    return this.offersUpgrade && (this.method === 'CONNECT' || namesWebSocket(this.headers.upgrade));
  }
}

/** Whether it offered another protocol that was ignored. */
export function ignoresUpgrade(request: IncomingMessage): boolean {
  return request instanceof WebSocketOnlyMessage && request.offersUpgrade && !request.upgrade;
}

function namesWebSocket(protocols = ''): boolean {
  return protocols.split(',').some((protocol) => protocol.trim().toLowerCase() === 'websocket');
}
