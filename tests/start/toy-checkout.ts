import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { expect } from 'vitest';
import { root } from '../house/checkout-copy.js';

/** A Node program in a toy checkout, in a separate process group. */
export interface ToyRun {
  readonly child: ChildProcess;
  output: string;
  readonly ended: Promise<{ readonly status: number | null; readonly signal: NodeJS.Signals | null }>;
}

/**
 * A checkout for tests of the start, with the real `scripts/` and fast replacements ("toys") for everything else. The toy
 * `npm` considers existing packages complete, as the real one does. The toy `vite` builds a server that prints `ready`, and an empty page. If
 * the files `npmHangs` and `viteHangs` exist, they hang in the middle of their work. The variable `TOY_PROGRAM` is the text
 * of the program `bin/toy` in a package that `npm` fetches by name.
 */
export class ToyCheckout {
  readonly path: string;
  readonly #home: string;
  readonly #runs: ToyRun[] = [];

  constructor(name = 'checkout') {
    this.#home = realpathSync(mkdtempSync(join(tmpdir(), 'everywire-toy-')));
    this.path = join(this.#home, name);
    cpSync(join(root, 'scripts'), join(this.path, 'scripts'), { recursive: true });
    for (const folder of ['packages/server', 'apps/everywire/src', 'apps/web/src']) this.makeFolder(folder);
    for (const file of ['package.json', 'tsconfig.json', 'tsconfig.base.json', 'apps/web/src/page.txt'])
      this.write(file, '{"type":"module"}');
    const packages = { '': {}, 'apps/web': {}, 'node_modules/vite': {} };
    this.write('package-lock.json', JSON.stringify({ packages }));
    // Outside the checkout, where a program without an extension is CommonJS.
    const bin = join(this.#home, 'bin');
    mkdirSync(bin);
    writeFileSync(join(bin, 'npm'), `#!${process.execPath}\n${npm}`, { mode: 0o755 });
  }

  /** Runs what `npm start` runs. */
  start(env: Readonly<Record<string, string>> = {}): ToyRun {
    return this.run(['scripts/start.mjs'], env);
  }

  run(args: readonly string[], env: Readonly<Record<string, string>> = {}): ToyRun {
    const { PATH } = process.env;
    const child = spawn(process.execPath, args, {
      cwd: this.path,
      env: { PATH: `${join(this.#home, 'bin')}:${PATH}`, ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
      detached: true,
    });
    const ended: ToyRun['ended'] = new Promise((resolve) =>
      child.on('close', (status, signal) => resolve({ status, signal })),
    );
    const run: ToyRun = { child, output: '', ended };
    for (const stream of [child.stdout, child.stderr])
      stream.on('data', (chunk: Buffer) => (run.output += chunk.toString()));
    this.#runs.push(run);
    return run;
  }

  /** Kills a program with all programs that it has started. */
  killGroup(run: ToyRun): void {
    process.kill(-(run.child.pid ?? 0), 'SIGKILL');
  }

  /** Waits until a file exists. */
  async waitFor(file: string): Promise<void> {
    await expect.poll(() => this.has(file), { interval: 20 }).toBe(true);
  }

  has(file: string): boolean {
    return existsSync(join(this.path, file));
  }

  read(file: string): string {
    return readFileSync(join(this.path, file), 'utf8');
  }

  write(file: string, text: string): void {
    this.makeFolder(dirname(file));
    writeFileSync(join(this.path, file), text);
  }

  remove(file: string): void {
    rmSync(join(this.path, file), { recursive: true });
  }

  /** Copies the checkout to a directory of another name. */
  moveTo(name: string): ToyCheckout {
    const moved = new ToyCheckout(name);
    rmSync(moved.path, { recursive: true });
    execFileSync('cp', ['-a', this.path, moved.path]);
    return moved;
  }

  makeFolder(folder: string): void {
    mkdirSync(join(this.path, folder), { recursive: true });
  }

  async delete(): Promise<void> {
    for (const run of this.#runs) {
      try {
        this.killGroup(run);
      } catch {
        // The whole group has ended.
      }
      await run.ended;
    }
    rmSync(this.#home, { recursive: true, force: true });
  }
}

/** The program of the toy `vite`. */
const vite = `
const { existsSync, mkdirSync, renameSync, rmSync, writeFileSync } = require('node:fs');
const isServer = process.cwd().endsWith('everywire');
if (isServer) writeFileSync('dist/command.js', 'console.log("ready")');
else mkdirSync('../everywire/dist/page', { recursive: true });
if (isServer && existsSync('../../viteHangs')) {
  process.on('SIGTERM', () => process.exit(0));
  // Written atomically and last, because the test sends a signal once it can read it.
  writeFileSync('../../viteBegins', String(process.pid));
  renameSync('../../viteBegins', '../../viteWrites');
  setInterval(() => {}, 1000);
}
`;

/** The program of the toy `npm`. */
const npm = `
const { appendFileSync, existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } = require('node:fs');
const [command, ...args] = process.argv.slice(2);
if (command === 'config') return console.log('http://toy/');
appendFileSync('npm.log', args.join(' ') + '\\n');
const add = (folder, file, text) => {
  if (existsSync('node_modules/' + folder)) return;
  mkdirSync('node_modules/' + folder, { recursive: true });
  if (existsSync('npmHangs')) {
    process.on('SIGTERM', () => setTimeout(() => { writeFileSync('npmEnded', ''); process.exit(1); }, 300));
    writeFileSync('npmBegins', String(process.pid));
    renameSync('npmBegins', 'npmWrites');
    setInterval(() => {}, 1000);
    throw 'hangs';
  }
  writeFileSync('node_modules/' + folder + '/' + file, text);
};
process.on('uncaughtException', () => {});
if (process.env.TOY_PROGRAM) {
  const { version, integrity } = JSON.parse(readFileSync('package-lock.json', 'utf8')).packages['node_modules/toy'];
  appendFileSync('../fetched.log', 'toy ' + version + ' ' + integrity + '\\n');
  mkdirSync('node_modules/toy/bin', { recursive: true });
  writeFileSync('node_modules/toy/bin/toy', process.env.TOY_PROGRAM, { mode: 0o755 });
  return;
}
add('vite/bin', 'vite.js', ${JSON.stringify(vite)});
`;
