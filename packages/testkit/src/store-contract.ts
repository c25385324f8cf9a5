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

/** What a store promises of the log, of lists, of members and of messages. */
const ofTheLog = [
  ...[describeStoreChanges, describeStoreCursors, describeStorePages, describeStoreList],
  ...[describeStoreLarge, describeStoreGroups, describeStoreGates, describeStoreOwn, describeStoreMessages],
  ...[describeStoreThreads, describeStoreFollowed, describeStoreFormer, describeStoreBytes, describeStoreDeparting],
  describeStoreOpenings,
];

/** What it promises of search, and of all that happens to rows while somebody searches. */
const besideSearch = [
  ...[describeStoreLife, describeStoreDeleting, describeStoreSearch, describeStoreSearchMoves],
  ...[describeStoreSearchReference, describeStoreRandom],
];

/** The contract of the `Store` port; every adapter runs it whole. */
export function describeStoreContract(name: string, createStore: CreateStore): void {
  describeParts(`store contract: ${name}`, createStore, [...ofTheLog, ...besideSearch]);
}

/** The part of the contract that distinguishes ways of searching, for an adapter that has several. */
export function describeStoreSearchContract(name: string, createStore: CreateStore): void {
  describeParts(`store contract, beside search: ${name}`, createStore, besideSearch);
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
