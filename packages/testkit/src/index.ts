export { type CreateBroker, describeBrokerContract } from './broker-contract.js';
