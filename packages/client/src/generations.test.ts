import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { transportsOf } from './abilities.js';
import { createChooser } from './chooser.js';
import { type Generation, generations, platformOf } from './generations.js';
import { createTable } from './legacy/table.js';
import type { TransportEntry } from './transport.js';

// Tests which transports the client uses in each generation of browsers, and that the guide for users lists the same.
// `home` is a server of the same origin, `abroad` one of another origin.

/** The default transports of the current build, according to its guide. */
const usual = ['websocket', 'fetch-stream', 'event-stream', 'long-poll'];

/** Returns the transports of the client in these browsers, the best first. */
function rowsOf(generation: Generation, abroad: boolean): readonly TransportEntry[] {
  const platform = platformOf(generation);
  if (!generation.signs.includes('modules')) return createTable(platform, abroad).rows;
  const names = transportsOf(platform, abroad).filter((name) => usual.includes(name));
  return names.map((name) => ({ name, kind: name === 'websocket' ? 'duplex' : 'stream' }) as TransportEntry);
}

/** Returns the first transport of the client, and the one after it fails. */
function picks(generation: Generation, abroad: boolean): readonly string[] {
  const chooser = createChooser({ rows: rowsOf(generation, abroad), random: () => 0.5, now: 0 });
  const first = chooser.choose();
  for (let tries = 0; tries < 2; tries++) chooser.failed({ row: first, now: 0, proven: false, suspect: false });
  const next = chooser.choose();
  return next === first ? [first.name] : [first.name, next.name];
}

describe('the transports of each generation of browsers', () => {
  it.each(generations)('$browser gets its first and second transport', (generation) => {
    expect(picks(generation, false)).toEqual(generation.home);
    expect(picks(generation, true)).toEqual(generation.abroad);
  });

  it.each(generations)('$browser always has a transport, for any origin', (generation) => {
    expect(rowsOf(generation, false).length).toBeGreaterThan(1);
    expect(rowsOf(generation, true).length).toBeGreaterThan(0);
  });

  it.each(['transport-client.md', 'transport-client.zh.md'])(
    'the guide %s lists every generation of browsers',
    (page) => {
      let guide = '';
      try {
        guide = readFileSync(new URL(`../../../docs/guides/${page}`, import.meta.url), 'utf8');
      } catch {
        // Not every guide has been translated.
        return;
      }
      for (const { browser, year, signs, home, abroad } of generations) {
        const build = signs.includes('modules') ? 'modern' : 'legacy';
        const row = [browser, year, build, home.join(', then '), abroad.join(', then ')].map((cell) => ` ${cell} `);
        expect(guide).toContain(`|${row.join('|')}|`);
      }
    },
  );
});
