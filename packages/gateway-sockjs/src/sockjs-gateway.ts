import type { WireServer } from '@everywire/server';
import { bearerOf, gatewayHostOf, guardedTokenOf } from '@everywire/server/internal';
import type { SockJsGatewayOptions } from './options.js';
import { SockJsRoutes } from './sockjs-routes.js';

/**
 * Serves SockJS 0.3.3 under a path of every http server that the wire server is attached to. The options of the wire server for
 * origins, limits and `authenticate` apply, and its `revoke` and `close` end SockJS connections too.
 *
 * @throws TypeError if the path is invalid or in use, `clientUrl` is invalid, or the server was not created by
 * `createWireServer`
 */
export function createSockJsGateway(wire: WireServer, options: SockJsGatewayOptions): void {
  const gateway = gatewayHostOf(wire);
  const routes = new SockJsRoutes(gateway, {
    websocket: true,
    jsonp: false,
    cookie: false,
    heartbeatMs: 25_000,
    disconnectMs: 5_000,
    answerBytesMax: 128 << 10,
    ...options,
    tokenOf: guardedTokenOf(gateway, options.tokenOf ?? bearerOf),
  });
  gateway.mount(options.path, routes);
}
