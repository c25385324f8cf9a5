/** A column of a table, with the SQL type of its parameter and a function that returns its value in a row. */
export interface Column<Row> {
  readonly name: string;
  readonly type: 'int2' | 'int8' | 'bool' | 'text' | 'bytea';
  readonly of: (row: Row) => number | boolean | string | Buffer | null;
}

/**
 * Returns the values of many rows as one array per column. SQL's `unnest` turns such arrays back into rows, so that one
 * statement writes many rows.
 */
export function arraysOf<Row>(columns: readonly Column<Row>[], rows: readonly Row[]): unknown[][] {
  return columns.map((column) => rows.map((row) => column.of(row)));
}

/** Returns `unnest($1::int8[], …) AS alias(name, …)`; the parameters are numbered from `first`. */
export function unnestOf<Row>(columns: readonly Column<Row>[], alias: string, first = 1): string {
  const arrays = columns.map(({ type }, at) => `$${first + at}::${type}[]`);
  return `unnest(${arrays.join(', ')}) AS ${alias}(${columnNames(columns)})`;
}

/** Returns the column names, each after `prefix`, separated by commas. */
export function columnNames<Row>(columns: readonly Column<Row>[], prefix = ''): string {
  return columns.map(({ name }) => `${prefix}${name}`).join(', ');
}

/** Returns the assignments of an UPDATE, `name = alias.name, …`, for all columns except those of the key. */
export function settingsOf<Row>(columns: readonly Column<Row>[], alias: string, key: readonly string[]): string {
  const names = columns.map(({ name }) => name).filter((name) => !key.includes(name));
  return names.map((name) => `${name} = ${alias}.${name}`).join(', ');
}

/** Encodes a text as UTF-8. The log stores texts as bytes (`log-schema.ts`). */
export function bytesOf(text: string): Buffer {
  return Buffer.from(text, 'utf8');
}
