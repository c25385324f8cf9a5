import type { Accounts, ChatLimits, Store } from '@everywire/chat';
import type { StoreDriver } from './store-driver.js';
import type { StoreOpening } from './store-openings/store-opening.js';

/** One store under test, empty, and what can be done to it from outside. */
export interface StoreUnderTest {
  readonly store: Store;
  /** The accounts beside it, empty. */
  readonly accounts: Accounts;
  /** Closes the store and opens the same data again. */
  readonly reopen: () => Promise<Store>;
  /** Opens the same data once more, beside what is open; `dispose` closes it. */
  readonly another: () => Promise<StoreOpening>;
  /** Takes a backup now; what it answers opens a restored copy beside the running store (CH-26). */
  readonly backup: () => Promise<() => Promise<Store>>;
  /** All that is kept, as it is kept: texts can be looked for in it. */
  readonly kept: () => string | Promise<string>;
  /** Closes whatever is open and removes what was kept. */
  readonly dispose: () => Promise<void>;
}

export type CreateStore = (limits: ChatLimits) => Promise<StoreUnderTest>;

/** Opens a store for one test and says how to drive it; disposed of after the test. */
export type OpenStore = (limits?: ChatLimits) => Promise<StoreUnderTest & { readonly driver: StoreDriver }>;
