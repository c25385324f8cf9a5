export { BrokerClosedError, createMemoryBroker, createMemoryExchange, type MemoryExchange } from './memory-broker.js';
