/**
 * Builds the product and the packages.
 *
 * `buildProduct` creates `apps/everywire/dist`: the server in one bundle, and the page, compressed too. `build` also
 * compiles the packages with their types, which other programs and the tests use. A build is skipped if its inputs have not changed
 * since its stamp was written.
 */
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { runChild } from './child-processes.mjs';
import { compressPage } from './compress-page.mjs';
import { checkoutLock, withLock } from './lock.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));
const product = { stampFile: join(root, '.cache/product-stamp'), result: join(root, 'apps/everywire/dist/command.js') };
const packages = { stampFile: join(root, '.cache/build-stamp'), result: join(root, 'packages/server/dist/index.js') };

/**
 * Returns a digest of the names, sizes and times of every input file of a build, independent of the location of the
 * checkout.
 */
function fingerprint() {
  const hash = createHash('sha256');
  const visit = (path) => {
    for (const entry of readdirSync(path, { withFileTypes: true })) {
      if (entry.name === 'node_modules' || entry.name === 'dist') continue;
      const child = join(path, entry.name);
      if (entry.isDirectory()) visit(child);
      else {
        const { size, mtimeMs } = statSync(child);
        hash.update(`${child.slice(root.length)}\0${size}\0${mtimeMs}\n`);
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

/**
 * Runs one build and writes its stamp. There is no stamp while it runs, so an interrupted build does not count. A file
 * that changes meanwhile makes the build stale.
 */
async function stampAfter({ stampFile }, work) {
  const before = fingerprint();
  rmSync(stampFile, { force: true });
  await work();
  writeFileSync(stampFile, before);
}

export const isProductBuilt = () => isFresh(product);
export const isBuilt = () => isProductBuilt() && isFresh(packages);

const log = (line) => console.log(line);

/** Builds the product unless it is fresh. Needs only the packages that running requires. */
export async function buildProduct(say = log) {
  await withLock(checkoutLock, say, async () => {
    if (!isProductBuilt()) await stampAfter(product, bundle);
  });
}

export async function build(say = log) {
  await withLock(checkoutLock, say, () => stampAfter(packages, () => run(['typescript/bin/tsc', '-b'])));
  await buildProduct(say);
}

async function bundle() {
  const dist = join(root, 'apps/everywire/dist');
  rmSync(dist, { recursive: true, force: true });
  mkdirSync(dist);
  const vite = ['vite/bin/vite.js', 'build', '--logLevel', 'error'];
  // If one fails, wait until the other has stopped writing too.
  const results = await Promise.allSettled(['apps/everywire', 'apps/web'].map((app) => run(vite, join(root, app))));
  const failed = results.find(({ status }) => status === 'rejected');
  if (failed) throw failed.reason;
  await compressPage(join(dist, 'page'));
}

function run(words, cwd = root) {
  const [command, ...args] = words;
  const child = runChild(process.execPath, [join(root, 'node_modules', command), ...args], { cwd });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (chunk) => {
      output += chunk;
    });
  }
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (status, signal) => {
      if (status === 0) return resolve();
      process.stderr.write(output);
      const cause = signal === null ? '' : ` was terminated by ${signal}`;
      reject(new Error(`Building failed: ${words.join(' ')}${cause}`));
    });
  });
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) await build();
