import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';

const source = fileURLToPath(new URL('../../apps/web/src', import.meta.url));
const sheets = readdirSync(source, { recursive: true, encoding: 'utf8' })
  .filter((name) => name.endsWith('.css'))
  .map((name) => ({ name, text: readFileSync(join(source, name), 'utf8').replace(/\/\*[\s\S]*?\*\//g, '') }));

/** Matches a declaration that names a physical side of the screen, which is wrong for right-to-left languages. */
const physical =
  /(?:^|[;{\s])((?:(?:margin|padding|inset|border|scroll-margin|scroll-padding)-(?:left|right)[\w-]*|left|right|border-(?:top|bottom)-(?:left|right)-radius)\s*:|(?:float|clear|text-align)\s*:\s*(?:left|right)\b)/g;
/** Returns the names of such declarations. */
const sidesIn = (text: string) => [...text.matchAll(physical)].map((match) => match[1] ?? '');
/** Transforms have no logical form, so a rule with a horizontal move needs a counterpart for right-to-left. */
const movesSideways = (text: string) => /translateX\((?!0\))/.test(text);
const mirrorsIt = (text: string) => /\[dir="rtl"\][^{]*\{[^}]*translateX\(/.test(text);

describe('[pain 25] the style sheets of the page, for right-to-left languages', () => {
  it('name no physical side of the screen', () => {
    expect(sheets.length).toBeGreaterThan(20);
    expect(sheets.flatMap(({ name, text }) => sidesIn(text).map((side) => `${name}: ${side}`))).toEqual([]);
  });

  it('mirror every horizontal move', () => {
    const moving = sheets.filter(({ text }) => movesSideways(text));
    expect(moving.length).toBeGreaterThan(0);
    expect(moving.filter(({ text }) => !mirrorsIt(text)).map(({ name }) => name)).toEqual([]);
  });

  it.each(['a{left:0}', 'a { margin-left: 1px; }', 'a {\n  text-align: right;\n}', 'a{float:left}'])(
    'would be refused with: %s',
    (offence) => expect(sidesIn(offence)).toHaveLength(1),
  );

  it.each(['a{inset-inline-start:0}', 'a{text-align:start}', 'a{--left:0}', '.left:hover{color:red}'])(
    'would be accepted with: %s',
    (fine) => expect(sidesIn(fine)).toEqual([]),
  );
});
