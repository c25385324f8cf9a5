import { IncomingMessage } from 'node:http';

/**
 * A request that Node treats as an upgrade only if its `Upgrade` names `websocket`. Any other `Upgrade` is ignored, as RFC 9110
 * section 7.8 allows. Otherwise Node would give the requests of a client that always offers HTTP/2 (`h2c`) to the 'upgrade'
 * listeners, and they would not be answered.
 *
 * Use it as `createServer({ IncomingMessage: WebSocketUpgradeMessage })`. If a transport server is attached, the connection ends
 * after the answer to a request whose `Upgrade` was ignored.
 */
export class WebSocketUpgradeMessage extends IncomingMessage {
  /**
   * Whether the request offers another protocol. Only declared: the constructor of Node's class sets `upgrade` before this class
   * has fields.
   */
  declare offersUpgrade: boolean;

  /** Node's parser sets it before the headers are known and reads it afterwards. */
  set upgrade(offered: boolean | null) {
    this.offersUpgrade = offered === true;
  }

  get upgrade(): boolean {
    return this.offersUpgrade && (this.method === 'CONNECT' || namesWebSocket(this.headers.upgrade));
  }
}

/** Returns whether the request offered another protocol that was ignored. */
export function ignoresUpgrade(request: IncomingMessage): boolean {
  return request instanceof WebSocketUpgradeMessage && request.offersUpgrade && !request.upgrade;
}

function namesWebSocket(protocols = ''): boolean {
  return protocols.split(',').some((protocol) => protocol.trim().toLowerCase() === 'websocket');
}
