import { chatLimits } from '@everywire/chat';
import { afterEach, describe } from 'vitest';
import { describeStoreBytes } from './store-contract-bytes.js';
import { describeStoreChanges } from './store-contract-changes.js';
import { describeStoreCursors } from './store-contract-cursors.js';
import { describeStoreDeleting } from './store-contract-deleting.js';
import { describeStoreDeparting } from './store-contract-departing.js';
import { describeStoreFollowed } from './store-contract-followed.js';
import { describeStoreFormer } from './store-contract-former.js';
import { describeStoreGates } from './store-contract-gates.js';
import { describeStoreGroups } from './store-contract-groups.js';
import { describeStoreLarge } from './store-contract-large.js';
import { describeStoreLife } from './store-contract-life.js';
import { describeStoreList } from './store-contract-list.js';
import { describeStoreMessages } from './store-contract-messages.js';
import { describeStoreOwn } from './store-contract-own.js';
import { describeStorePages } from './store-contract-pages.js';
import { describeStoreRandom } from './store-contract-random.js';
import { describeStoreSearch } from './store-contract-search.js';
import { describeStoreSearchMoves } from './store-contract-search-moves.js';
import { describeStoreSearchReference } from './store-contract-search-reference.js';
import { describeStoreThreads } from './store-contract-threads.js';
import { StoreDriver } from './store-driver.js';
import { describeStoreOpenings } from './store-openings/describe-store-openings.js';
import type { CreateStore, OpenStore, StoreUnderTest } from './store-under-test.js';

/** The parts of the contract on the log, lists, members and messages. */
const logParts = [
  ...[describeStoreChanges, describeStoreCursors, describeStorePages, describeStoreList],
  ...[describeStoreLarge, describeStoreGroups, describeStoreGates, describeStoreOwn, describeStoreMessages],
  ...[describeStoreThreads, describeStoreFollowed, describeStoreFormer, describeStoreBytes, describeStoreDeparting],
  describeStoreOpenings,
];

/** The parts on search, and on changes that affect searched rows. */
const searchParts = [
  ...[describeStoreLife, describeStoreDeleting, describeStoreSearch, describeStoreSearchMoves],
  ...[describeStoreSearchReference, describeStoreRandom],
];

/** Describes the contract of the `Store` port. Every adapter must run all of it. */
export function describeStoreContract(name: string, createStore: CreateStore): void {
  describeParts(`store contract: ${name}`, createStore, [...logParts, ...searchParts]);
}

/** Describes only the parts on search, for an adapter with several search implementations. */
export function describeStoreSearchContract(name: string, createStore: CreateStore): void {
  describeParts(`store contract, search parts: ${name}`, createStore, searchParts);
}

function describeParts(title: string, createStore: CreateStore, parts: readonly ((open: OpenStore) => void)[]): void {
  describe(title, () => {
    const opened: StoreUnderTest[] = [];
    const open: OpenStore = async (limits = chatLimits) => {
      const underTest = await createStore(limits);
      opened.push(underTest);
      return { ...underTest, driver: new StoreDriver(underTest.store, limits) };
    };

    afterEach(async () => {
      for (const underTest of opened.splice(0)) await underTest.dispose();
    });

    for (const describePart of parts) describePart(open);
  });
}
