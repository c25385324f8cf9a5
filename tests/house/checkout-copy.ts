import { execFileSync, spawnSync } from 'node:child_process';
import {
  cpSync,
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The root of the repository. */
export const root: string = fileURLToPath(new URL('../..', import.meta.url));

/** A copy of the files that git tracks or would track, with links to the installed packages, that a test may modify. */
export interface CheckoutCopy {
  readonly path: string;
  write(file: string, text: string): void;
  remove(file: string): void;
  /** Runs one step of `npm run check` in the copy. */
  check(step: string): { readonly failed: boolean; readonly output: string };
  delete(): void;
}

/** Copies the files that git tracks or would track, without installed and built files. */
export function copyTrackedFiles(destination: string): void {
  const listed = execFileSync('git', ['ls-files', '--cached', '--others', '--exclude-standard'], {
    cwd: root,
    encoding: 'utf8',
  });
  for (const file of listed.split('\n').filter((name) => name !== '' && existsSync(join(root, name)))) {
    cpSync(join(root, file), join(destination, file), { recursive: true });
  }
}

/** Creates such a copy in a temporary directory. */
export function copyCheckout(): CheckoutCopy {
  const path = mkdtempSync(join(tmpdir(), 'everywire-house-'));
  copyTrackedFiles(path);
  execFileSync('git', ['init', '-q'], { cwd: path });
  linkModules(path);
  return {
    path,
    write(file, text) {
      mkdirSync(dirname(join(path, file)), { recursive: true });
      writeFileSync(join(path, file), text);
    },
    remove: (file) => rmSync(join(path, file)),
    check(step) {
      const result = spawnSync(process.execPath, ['scripts/check.mjs', '--only', step], {
        cwd: path,
        encoding: 'utf8',
      });
      return { failed: result.status !== 0, output: `${result.stdout}${result.stderr}` };
    },
    delete: () => rmSync(path, { recursive: true, force: true }),
  };
}

/** Links every installed package. The names of the workspaces link to the copy, not to the original. */
function linkModules(path: string): void {
  const modules = join(root, 'node_modules');
  mkdirSync(join(path, 'node_modules/@everywire'), { recursive: true });
  for (const entry of readdirSync(modules)) {
    if (entry === '@everywire' || entry === 'everywire') continue;
    symlinkSync(join(modules, entry), join(path, 'node_modules', entry));
  }
  for (const name of readdirSync(join(root, 'packages')))
    symlinkSync(join(path, 'packages', name), join(path, 'node_modules/@everywire', name));
  symlinkSync(join(path, 'apps/web'), join(path, 'node_modules/@everywire/web'));
  symlinkSync(join(path, 'apps/everywire'), join(path, 'node_modules/everywire'));
  for (const workspace of ['packages', 'apps'].flatMap((folder) =>
    readdirSync(join(root, folder)).map((name) => `${folder}/${name}`),
  )) {
    const own = join(root, workspace, 'node_modules');
    if (existsSync(own) && lstatSync(own).isDirectory()) symlinkSync(own, join(path, workspace, 'node_modules'));
  }
}
