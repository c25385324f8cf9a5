import { mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { atExit } from '../at-exit.mjs';

/**
 * Checks that a server of the checkout `tree` loads files of that checkout alone: Node looks for packages in every
 * folder above, so a base without its own packages would run those of the candidate. `start(nodeOptions)` starts the
 * server and stops it again. Returns the number of files; throws with the first one from elsewhere.
 */
export async function checkLoadedFiles(tree, start) {
  const folder = mkdtempSync(join(tmpdir(), 'everywire-bench-'));
  const remove = () => rmSync(folder, { recursive: true, force: true });
  const forget = atExit(remove);
  try {
    const list = join(folder, 'loaded');
    writeFileSync(list, '');
    const hook = new URL('record-loads.mjs', import.meta.url);
    hook.searchParams.set('to', list);
    await start(['--import', hook.href]);
    return countOwn(tree, filesIn(list));
  } finally {
    forget();
    remove();
  }
}

function filesIn(list) {
  const addresses = readFileSync(list, 'utf8').split('\n');
  const files = addresses.filter((address) => address.startsWith('file:')).map((address) => fileURLToPath(address));
  return [...new Set(files)];
}

function countOwn(tree, files) {
  const own = realpathSync(tree) + sep;
  const foreign = files.find((file) => !realpathSync(file).startsWith(own));
  if (foreign !== undefined) throw new Error(`the server of the base loads ${foreign}, which is not of the base`);
  if (!files.some((file) => file.startsWith(`${own}packages${sep}`)))
    throw new Error('the server of the base loads no package of the base');
  return files.length;
}
