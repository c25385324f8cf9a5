export { type AccountsUnderTest, describeAccountsContract } from './accounts-contract.js';
export { type CreateBroker, describeBrokerContract } from './broker-contract.js';
export type { CutHow, Fault, FaultCounters, FaultScope } from './fault-proxy/fault.js';
export { createFaultProxy, type FaultProxy } from './fault-proxy/fault-proxy.js';
export { createRandom, type SeededRandom } from './seeded-random.js';
export { describeStoreContract } from './store-contract.js';
export { type Outcome, StoreDriver, type Unkeyed } from './store-driver.js';
export type { CreateStore, StoreUnderTest } from './store-under-test.js';
export { lowLimits, planTouch } from './touch-message.js';
