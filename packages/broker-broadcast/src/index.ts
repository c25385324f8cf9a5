export { type BroadcastOptions, createBroadcastBroker } from './broadcast-broker.js';
export { BrokerError } from './broker-error.js';
export type { Carrier } from './carrier.js';
