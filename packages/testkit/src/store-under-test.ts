import type { Accounts, ChatLimits, Store } from '@everywire/chat';
import type { StoreDriver } from './store-driver.js';
import type { StoreOpening } from './store-openings/store-opening.js';

/** An empty store under test, with operations on its data from outside. */
export interface StoreUnderTest {
  readonly store: Store;
  /** The accounts of the same data, empty. */
  readonly accounts: Accounts;
  /** Closes the store and opens the same data again. */
  readonly reopen: () => Promise<Store>;
  /** Opens the same data once more, concurrently; `dispose` closes it. */
  readonly another: () => Promise<StoreOpening>;
  /** Takes a backup; the returned function opens a restored copy next to the running store (CH-26). */
  readonly backup: () => Promise<() => Promise<Store>>;
  /** Returns the stored data, in which texts can be searched. */
  readonly kept: () => string | Promise<string>;
  /** Closes all openings and removes the data. */
  readonly dispose: () => Promise<void>;
}

/** Creates an empty store. */
export type CreateStore = (limits: ChatLimits) => Promise<StoreUnderTest>;

/** Opens a store with a driver for one test; it is disposed of after the test. */
export type OpenStore = (limits?: ChatLimits) => Promise<StoreUnderTest & { readonly driver: StoreDriver }>;
