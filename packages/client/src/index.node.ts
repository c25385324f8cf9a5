export { createWireClient } from './node/create-wire-client.js';
export type { Attempt, Status, TransportName, WireClient, WireClientEvents, WireClientOptions } from './wire-client.js';
export { WireError } from './wire-error.js';
