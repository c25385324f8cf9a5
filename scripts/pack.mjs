/**
 * `npm run pack`: creates a tarball of the chat server, `everywire-VERSION.tgz`, which needs no build. It contains the
 * bundle and the page; the native parts are its dependencies. `npx ./everywire-VERSION.tgz` runs the server.
 */
import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { buildProduct } from './build.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));
const destination = process.argv[2] ?? root;
const staged = join(root, '.cache/package');
const manifestOf = (path) => JSON.parse(readFileSync(join(root, path, 'package.json'), 'utf8'));

await buildProduct();
const { name, version, description, license, type, engines, bin } = manifestOf('apps/everywire');
const { dependencies } = manifestOf('packages/chat-server');
const { peerDependencies, peerDependenciesMeta } = manifestOf('packages/store-sqlite');
const manifest = {
  ...{ name, version, description, license, type, engines, bin },
  files: ['dist'],
  dependencies: { '@node-rs/argon2': dependencies['@node-rs/argon2'], sharp: dependencies.sharp },
  peerDependencies,
  peerDependenciesMeta,
};

rmSync(staged, { recursive: true, force: true });
mkdirSync(staged, { recursive: true });
cpSync(join(root, 'apps/everywire/dist'), join(staged, 'dist'), {
  recursive: true,
  filter: (path) => !path.endsWith('.compile-cache'),
});
for (const file of ['LICENSE', 'README.md']) cpSync(join(root, file), join(staged, file));
writeFileSync(join(staged, 'package.json'), `${JSON.stringify(manifest, null, 2)}\n`);
const packed = spawnSync('npm', ['pack', '--pack-destination', destination, '--loglevel=error'], {
  cwd: staged,
  encoding: 'utf8',
  shell: process.platform === 'win32',
});
if (packed.status !== 0) throw new Error(`npm pack failed:\n${packed.stderr}`);
console.log(packed.stdout.trim());
