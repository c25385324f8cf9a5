/** A value of a row: an integer below 2^53, a boolean as 0 or 1, a text, bytes, or `null`. */
export type ExportedValue = number | string | Uint8Array | null;

/** All rows of one table, in a stable order. */
export interface ExportedTable {
  readonly name: string;
  readonly columns: readonly string[];
  rows(): Iterable<readonly ExportedValue[]>;
}

/** The whole content of a store, for import into another kind of store. The store must not change during the export. */
export interface StoreExport {
  /** Identifies the store. */
  readonly epoch: string;
  /** The tables. Each comes after the tables to which its rows refer. */
  readonly tables: readonly ExportedTable[];
}
