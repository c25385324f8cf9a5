import { type ChildProcess, execFileSync, spawn, spawnSync } from 'node:child_process';
import { chmodSync, copyFileSync, mkdirSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { type AddressInfo, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'vitest';
import { copyTrackedFiles, root } from '../house/checkout-copy.js';

/** The user `nobody`, where the tests run as root: `npm start` must work for an ordinary user. */
const ordinaryUser = process.getuid?.() === 0 ? { uid: 65_534, gid: 65_534 } : {};

/** One `npm start`. */
export interface Run {
  readonly child: ChildProcess;
  output: string;
  readonly ended: Promise<number | null>;
}

/** A checkout as git has it, with no packages and no build, that belongs to an ordinary user with an empty home. */
export class FreshCheckout {
  readonly #home: string;
  readonly #checkout: string;
  readonly #port: number;
  readonly #runs: Run[] = [];

  static async create(): Promise<FreshCheckout> {
    return new FreshCheckout(await freePort());
  }

  private constructor(port: number) {
    this.#port = port;
    this.#home = mkdtempSync(join(tmpdir(), 'everywire-start-'));
    this.#checkout = join(this.#home, 'everywire');
    copyTrackedFiles(this.#checkout);
    giveToOrdinaryUser(this.#home);
    chmodSync(this.#home, 0o755);
  }

  /**
   * Puts the packages of this repository into the checkout, as an earlier start would have installed them. The files are hard links
   * where the file system allows it, so they keep their owner: an ordinary user only reads them.
   */
  copyInstalledPackages(): void {
    mkdirSync(join(this.#checkout, '.cache'));
    copyFileSync(join(root, '.cache/install-stamp'), join(this.#checkout, '.cache/install-stamp'));
    giveToOrdinaryUser(join(this.#checkout, '.cache'));
    const linked = spawnSync('cp', ['-al', join(root, 'node_modules'), this.#checkout]).status === 0;
    if (!linked) execFileSync('cp', ['-a', join(root, 'node_modules'), this.#checkout]);
    const modules = join(this.#checkout, 'node_modules');
    execFileSync('find', [modules, '-type', 'd', '-exec', 'chown', owner(), '{}', '+']);
  }

  /** Returns a directory for `PATH` that has these commands only. */
  createPath(commands: readonly string[]): string {
    const bin = join(this.#home, 'bin');
    mkdirSync(bin);
    for (const command of commands)
      symlinkSync(execFileSync('which', [command], { encoding: 'utf8' }).trim(), join(bin, command));
    giveToOrdinaryUser(bin);
    return bin;
  }

  start(env: Record<string, string> = {}): Run {
    const child = spawn('npm', ['start', '--silent'], {
      cwd: this.#checkout,
      env: {
        PATH: process.env['PATH'],
        HOME: this.#home,
        PORT: String(this.#port),
        npm_config_nodedir: process.env['npm_config_nodedir'] ?? '/usr',
        ...env,
      },
      stdio: ['ignore', 'pipe', 'pipe'],
      ...ordinaryUser,
    });
    const ended = new Promise<number | null>((resolve) => child.on('close', resolve));
    const run: Run = { child, output: '', ended };
    for (const stream of [child.stdout, child.stderr])
      stream?.on('data', (chunk: Buffer) => (run.output += chunk.toString()));
    this.#runs.push(run);
    return run;
  }

  /** Resolves when the server says that it is ready. Rejects with its output when it ends before. */
  async expectReady(run: Run): Promise<void> {
    await new Promise<void>((resolve, reject) => {
      run.child.stdout?.on('data', () => {
        if (run.output.includes(`Everywire is ready at http://localhost:${this.#port}`)) resolve();
      });
      run.ended.then(() => reject(new Error(`ended before it was ready:\n${run.output}`)));
    });
    const base = `http://127.0.0.1:${this.#port}`;
    expect((await fetch(`${base}/healthz`)).status).toBe(200);
    expect((await fetch(`${base}/readyz`)).status).toBe(200);
    expect(await (await fetch(`${base}/`)).text()).toContain('<div id="page"');
  }

  async stop(run: Run): Promise<void> {
    process.kill(run.child.pid ?? 0, 'SIGTERM');
    await run.ended;
  }

  async remove(): Promise<void> {
    for (const run of this.#runs) run.child.kill('SIGKILL');
    await Promise.all(this.#runs.map((run) => run.ended));
    rmSync(this.#home, { recursive: true, force: true });
  }
}

const owner = (): string => `${ordinaryUser.uid ?? process.getuid?.()}:${ordinaryUser.gid ?? process.getgid?.()}`;

function giveToOrdinaryUser(path: string): void {
  execFileSync('chown', ['-R', owner(), path]);
}

/** Returns a port that was free a moment ago. */
async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const { port } = server.address() as AddressInfo;
  await new Promise((done) => server.close(done));
  return port;
}
