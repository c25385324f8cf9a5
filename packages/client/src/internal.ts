export { SessionController } from './session-controller.js';
export type { TransportEntry } from './transport.js';
export type { TransportTable } from './transport-table.js';
export { connect as connectXdrPoll } from './transports/xdr-poll.js';
export { connect as connectXdrPost } from './transports/xdr-post.js';
export { connect as connectXdrStream } from './transports/xdr-stream.js';
export { WireSocket } from './wire-socket.js';
