import type { WireServer } from '@everywire/server';
import { bearerOf, gatewayHostOf, guardedTokenOf } from '@everywire/server/internal';
import type { SockJsGatewayOptions } from './options.js';
import { SockJsRoutes } from './sockjs-routes.js';

/**
 * Serves SockJS 0.3.3 under a path of every http server that the wire server is attached to. Origins, limits and
 * `authenticate` are the
 * wire server's; it ends connections by `revoke` and `close`.
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
