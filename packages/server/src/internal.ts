export { bytesOf, callGuarded, type ForeignOptions, isThenable, knownOptions } from '@everywire/protocol/internal';
export { createClientAddresses } from './addresses/client-address.js';
export { addressKey, plainAddress, widerAddressKeys } from './addresses/remote-address.js';
export { type Budgets, budgetsOf } from './budgets.js';
export { checkDuration, TIMER_MS_MAX } from './check-duration.js';
export { errorLocation } from './error-location.js';
export { corsHeaders, GatewayAnswers, NEVER_KEPT, say } from './gateway/gateway-answers.js';
export {
  type GatewayHost,
  type GatewayLink,
  type GatewaySocket,
  type GatewaySocketOwner,
  gatewayHostOf,
} from './gateway/gateway-host.js';
export { type GatewayMember, GatewayTopics } from './gateway/gateway-topics.js';
export { guardedTokenOf } from './gateway/guarded-token-of.js';
export { accepts } from './http/accepts.js';
export { hasDuplicateHost } from './http/check-head.js';
export { createHostPolicy, parseHostName } from './http/host-policy.js';
export { lingerBeforeClose } from './http/linger-before-close.js';
export { createOriginList, originFault } from './http/origin-list.js';
export type { OriginVerdict } from './http/origin-policy.js';
export { onPeerEnded } from './http/request-gate.js';
export type { StreamBody } from './http/stream-body.js';
export { WebSocketUpgradeMessage } from './http/websocket-only-message.js';
export type { RawPublication } from './raw/raw-publication.js';
export { bearerOf } from './sessions/bearer.js';
export { createDeadline, type TimerEntry } from './timer-wheel.js';
export type { TopicAudience } from './topics/topic.js';
