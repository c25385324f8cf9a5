import { readFileSync } from 'node:fs';
import { CLOSE_CODES } from '@everywire/protocol/internal';
import { expect, it } from 'vitest';
import { specifiedSettings } from '../../packages/conformance/src/server-settings.js';

const read = (path: string): string => readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8');

/** Returns the cells of every row of a document's tables. */
const rowsOf = (path: string): readonly (readonly string[])[] =>
  read(path)
    .split('\n')
    .filter((line) => line.startsWith('|'))
    .map((line) =>
      line
        .split('|')
        .slice(1, -1)
        .map((cell) => cell.trim()),
    );

it('[FR-21.1] the table of close codes is complete', () => {
  const written = rowsOf('docs/spec/frames.md').flatMap(([code, , again]) =>
    /^1\d{3}$/.test(code ?? '') ? [[Number(code), again === 'yes']] : [],
  );
  expect(written).toEqual(CLOSE_CODES.map(({ code, reconnect }) => [code, reconnect]));
});

it('[SN-19.4] the table of records has every record and every field', () => {
  const written = new Map<string, string>();
  let record = '';
  for (const [first = '', ...others] of rowsOf('docs/spec/session.md')) {
    record = /^`(\w+)`$/.exec(first)?.[1] ?? (first === '' ? record : '');
    written.set(record, `${written.get(record) ?? ''} ${others.join(' ')}`);
  }
  const sources = ['record-check', 'record'].map((name) => read(`packages/protocol/src/${name}.ts`)).join('\n');
  const records = [...sources.matchAll(/^ {2}([a-z]\w*): '([^']*)',$/gm)];
  expect(records.length).toBeGreaterThan(15);
  for (const [, name = '', fields = ''] of records) {
    for (const field of fields.split(' ')) {
      const [, optional = '', word = ''] = /^[a-zA-Z](\??)(\w*)$/.exec(field) ?? [];
      const shown = word === '' ? ' C' : `\`${word}${optional}\``;
      expect(written.get(name), `${name}: ${field}`).toContain(shown);
    }
  }
});

it("the table of settings equals the suite's settings", () => {
  const written = new Map<string, number>();
  for (const [names = '', numbers = ''] of rowsOf('docs/spec/conformance.md')) {
    const values = [...numbers.matchAll(/\d[\d,]*\d/g)].map(([number]) => Number(number.replaceAll(',', '')));
    for (const [at, [, name = '']] of [...names.matchAll(/`(\w+Ms|\w+Max)`/g)].entries())
      written.set(name, values[at] ?? 0);
  }
  for (const [name, value] of written)
    expect([name, specifiedSettings[name as keyof typeof specifiedSettings]]).toEqual([name, value]);
  expect(written.size).toBeGreaterThan(11);
});
