export { createClientAddresses } from './addresses/client-address.js';
export { addressKey, plainAddress, widerAddressKeys } from './addresses/remote-address.js';
export { repeatsHost } from './http/check-head.js';
export { createHostPolicy, parseHostName } from './http/host-policy.js';
export { letAnswerBeRead } from './http/let-answer-be-read.js';
export { WebSocketOnlyMessage } from './http/websocket-only-message.js';
