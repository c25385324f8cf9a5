export type { SocketIoGatewayOptions, SocketIoHandshake } from './options.js';
export type {
  SocketIoBroadcast,
  SocketIoEmitter,
  SocketIoEventMiddleware,
  SocketIoGateway,
  SocketIoHandler,
  SocketIoMiddleware,
  SocketIoNamespace,
  SocketIoSocket,
  SocketIoTimeout,
  SocketIoVolatile,
} from './socket-io.js';
export { createSocketIoGateway } from './socketio-gateway.js';
