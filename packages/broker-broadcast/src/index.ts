export { type BroadcastOptions, createBroadcastBroker } from './broadcast-broker.js';
export type { BrokerCarrier } from './broker-carrier.js';
export { BrokerError } from './broker-error.js';
export type { BrokerKey } from './broker-key.js';
