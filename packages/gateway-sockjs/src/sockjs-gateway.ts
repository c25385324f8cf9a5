import type { WireServer } from '@everywire/server';
import { bearerOf, checkDuration, gatewayHostOf, guardedTokenOf, knownOptions } from '@everywire/server/internal';
import { foreignOptions, optionNames, type SockJsGatewayOptions } from './options.js';
import { SockJsRoutes } from './sockjs-routes.js';

/**
 * Serves SockJS 0.3.3 under a path of every http server that the wire server is attached to. The options of the wire server for
 * origins, limits and `authenticate` apply, and its `revoke` and `close` end SockJS connections too.
 *
 * @throws TypeError if an option is unknown, the path is invalid or in use, `clientUrl` is invalid, or the server was not created by
 * `createWireServer`; RangeError for a duration that is not a number of at least 1, or
 * `answerBytesMax` that is not above 0
 */
export function createSockJsGateway(wire: WireServer, options: SockJsGatewayOptions): void {
  const gateway = gatewayHostOf(wire);
  const settings = {
    websocket: true,
    jsonp: false,
    cookie: false,
    heartbeatMs: 25_000,
    disconnectMs: 5_000,
    answerBytesMax: 128 << 10,
    ...knownOptions('', options, optionNames, foreignOptions),
    tokenOf: guardedTokenOf(gateway, options.tokenOf ?? bearerOf),
  };
  checkDuration('heartbeatMs', settings.heartbeatMs, 1);
  checkDuration('disconnectMs', settings.disconnectMs, 1);
  const { answerBytesMax } = settings;
  if (typeof answerBytesMax !== 'number' || !(answerBytesMax > 0))
    throw new RangeError(`answerBytesMax: ${String(answerBytesMax)} is not a number above 0`);
  gateway.mount(options.path, new SockJsRoutes(gateway, settings));
}
