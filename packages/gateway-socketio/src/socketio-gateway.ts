import type { WireServer } from '@everywire/server';
import { checkDuration, gatewayHostOf, guardedTokenOf, knownOptions, TIMER_MS_MAX } from '@everywire/server/internal';
import type { EngineSettings } from './engine/connection.js';
import { EngineRoutes } from './engine/routes.js';
import {
  foreignOptions,
  foreignRecoveryOptions,
  optionNames,
  recoveryNames,
  type SocketIoGatewayOptions,
  type SocketIoHandshake,
} from './options.js';
import type { SocketIoGateway } from './socket-io.js';
import { AwaySockets } from './socketio/away-sockets.js';
import { Client } from './socketio/client.js';
import { GatewayApi, NamespaceApi } from './socketio/gateway-api.js';
import { Namespace } from './socketio/namespace.js';
import { createOffsets } from './socketio/offsets.js';

/** The namespace names that socket.io-client can send. */
const NAME = /^\/[^,?#]{0,255}$/;

/**
 * Serves Socket.IO 5 over Engine.IO 4 under a path of every http server that the wire server is attached to. The options of the
 * wire server for origins, limits and `authenticate` apply, and its `revoke` and `close` end Socket.IO connections too.
 *
 * @throws TypeError if an option is unknown, the path is invalid or in use, a limit is invalid, or the server was not created by
 * `createWireServer`; RangeError for a duration that cannot be waited for
 */
export function createSocketIoGateway(wire: WireServer, options: SocketIoGatewayOptions = {}): SocketIoGateway {
  const gateway = gatewayHostOf(wire);
  knownOptions('', options, optionNames, foreignOptions);
  const settings = settingsOf(options, gateway.limits.messageBytesMax);
  const { connectionStateRecovery: recovery } = options;
  if (recovery !== undefined) knownOptions('connectionStateRecovery.', recovery, recoveryNames, foreignRecoveryOptions);
  const tokenOf = guardedTokenOf(gateway, options.tokenOf ?? tokenOfAuth);
  const namespaces = new Map<string, Namespace>();
  const apis = new Map<string, NamespaceApi>();
  const host = {
    gateway,
    wire,
    tokenOf,
    offsets: createOffsets(),
    awaySockets: new AwaySockets(gateway),
    recoveryMs:
      recovery === undefined
        ? null
        : checkDuration('maxDisconnectionDuration', recovery.maxDisconnectionDuration ?? 120_000),
  };

  function of(name: string): NamespaceApi {
    if (!NAME.test(name)) throw new TypeError(`of: ${JSON.stringify(name)} is not a namespace such as /admin`);
    const known = apis.get(name);
    if (known !== undefined) return known;
    const namespace = new Namespace(name, host);
    const api = new NamespaceApi(namespace);
    namespaces.set(name, namespace);
    apis.set(name, api);
    return api;
  }

  const ownerOf = (connection: ConstructorParameters<typeof Client>[2]): Client =>
    new Client(gateway, namespaces, connection, settings.packetBytesMax);
  gateway.mount(options.path ?? '/socket.io', new EngineRoutes(gateway, settings, ownerOf));
  return new GatewayApi(of);
}

function settingsOf(options: SocketIoGatewayOptions, packetBytesMost: number): EngineSettings {
  const { pingInterval = 25_000, pingTimeout = 20_000, maxHttpBufferSize = packetBytesMost, transports } = options;
  checkDuration('pingInterval', pingInterval, 1);
  checkDuration('pingTimeout', pingTimeout, 1);
  if (pingInterval + pingTimeout > TIMER_MS_MAX)
    throw new RangeError(`pingInterval, pingTimeout: together above ${TIMER_MS_MAX}, the longest timer of clients`);
  if (typeof maxHttpBufferSize !== 'number' || !(maxHttpBufferSize > 0))
    throw new TypeError(`maxHttpBufferSize: ${String(maxHttpBufferSize)} is not a number above 0`);
  if (maxHttpBufferSize > packetBytesMost)
    throw new TypeError(`maxHttpBufferSize: above limits.messageBytesMax of the wire server, ${packetBytesMost}`);
  if (transports !== undefined && !transports.includes('polling') && !transports.includes('websocket'))
    throw new TypeError('transports: neither polling nor websocket');
  return {
    pingIntervalMs: pingInterval,
    pingTimeoutMs: pingTimeout,
    packetBytesMax: maxHttpBufferSize,
    websocket: transports?.includes('websocket') ?? true,
    polling: transports?.includes('polling') ?? true,
  };
}

function tokenOfAuth({ auth, headers }: SocketIoHandshake): string | undefined {
  const { token } = auth;
  if (typeof token === 'string') return token;
  const { authorization } = headers;
  return authorization !== undefined && /^bearer /i.test(authorization)
    ? authorization.slice('bearer '.length).trim()
    : undefined;
}
