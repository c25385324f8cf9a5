import { readFileSync } from 'node:fs';
import { type Answers, chatErrorCodes, type Request } from '@everywire/chat';
import type { Static } from 'typebox';
import { expect, test } from 'vitest';
import type { answerSchemas } from './command-answers.js';
import { requestSchemas } from './command-schemas.js';

const specification = readFileSync(new URL('../../../docs/spec/commands.md', import.meta.url), 'utf8');
const firstCells = new Set([...specification.matchAll(/^\| `([a-zA-Z_]+)` \|/gm)].map((match) => match[1]));

test('the specification has a row for every command and every code', () => {
  const missing = [...Object.keys(requestSchemas), ...Object.keys(chatErrorCodes)].filter(
    (name) => !firstCells.has(name),
  );
  expect(missing).toEqual([]);
});

test('[CM-2.1] the specification names exactly the fields of every command', () => {
  for (const [command, schema] of Object.entries(requestSchemas)) {
    const row = specification.split('\n').find((line) => line.startsWith(`| \`${command}\` |`)) ?? '';
    const fields = Object.keys(schema.properties).filter((field) => !['i', 'id', 'command'].includes(field));
    const described = row.split('|')[2] ?? '';
    expect([command, fields.filter((field) => !new RegExp(`\`${field}\\b`).test(described))]).toEqual([command, []]);
  }
});

/**
 * Marks optional fields, because otherwise a type with such a field and a type without it would each be assignable to
 * the other.
 */
type Deep<Value> = Value extends readonly (infer Item)[]
  ? readonly Deep<Item>[]
  : Value extends object
    ? {
        readonly [Key in keyof Value]-?: object extends Pick<Value, Key>
          ? { readonly absent: Deep<Value[Key]> }
          : Deep<Value[Key]>;
      }
    : Value;
type Same<Left, Right> = [Left] extends [Right] ? ([Right] extends [Left] ? true : false) : false;

/** The commands whose schemas differ from the contract; `never` if there are none. */
type Checked<Name extends Request['command']> = Deep<Static<(typeof requestSchemas)[Name]>>;
type Meant<Name extends Request['command']> = Deep<Extract<Request, { readonly command: Name }>>;
type Misread = {
  [Name in Request['command']]: Same<Checked<Name>, Meant<Name>> extends true ? never : Name;
}[Request['command']];
type Described<Name extends keyof Answers> = Deep<Static<(typeof answerSchemas)[Name]>>;
type Misdescribed = {
  [Name in keyof Answers]: Same<Described<Name>, Deep<Answers[Name]>> extends true ? never : Name;
}[keyof Answers];

test('the compiler finds the schemas of requests and answers equal to the contract', () => {
  const none: readonly [Same<Misread, never>, Same<Misdescribed, never>] = [true, true];
  expect(none).toEqual([true, true]);
});
