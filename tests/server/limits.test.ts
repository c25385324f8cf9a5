import { readFileSync } from 'node:fs';
import { defaultServerLimits } from '@everywire/server';
import { expect, it } from 'vitest';

it('every limit is in the guide', () => {
  const guide = readFileSync(new URL('../../docs/guides/transport-server.md', import.meta.url), 'utf8');
  const missing = Object.keys(defaultServerLimits).filter((name) => !guide.includes(`\`${name}\``));
  expect(missing).toEqual([]);
});
