export {
  type RecordedEntry,
  type RecordedLink,
  type RecordedMessage,
  type ServerRecording,
  type WireCode,
  WireError,
  type WireErrorFacts,
} from '@everywire/protocol';
export { type JsonValue, sessionProtocol } from '@everywire/protocol/internal';
export type { Broker, Publication } from './broker.js';
export { createWireServer } from './create-wire-server.js';
export type { FlashPolicy } from './flash-socket/wording.js';
export { defaultServerLimits, type ServerLimits } from './limits.js';
export type { RawLink, RawLinkKind, RawLinkRequest } from './raw/raw-link.js';
export type { NodeIdentity } from './sessions/locator.js';
export type { GatewayClient, Policy, PolicyAction, PolicyAnswer, PolicySubject } from './sessions/policy.js';
export {
  type FrozenSessions,
  type SnapshotFileFault,
  saveSessions,
  type TakenSessions,
  takeSessions,
} from './sessions/snapshot-file.js';
export type { TransportChange, TriedTransport } from './sessions/transport-history.js';
export type {
  AuthenticateRequest,
  JoinedSession as Member,
  MembersChange,
  MembersPage,
  MembersQuery,
  SessionPath,
  SessionRecording,
  TopicListener,
  WireServer,
  WireServerOptions,
} from './wire-server.js';
export type {
  Claims,
  PublishOptions,
  RequestContext,
  RequestHandler,
  RequestOptions,
  SendData,
  SendOptions,
  TopicClass,
  WireSession,
} from './wire-session.js';
