/** How accounts reach the database: `read` at once or by another thread, `write` in the next group commit. Both reject with `StoreError`. */
export interface Access {
  read<T>(work: () => T | Promise<T>): Promise<T>;
  write<T>(work: () => T): Promise<T>;
}
