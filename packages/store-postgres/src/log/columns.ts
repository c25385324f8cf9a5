/** A column of a table and the type of its parameter. */
export interface Column<Row> {
  readonly name: string;
  readonly type: 'int2' | 'int8' | 'bool' | 'text' | 'bytea';
  readonly of: (row: Row) => number | boolean | string | Buffer | null;
}

/** Returns one array per column for `unnest`, so that one statement writes many rows. */
export function arraysOf<Row>(columns: readonly Column<Row>[], rows: readonly Row[]): unknown[][] {
  return columns.map((column) => rows.map((row) => column.of(row)));
}

/** Returns `unnest($1::int8[], …) AS alias(name, …)`. */
export function unnestOf<Row>(columns: readonly Column<Row>[], alias: string, first = 1): string {
  const arrays = columns.map(({ type }, at) => `$${first + at}::${type}[]`);
  return `unnest(${arrays.join(', ')}) AS ${alias}(${columnNames(columns)})`;
}

/** Returns the column names separated by commas. */
export function columnNames<Row>(columns: readonly Column<Row>[], prefix = ''): string {
  return columns.map(({ name }) => `${prefix}${name}`).join(', ');
}

/** Returns `name = alias.name, …` for all columns except the key. */
export function settingsOf<Row>(columns: readonly Column<Row>[], alias: string, key: readonly string[]): string {
  const names = columns.map(({ name }) => name).filter((name) => !key.includes(name));
  return names.map((name) => `${name} = ${alias}.${name}`).join(', ');
}

/** Encodes a text as UTF-8, the form of texts in the schema. */
export function bytesOf(text: string): Buffer {
  return Buffer.from(text, 'utf8');
}
