/** A column of a table and the type that its values are sent as. */
export interface Column<Row> {
  readonly name: string;
  readonly type: 'int2' | 'int8' | 'bool' | 'text' | 'bytea';
  readonly of: (row: Row) => number | boolean | string | Buffer | null;
}

/** One array for each column, for `unnest`: rows travel as many values, not as many statements. */
export function arraysOf<Row>(columns: readonly Column<Row>[], rows: readonly Row[]): unknown[][] {
  return columns.map((column) => rows.map((row) => column.of(row)));
}

/** `unnest($1::int8[], …) AS alias(name, …)`. */
export function unnestOf<Row>(columns: readonly Column<Row>[], alias: string, first = 1): string {
  const arrays = columns.map(({ type }, at) => `$${first + at}::${type}[]`);
  return `unnest(${arrays.join(', ')}) AS ${alias}(${namesOf(columns)})`;
}

export function namesOf<Row>(columns: readonly Column<Row>[], prefix = ''): string {
  return columns.map(({ name }) => `${prefix}${name}`).join(', ');
}

/** `name = alias.name, …`, but for those of the key. */
export function settingsOf<Row>(columns: readonly Column<Row>[], alias: string, key: readonly string[]): string {
  const names = columns.map(({ name }) => name).filter((name) => !key.includes(name));
  return names.map((name) => `${name} = ${alias}.${name}`).join(', ');
}

/** UTF-8: see the schema. */
export function bytesOf(text: string): Buffer {
  return Buffer.from(text, 'utf8');
}
