/**
 * Builds what runs, and what the tests need beside it.
 *
 * `buildProduct` makes `apps/everywire/dist`: the server in one bundle, and the page. `build` compiles the packages too, with their types,
 * as other people's programs and the tests read them. A build is skipped when nothing it reads has changed since its stamp was written.
 */
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const product = { stampFile: join(root, '.cache/product-stamp'), result: join(root, 'apps/everywire/dist/command.js') };
const packages = { stampFile: join(root, '.cache/build-stamp'), result: join(root, 'packages/server/dist/index.js') };

/** Names, sizes and times of every file a build reads. */
function fingerprint() {
  const hash = createHash('sha256');
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

const isFresh = ({ stampFile, result }) =>
  existsSync(stampFile) && existsSync(result) && readFileSync(stampFile, 'utf8') === fingerprint();

function writeStamp({ stampFile }) {
  mkdirSync(join(root, '.cache'), { recursive: true });
  writeFileSync(stampFile, fingerprint());
}

export const isProductBuilt = () => isFresh(product);
export const isBuilt = () => isProductBuilt() && isFresh(packages);

/** Needs the packages for running alone. */
export async function buildProduct() {
  rmSync(join(root, 'apps/everywire/dist'), { recursive: true, force: true });
  const vite = ['vite/bin/vite.js', 'build', '--logLevel', 'error'];
  await Promise.all(['apps/everywire', 'apps/web'].map((app) => run(vite, join(root, app))));
  writeStamp(product);
}

export async function build() {
  await run(['typescript/bin/tsc', '-b']);
  writeStamp(packages);
  if (!isProductBuilt()) await buildProduct();
}

function run(words, cwd = root) {
  const [command, ...args] = words;
  const child = spawn(process.execPath, [join(root, 'node_modules', command), ...args], { cwd });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (chunk) => {
      output += chunk;
    });
  }
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (status) => {
      if (status === 0) return resolve();
      process.stderr.write(output);
      reject(new Error(`Building failed: ${words.join(' ')}`));
    });
  });
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) await build();
