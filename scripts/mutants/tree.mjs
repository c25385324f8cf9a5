import { execFileSync, spawnSync } from 'node:child_process';
import {
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';

/** Folders that builds and runs create in the copy; they are kept between runs. */
const made = new Set(['node_modules', 'dist', '.cache']);

/**
 * A copy of the files that git tracks or would track, for mutants; the working tree is never modified. Links to
 * installed packages point to the original, those of the workspaces to the copy. An interrupted run leaves a mutated
 * file in the copy, which the next one replaces.
 */
export class Tree {
  #root;
  #path;

  constructor(root, path) {
    this.#root = root;
    this.#path = path;
  }

  get path() {
    return this.#path;
  }

  /** Updates the copy from the working tree. @returns the sorted paths of all files, from the root */
  update() {
    mkdirSync(this.#path, { recursive: true });
    const files = this.list([]);
    const wanted = new Set(files);
    for (const file of filesIn(this.#path)) if (!wanted.has(file)) rmSync(join(this.#path, file));
    for (const file of files) this.#copy(file);
    this.#linkModules();
    return files;
  }

  /** Returns the sorted paths that match one of the git pathspecs; without pathspecs, those of all files. */
  list(pathspecs) {
    const words = ['ls-files', '-z', '--cached', '--others', '--exclude-standard', '--', ...pathspecs];
    const listed = execFileSync('git', words, { cwd: this.#root, encoding: 'utf8', maxBuffer: 1 << 26 });
    return [...new Set(listed.split('\0'))].filter((file) => file && existsSync(join(this.#root, file))).sort();
  }

  read(file) {
    return readFileSync(join(this.#path, file), 'utf8');
  }

  write(file, text) {
    writeFileSync(join(this.#path, file), text);
  }

  /** Runs the compiler. @returns its errors; `null` if there are none */
  compile(args) {
    const tsc = join(this.#path, 'node_modules/typescript/bin/tsc');
    const result = spawnSync(process.execPath, [tsc, ...args], { cwd: this.#path, encoding: 'utf8' });
    return result.status === 0 ? null : `${result.stdout}${result.stderr}`;
  }

  #copy(file) {
    const [source, copy] = [readFileSync(join(this.#root, file)), join(this.#path, file)];
    if (existsSync(copy) && readFileSync(copy).equals(source)) return;
    mkdirSync(dirname(copy), { recursive: true });
    writeFileSync(copy, source, { mode: lstatSync(join(this.#root, file)).mode });
  }

  #linkModules() {
    const [from, to] = [join(this.#root, 'node_modules'), join(this.#path, 'node_modules')];
    rmSync(to, { recursive: true, force: true });
    mkdirSync(join(to, '@everywire'), { recursive: true });
    const own = readdirSync(join(from, '@everywire')).map((name) => `@everywire/${name}`);
    const others = readdirSync(from).filter((name) => name !== '@everywire' && name !== '.vite');
    for (const name of [...own, ...others]) {
      const isWorkspace = lstatSync(join(from, name)).isSymbolicLink();
      symlinkSync(isWorkspace ? readlinkSync(join(from, name)) : join(from, name), join(to, name));
    }
  }
}

function* filesIn(folder, prefix = '') {
  for (const entry of readdirSync(join(folder, prefix), { withFileTypes: true })) {
    if (made.has(entry.name)) continue;
    const path = prefix ? `${prefix}/${entry.name}` : entry.name;
    if (entry.isDirectory()) yield* filesIn(folder, path);
    else yield path;
  }
}
