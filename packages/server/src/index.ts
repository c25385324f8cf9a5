export type { Broker, Publication, StampedPublication } from './broker.js';
export { createWireServer } from './create-wire-server.js';
export { defaultServerLimits, type ServerLimits } from './limits.js';
export type { RawLink, RawLinkKind, RawLinkRequest } from './raw-link.js';
export { WireError, type WireErrorCode, type WireErrorFacts } from './wire-error.js';
export type {
  AuthenticateRequest,
  Member,
  MembersChange,
  MembersPage,
  MembersQuery,
  PublishOptions,
  WireServer,
  WireServerOptions,
} from './wire-server.js';
export type {
  Claims,
  RequestContext,
  RequestHandler,
  RequestOptions,
  SendOptions,
  TopicClass,
  WireSession,
} from './wire-session.js';
