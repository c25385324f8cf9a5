import { execFileSync, spawnSync } from 'node:child_process';
import { chmodSync, copyFileSync, existsSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ensureNode } from '../../scripts/ensure-node.mjs';
import { copyTrackedFiles, root } from '../house/checkout-copy.js';
import {
  createPath,
  expectReady,
  freePort,
  giveToOrdinaryUser,
  kill,
  owner,
  type Run,
  runAsOrdinaryUser,
} from './ordinary-user.js';

/** A fresh checkout, without packages and builds, that belongs to an ordinary user with an empty home. */
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
   * Puts the packages of this repository into the checkout, as an earlier start would have installed them, and the Node
   * that an older one would download. The files are hard links if the file system allows it, so they keep their owner; an ordinary
   * user only reads them.
   */
  async copyInstalledPackages(): Promise<void> {
    await ensureNode('24', console.log);
    mkdirSync(join(this.#checkout, '.cache'));
    copyFileSync(join(root, '.cache/install-stamp'), join(this.#checkout, '.cache/install-stamp'));
    giveToOrdinaryUser(join(this.#checkout, '.cache'));
    for (const folder of ['node_modules', '.cache/programs'].filter((name) => existsSync(join(root, name)))) {
      const copy = join(this.#checkout, folder);
      const linked = spawnSync('cp', ['-al', join(root, folder), copy]).status === 0;
      if (!linked) execFileSync('cp', ['-a', join(root, folder), copy]);
      execFileSync('find', [copy, '-type', 'd', '-exec', 'chown', owner(), '{}', '+']);
    }
  }

  /** Returns a directory for `PATH` that contains only these commands. `programs` are further paths by command name. */
  createPath(commands: readonly string[], programs: Readonly<Record<string, string>> = {}): string {
    return createPath(this.#home, commands, programs);
  }

  /** Runs `npm start`. */
  start(env: Readonly<Record<string, string>> = {}): Run {
    const run = runAsOrdinaryUser('npm', ['start', '--silent'], {
      home: this.#home,
      cwd: this.#checkout,
      env: { PORT: String(this.#port), ...env },
    });
    this.#runs.push(run);
    return run;
  }

  /** Waits until the server is ready, and checks its answers. */
  async expectReady(run: Run): Promise<void> {
    await expectReady(run, this.#port);
  }

  async remove(): Promise<void> {
    await Promise.all(this.#runs.map(kill));
    rmSync(this.#home, { recursive: true, force: true });
  }
}
