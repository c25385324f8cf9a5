export type { SocketIoGatewayOptions, SocketIoHandshake } from './options.js';
export type {
  SocketIoBroadcast,
  SocketIoEmitter,
  SocketIoGateway,
  SocketIoHandler,
  SocketIoMiddleware,
  SocketIoNamespace,
  SocketIoSocket,
  SocketIoTimeout,
} from './socket-io.js';
export { createSocketIoGateway } from './socketio-gateway.js';
