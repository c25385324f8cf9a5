import { IncomingMessage } from 'node:http';

/**
 * A request that Node treats as an upgrade only if its `Upgrade` header names `websocket`. Any other `Upgrade` is ignored, as RFC 9110
 * section 7.8 allows. Without this class, Node would give the requests of a client that always offers HTTP/2 (`h2c`) to the 'upgrade'
 * listeners, which would not answer them.
 *
 * Use it as `createServer({ IncomingMessage: WebSocketUpgradeMessage })`. If a transport server is attached, the connection ends
 * after the answer to a request whose `Upgrade` was ignored.
 */
export class WebSocketUpgradeMessage extends IncomingMessage {
  /**
   * Whether the request offers another protocol. Only declared, not initialised, because the constructor of Node's class sets `upgrade`
   * first, and an initial value would then overwrite the result.
   */
  declare offersUpgrade: boolean;

  /** Node's parser sets this property before the headers are known, and reads it afterwards. */
  set upgrade(offered: boolean | null) {
    this.offersUpgrade = offered === true;
  }

  get upgrade(): boolean {
    return this.offersUpgrade && (this.method === 'CONNECT' || namesWebSocket(this.headers.upgrade));
  }
}

/** Returns whether the request offered another protocol that was ignored. */
export function ignoresUpgrade(request: IncomingMessage): boolean {
  return (
    (request as Partial<WebSocketUpgradeMessage>).offersUpgrade === true &&
    !(request as WebSocketUpgradeMessage).upgrade
  );
}

function namesWebSocket(protocols = ''): boolean {
  return protocols.split(',').some((protocol) => protocol.trim().toLowerCase() === 'websocket');
}
