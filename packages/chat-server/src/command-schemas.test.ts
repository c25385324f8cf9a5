import { readFileSync } from 'node:fs';
import { errorCodes, type Request } from '@everywire/chat';
import type { Static } from 'typebox';
import { expect, test } from 'vitest';
import { requestSchemas } from './command-schemas.js';

const specification = readFileSync(new URL('../../../docs/spec/commands.md', import.meta.url), 'utf8');
const firstCells = new Set([...specification.matchAll(/^\| `([a-zA-Z_]+)` \|/gm)].map((match) => match[1]));

test('the specification has a row for every command and every code', () => {
  const missing = [...Object.keys(requestSchemas), ...Object.keys(errorCodes)].filter((name) => !firstCells.has(name));
  expect(missing).toEqual([]);
});

test('[CM-2] every command names exactly the fields that the specification names', () => {
  for (const [command, schema] of Object.entries(requestSchemas)) {
    const row = specification.split('\n').find((line) => line.startsWith(`| \`${command}\` |`)) ?? '';
    const fields = Object.keys(schema.properties).filter((field) => !['i', 'id', 'command'].includes(field));
    const described = row.split('|')[2] ?? '';
    expect([command, fields.filter((field) => !new RegExp(`\`${field}\\b`).test(described))]).toEqual([command, []]);
  }
});

type Deep<Value> = Value extends readonly (infer Item)[]
  ? readonly Deep<Item>[]
  : Value extends object
    ? { readonly [Key in keyof Value]: Deep<Value[Key]> }
    : Value;
type Checked = {
  [Name in keyof typeof requestSchemas]: Deep<Static<(typeof requestSchemas)[Name]>>;
}[Request['command']];
type Same<Left, Right> = [Left] extends [Right] ? ([Right] extends [Left] ? true : false) : false;

test('what the schemas let through is what the contract says, by the compiler', () => {
  const same: Same<Checked, Request> = true;
  expect(same).toBe(true);
});
