/** How accounts reach the database: `read` at once, `write` in the next group commit. Both reject with `StoreError`. */
export interface Access {
  read<T>(work: () => T): Promise<T>;
  write<T>(work: () => T): Promise<T>;
}
