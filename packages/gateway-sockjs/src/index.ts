export type { SockJsConnection, SockJsTransport } from './connection.js';
export type { SockJsGatewayOptions } from './options.js';
export { createSockJsGateway } from './sockjs-gateway.js';
