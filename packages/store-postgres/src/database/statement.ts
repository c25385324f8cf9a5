import { type CustomTypesConfig, types } from 'pg';

/** The type ids of `int8` and of its arrays. All stored values are below 2^53, so JavaScript numbers can hold them. */
const INT8 = 20;
const INT8_ARRAY = 1016;

/** Parses `int8` as numbers. Transaction ids (`xid8`) stay texts. */
export const columnTypes: CustomTypesConfig = {
  getTypeParser: ((oid: number, format?: 'text' | 'binary') => {
    if (oid === INT8) return Number;
    if (oid === INT8_ARRAY) return (text: string) => (text === '{}' ? [] : text.slice(1, -1).split(',').map(Number));
    return types.getTypeParser(oid, format ?? 'text');
  }) as CustomTypesConfig['getTypeParser'],
};

const names = new Map<string, string>();

/**
 * Returns a statement with its values and with a name, under which each connection prepares the statement once. `text`
 * must be of a fixed set, because a connection keeps every prepared statement until it closes.
 */
export function statement(text: string, values: readonly unknown[]): { name: string; text: string; values: unknown[] } {
  let name = names.get(text);
  if (name === undefined) {
    name = `s${names.size + 1}`;
    names.set(text, name);
  }
  return { name, text, values: [...values] };
}
