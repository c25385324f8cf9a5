export { createPostgresBroker, type PostgresBrokerOptions } from './postgres-broker.js';
