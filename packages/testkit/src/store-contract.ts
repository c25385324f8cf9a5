import { type ChatLimits, chatLimits, type Store } from '@everywire/chat';
import { afterEach, describe } from 'vitest';
import { describeStoreChanges } from './store-contract-changes.js';
import { describeStoreCursors } from './store-contract-cursors.js';
import { describeStoreLarge } from './store-contract-large.js';
import { describeStoreLife } from './store-contract-life.js';
import { describeStoreList } from './store-contract-list.js';
import { describeStorePages } from './store-contract-pages.js';
import { describeStoreRandom } from './store-contract-random.js';
import { StoreDriver } from './store-driver.js';

/** One store under test, empty, and what can be done to it from outside. */
export interface StoreUnderTest {
  readonly store: Store;
  /** Closes the store and opens the same data again; `null` where nothing is kept. */
  readonly reopen: (() => Promise<Store>) | null;
  /** Takes a backup now; what it answers opens a restored copy beside the running store (CH-26). */
  readonly backup: () => Promise<() => Promise<Store>>;
  /** Closes whatever is open and removes what was kept. */
  readonly dispose: () => Promise<void>;
}

export type CreateStore = (limits: ChatLimits) => Promise<StoreUnderTest>;

/** Opens a store for one test and says how to drive it; disposed of after the test. */
export type OpenStore = (limits?: ChatLimits) => Promise<StoreUnderTest & { readonly driver: StoreDriver }>;

/** The contract of the `Store` port; every adapter runs it whole. */
export function describeStoreContract(name: string, createStore: CreateStore): void {
  describe(`store contract: ${name}`, () => {
    const opened: StoreUnderTest[] = [];
    const open: OpenStore = async (limits = chatLimits) => {
      const underTest = await createStore(limits);
      opened.push(underTest);
      return { ...underTest, driver: new StoreDriver(underTest.store, limits) };
    };

    afterEach(async () => {
      for (const underTest of opened.splice(0)) await underTest.dispose();
    });

    describeStoreChanges(open);
    describeStoreCursors(open);
    describeStorePages(open);
    describeStoreList(open);
    describeStoreLarge(open);
    describeStoreLife(open);
    describeStoreRandom(open);
  });
}
