/**
 * Gives account tables access to the database: `read` runs immediately or in another thread, `write` in the next group
 * commit. Both reject with `StoreError`.
 */
export interface Access {
  read<T>(work: () => T | Promise<T>): Promise<T>;
  write<T>(work: () => T): Promise<T>;
}
