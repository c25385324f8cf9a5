import { type CustomTypesConfig, types } from 'pg';

/** Of `int8` and its arrays; everything that is kept in one stays below 2^53. */
const INT8 = 20;
const INT8_ARRAY = 1016;

/** `int8` as numbers; `xid8` and snapshots stay text, because they are compared in SQL alone. */
export const columnTypes: CustomTypesConfig = {
  getTypeParser: ((oid: number, format?: 'text' | 'binary') => {
    if (oid === INT8) return Number;
    if (oid === INT8_ARRAY) return (text: string) => (text === '{}' ? [] : text.slice(1, -1).split(',').map(Number));
    return types.getTypeParser(oid, format ?? 'text');
  }) as CustomTypesConfig['getTypeParser'],
};

const names = new Map<string, string>();

/**
 * One statement with its values, prepared once on each connection. `text` must be one of a fixed set: a connection keeps every statement it was
 * given for as long as it lives.
 */
export function statement(text: string, values: readonly unknown[]): { name: string; text: string; values: unknown[] } {
  let name = names.get(text);
  if (name === undefined) {
    name = `s${names.size + 1}`;
    names.set(text, name);
  }
  return { name, text, values: [...values] };
}
