export { createWireClient } from './create-wire-client.js';
export type {
  Attempt,
  RefusedEvent,
  RequestContext,
  RequestHandler,
  RequestOptions,
  SendOptions,
  Status,
  TransportName,
  WireClient,
  WireClientEvents,
  WireClientOptions,
} from './wire-client.js';
export { WireError } from './wire-error.js';
