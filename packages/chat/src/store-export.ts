/** A value of a row: a whole number below 2^53, a truth as 0 or 1, a text, or bytes. */
export type ExportedValue = number | string | Uint8Array | null;

/** All rows of one table, in an order that does not change. */
export interface ExportedTable {
  readonly name: string;
  readonly columns: readonly string[];
  rows(): Iterable<readonly ExportedValue[]>;
}

/** All that a store holds, on its way to a store of another kind. Nothing changes it meanwhile. */
export interface StoreExport {
  /** Tells one store from another. */
  readonly epoch: string;
  /** A table comes after those that its rows refer to. */
  readonly tables: readonly ExportedTable[];
}
