import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { licensesPage } from '../../apps/everywire/bundle-licenses.js';
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

/** Of a package in `licenses.md`; the licences have headings too. */
const packageHeading = /^## (\S+ - \d+\.\d+\.\d+\S*.*)$/m;

describe('the licences of what is bundled', () => {
  it.each(['dist', 'dist/page'])('are named and have a text, each in %s', (folder) => {
    const [, ...parts] = read(`apps/everywire/${folder}/licenses.md`).split(packageHeading);
    const packages = parts.flatMap((heading, i) =>
      i % 2 === 0 ? [{ heading, text: parts[i + 1]?.trim() ?? '' }] : [],
    );
    expect(packages.length).toBeGreaterThan(40);
    expect(packages.filter(({ heading, text }) => !heading.endsWith(')') || text.length < 300)).toEqual([]);
  });

  it('keep a package out of the bundle whose text is not there', () => {
    const bundled = [
      { name: 'one', version: '1.0.0', identifier: 'MIT', text: 'Copyright' },
      { name: 'two', version: '1.0.0', identifier: 'MIT' },
      // What is known of it is the text of another licence.
      { name: 'thumbhash', version: '9.0.0', identifier: 'Apache-2.0' },
    ];
    expect(() => licensesPage(bundled)).toThrow(/ two, thumbhash\.$/);
    expect(licensesPage(bundled.slice(0, 1))).toMatch(/^## one - 1\.0\.0 \(MIT\)\n\nCopyright\n$/m);
  });
});
