export { type AccountsUnderTest, describeAccountsContract } from './accounts-contract.js';
export { logAddresses } from './address-log.js';
export { describeAdmissionContract } from './admission-contract.js';
export { type CreateBroker, describeBrokerContract } from './broker-contract.js';
export { describeCredentialsContract } from './credentials-contract.js';
export { alterBytes, dropCells, LEAF_PAGES_SQL as leafPagesSql, zeroPages } from './damaged-file.js';
export { type AnswerLosses, createDatabasePath, type DatabasePath } from './database-path/database-path.js';
export { describeDepartingContract } from './departing-contract.js';
export type { CutHow, Fault, FaultCounters, FaultScope } from './fault-proxy/fault.js';
export { createFaultProxy, type FaultProxy } from './fault-proxy/fault-proxy.js';
export { describeFileRecordsContract, type FileRecordsUnderTest } from './file-records-contract.js';
export { describeFilesContract, type FilesUnderTest } from './files-contract.js';
export { createLossyBroker, type FrameExchange, type LossyBroker } from './lossy-broker.js';
export { createNetworkPath, type NetworkPath } from './network-path/network-path.js';
export {
  drawRules,
  openPath,
  otherPathNames,
  type PathName,
  type PathRules,
  pathNames,
} from './network-path/path-rules.js';
export { createRandom, type SeededRandom } from './seeded-random.js';
export { describeStoreContract, describeStoreSearchContract } from './store-contract.js';
export { type DriverOutcome, fakeHash, StoreDriver, type Unkeyed } from './store-driver.js';
export { CommitGate } from './store-openings/commit-gate.js';
export { describeStoreOpeningSeeds, openingRules, runOpeningSeed } from './store-openings/describe-store-openings.js';
export { type OpeningRule, type Openings, openTwice } from './store-openings/race.js';
export { holdBefore, type StoreOpening, turnOfTheLoop } from './store-openings/store-opening.js';
export type { CreateStore, StoreUnderTest } from './store-under-test.js';
export { createTestAuthority, type TestAuthority, type TestCertificate } from './test-authority.js';
export { lowLimits, planTestTouch } from './touch-message.js';
