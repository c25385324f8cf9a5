import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { transportsOf } from './abilities.js';
import { createChooser } from './chooser.js';
import { type Generation, generations, platformOf } from './generations.js';
import { createTable } from './legacy/table.js';
import type { TransportRow } from './transport.js';

/** Used by the build of today where the application names none, as its guide says. */
const usual = ['websocket', 'fetch-stream', 'event-stream', 'long-poll'];

function rowsOf(generation: Generation, abroad: boolean): readonly TransportRow[] {
  const platform = platformOf(generation);
  if (!generation.signs.includes('modules')) return createTable(platform, abroad).rows;
  const names = transportsOf(platform, abroad).filter((name) => usual.includes(name));
  return names.map((name) => ({ name, kind: name === 'websocket' ? 'duplex' : 'stream' }) as TransportRow);
}

/** What the client takes first, and what it takes when that does not get through. */
function picks(generation: Generation, abroad: boolean): readonly string[] {
  const chooser = createChooser({ rows: rowsOf(generation, abroad), random: () => 0.5, now: 0 });
  const first = chooser.choose();
  for (let tries = 0; tries < 2; tries++) chooser.failed({ row: first, now: 0, proven: false, suspect: false });
  const next = chooser.choose();
  return next === first ? [first.name] : [first.name, next.name];
}

describe('what each generation of browsers gets', () => {
  it.each(generations)('$browser', (generation) => {
    expect(picks(generation, false)).toEqual(generation.home);
    expect(picks(generation, true)).toEqual(generation.abroad);
  });

  it.each(generations)('$browser can always talk, and to any origin', (generation) => {
    expect(rowsOf(generation, false).length).toBeGreaterThan(1);
    expect(rowsOf(generation, true).length).toBeGreaterThan(0);
  });

  it.each(['transport-client.md', 'transport-client.zh.md'])('is told in the guide %s, row by row', (page) => {
    let guide = '';
    try {
      guide = readFileSync(new URL(`../../../docs/guides/${page}`, import.meta.url), 'utf8');
    } catch {
      // Not every guide has been translated.
      return;
    }
    for (const { browser, year, signs, home, abroad } of generations) {
      const build = signs.includes('modules') ? 'modern' : 'legacy';
      const told = [browser, year, build, home.join(', then '), abroad.join(', then ')].map((cell) => ` ${cell} `);
      expect(guide).toContain(`|${told.join('|')}|`);
    }
  });
});
