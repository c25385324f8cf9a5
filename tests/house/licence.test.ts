import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { settings } from '../../apps/everywire/src/settings.js';

const root = fileURLToPath(new URL('../..', import.meta.url));
const read = (path: string) => readFileSync(join(root, path), 'utf8');

describe('[pain 15] what it may be used for', () => {
  it('is said on the first page, before anything is started', () => {
    const before = read('README.md').split('\n## ')[0] ?? '';
    expect(before).toContain('[Apache-2.0](LICENSE)');
    expect(read('LICENSE')).toContain('Apache License');
  });

  it('is the same in every package', () => {
    const packages = ['packages', 'apps'].flatMap((folder) =>
      readdirSync(join(root, folder)).map((name) => `${folder}/${name}/package.json`),
    );
    const licences = ['package.json', ...packages].map((path) => [path, JSON.parse(read(path)).license]);
    expect(licences.filter(([, licence]) => licence !== 'Apache-2.0')).toEqual([]);
  });

  it('has no key to unlock more people, more history or more days', () => {
    expect(Object.keys(settings).length).toBeGreaterThan(20);
    expect(
      Object.keys(settings).filter((name) => /LICEN[CS]E|EDITION|HISTORY|SEATS|USERS_MAX|PUSH/i.test(name)),
    ).toEqual([]);
  });
});
