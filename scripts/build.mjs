/**
 * Builds what `npm start` runs: the packages with the compiler, the page with Vite.
 *
 * A build is skipped when nothing it reads has changed since the stamp was written, so that a second start takes no time.
 */
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const stampFile = join(root, '.cache/build-stamp');

/** Names, sizes and times of every file a build reads. */
export function fingerprint() {
  const hash = createHash('sha256').update(process.version);
  const visit = (path) => {
    for (const entry of readdirSync(path, { withFileTypes: true })) {
      if (entry.name === 'node_modules' || entry.name === 'dist') continue;
      const child = join(path, entry.name);
      if (entry.isDirectory()) visit(child);
      else {
        const { size, mtimeMs } = statSync(child);
        hash.update(`${child}\0${size}\0${mtimeMs}\n`);
      }
    }
  };
  for (const folder of ['packages', 'apps']) visit(join(root, folder));
  for (const file of ['package-lock.json', 'tsconfig.json', 'tsconfig.base.json'])
    hash.update(readFileSync(join(root, file)));
  return hash.digest('hex');
}

export function isBuilt() {
  return (
    existsSync(stampFile) &&
    existsSync(join(root, 'apps/web/dist/index.html')) &&
    readFileSync(stampFile, 'utf8') === fingerprint()
  );
}

function run(words, cwd = root) {
  const [command, ...args] = words;
  const result = spawnSync(process.execPath, [join(root, 'node_modules', command), ...args], { cwd, encoding: 'utf8' });
  if (result.status !== 0) {
    process.stderr.write(`${result.stdout}${result.stderr}`);
    throw new Error(`Building failed: ${words.join(' ')}`);
  }
}

export function build() {
  run(['typescript/bin/tsc', '-b']);
  run(['vite/bin/vite.js', 'build', '--logLevel', 'error'], join(root, 'apps/web'));
  mkdirSync(join(root, '.cache'), { recursive: true });
  writeFileSync(stampFile, fingerprint());
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  build();
}
