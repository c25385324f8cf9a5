export { type WireCode, WireError, type WireErrorFacts } from '@everywire/protocol';
export { createWireClient } from './node/create-wire-client.js';
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
  WireCloseEvent,
  WireHandler,
  WireListener,
  WireListenerOptions,
  WireMessageEvent,
} from './wire-client.js';
