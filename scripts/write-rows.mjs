import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';

/**
 * Writes JSON with one line per field in the first `depth` levels. Each deeper value is one line, like a row of a
 * table.
 */
export function writeRows(file, value, depth = 2) {
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, `${rows(value, depth, '')}\n`);
}

function rows(value, depth, indent) {
  if (depth === 0 || typeof value !== 'object' || value === null) return JSON.stringify(value);
  const inner = `${indent}  `;
  const isList = Array.isArray(value);
  const lines = Object.entries(value)
    .filter(([, field]) => field !== undefined)
    .map(([key, field]) => `${inner}${isList ? '' : `${JSON.stringify(key)}: `}${rows(field, depth - 1, inner)}`);
  const [open, close] = isList ? '[]' : '{}';
  return lines.length === 0 ? `${open}${close}` : `${open}\n${lines.join(',\n')}\n${indent}${close}`;
}
