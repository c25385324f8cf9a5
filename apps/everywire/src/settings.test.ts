import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { settings } from './settings.js';

const guide = readFileSync(new URL('../../../docs/guides/configuration.md', import.meta.url), 'utf8');

test('the guide lists exactly the settings, each with its values and default', () => {
  const rows = Object.entries(settings).map(([name, setting]) => {
    const fallback = Array.isArray(setting.fallback) ? setting.fallback.join(',') : String(setting.fallback);
    return `| \`${name}\` | ${setting.takes} | ${fallback === '' ? 'empty' : `\`${fallback}\``} | ${setting.about} |`;
  });
  const found = guide.split('\n').filter((line) => /^\| `[A-Z_]+` \|/.test(line));
  expect(found).toEqual(rows);
});
