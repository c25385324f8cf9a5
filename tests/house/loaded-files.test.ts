import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { checkLoadedFiles } from '../../bench/against/loaded-files.mjs';

let tree: string;

beforeEach(() => {
  tree = mkdtempSync(join(tmpdir(), 'everywire-base-'));
});
afterEach(() => rmSync(tree, { recursive: true }));

/** Writes a file of the simulated base, and returns its path. */
function write(file: string, text: string): string {
  const path = join(tree, file);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text);
  return path;
}

/** Runs a server script of the base that exits by itself. */
function checkScript(base: string, script: string): Promise<number> {
  return checkLoadedFiles(base, async (nodeOptions) => void execFileSync(process.execPath, [...nodeOptions, script]));
}

describe('checkLoadedFiles', () => {
  it('a base that loads only its own packages passes, with the number of its files', async () => {
    write('base/packages/server/index.mjs', '');
    const script = write('base/bench/server.mjs', "import '../packages/server/index.mjs';");
    expect(await checkScript(join(tree, 'base'), script)).toBe(2);
  });

  it('a base that loads a package from a parent folder is refused, with the file', async () => {
    const outside = write('node_modules/wire/index.mjs', '');
    write('node_modules/wire/package.json', '{"name":"wire","exports":"./index.mjs"}');
    write('base/packages/server/index.mjs', "import 'wire';");
    const script = write('base/bench/server.mjs', "import '../packages/server/index.mjs';");
    await expect(checkScript(join(tree, 'base'), script)).rejects.toThrow(`loads ${outside}, which is not of the base`);
  });

  it('a script that loads no package of the base is refused', async () => {
    const script = write('base/bench/server.mjs', '');
    await expect(checkScript(join(tree, 'base'), script)).rejects.toThrow('no package of the base');
  });
});
