import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { licensesPage } from '../../apps/everywire/bundle-licenses.js';
import { settings } from '../../apps/everywire/src/settings.js';

const root = fileURLToPath(new URL('../..', import.meta.url));
const read = (path: string) => readFileSync(join(root, path), 'utf8');

describe('[pain 15] the licence', () => {
  it('is stated on the first page, before the instructions to start', () => {
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

  it('has no setting that unlocks more users, more history or more days', () => {
    expect(Object.keys(settings).length).toBeGreaterThan(20);
    expect(
      Object.keys(settings).filter((name) => /LICEN[CS]E|EDITION|HISTORY|SEATS|USERS_MAX|PUSH/i.test(name)),
    ).toEqual([]);
  });
});

/** Matches the heading of a package in `licenses.md`, because the licences have headings too. */
const packageHeading = /^## (\S+ - \d+\.\d+\.\d+\S*.*)$/m;

describe('the licences of bundled packages', () => {
  it.each(['dist', 'dist/page'])('each have a name and a text in %s', (folder) => {
    const [, ...parts] = read(`apps/everywire/${folder}/licenses.md`).split(packageHeading);
    const packages = parts.flatMap((heading, i) =>
      i % 2 === 0 ? [{ heading, text: parts[i + 1]?.trim() ?? '' }] : [],
    );
    expect(packages.length).toBeGreaterThan(40);
    expect(packages.filter(({ heading, text }) => !heading.endsWith(')') || text.length < 300)).toEqual([]);
  });

  it('fail the build if the text of one is missing', () => {
    const bundled = [
      { name: 'one', version: '1.0.0', identifier: 'MIT', text: 'Copyright' },
      { name: 'two', version: '1.0.0', identifier: 'MIT' },
      // The known text of this package is that of another licence.
      { name: 'thumbhash', version: '9.0.0', identifier: 'Apache-2.0' },
    ];
    expect(() => licensesPage(bundled)).toThrow(/ two, thumbhash\.$/);
    expect(licensesPage(bundled.slice(0, 1))).toMatch(/^## one - 1\.0\.0 \(MIT\)\n\nCopyright\n$/m);
  });
});
