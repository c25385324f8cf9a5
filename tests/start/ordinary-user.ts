import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { mkdtempSync, symlinkSync } from 'node:fs';
import { type AddressInfo, createServer } from 'node:net';
import { join } from 'node:path';
import { expect } from 'vitest';

/** The user `nobody` if the tests run as root, because a start must work for an ordinary user. */
const ordinaryUser = process.getuid?.() === 0 ? { uid: 65_534, gid: 65_534 } : {};

/** A program that an ordinary user runs. */
export interface Run {
  readonly child: ChildProcess;
  output: string;
  readonly ended: Promise<number | null>;
}

/** Where and how the program runs. */
export interface RunOptions {
  /** The directory in which it runs, which is also the home of the user. */
  readonly home: string;
  readonly cwd: string;
  readonly env: Readonly<Record<string, string>>;
}

/**
 * Runs a program. Of this process's environment it gets only `PATH`, the path of the Node headers for npm, and the
 * certificates that this machine trusts.
 */
export function runAsOrdinaryUser(command: string, args: readonly string[], { home, cwd, env }: RunOptions): Run {
  const child = spawn(command, args, {
    cwd,
    env: {
      PATH: process.env['PATH'],
      HOME: home,
      npm_config_nodedir: process.env['npm_config_nodedir'] ?? '/usr',
      // Only Debian's Node trusts these by default.
      NODE_EXTRA_CA_CERTS: process.env['NODE_EXTRA_CA_CERTS'] ?? '/etc/ssl/certs/ca-certificates.crt',
      ...env,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
    // A process group, because npm forwards no SIGKILL.
    detached: true,
    ...ordinaryUser,
  });
  const ended = new Promise<number | null>((resolve) => child.on('close', resolve));
  const run: Run = { child, output: '', ended };
  for (const stream of [child.stdout, child.stderr])
    stream?.on('data', (chunk: Buffer) => (run.output += chunk.toString()));
  return run;
}

/** Resolves when the server reports that it is ready. Rejects with its output if it ends first. */
export async function expectReady(run: Run, port: number): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    run.child.stdout?.on('data', () => {
      if (run.output.includes(`Everywire is ready at http://localhost:${port}`)) resolve();
    });
    run.ended.then(() => reject(new Error(`ended before it was ready:\n${run.output}`)));
  });
  const base = `http://127.0.0.1:${port}`;
  expect((await fetch(`${base}/healthz`)).status).toBe(200);
  expect((await fetch(`${base}/readyz`)).status).toBe(200);
  expect(await (await fetch(`${base}/`)).text()).toContain('<div id="page"');
}

/** Stops a program with SIGTERM and waits for its end. */
export async function stop(run: Run): Promise<void> {
  process.kill(run.child.pid ?? 0, 'SIGTERM');
  await run.ended;
}

/** Kills a program that may have ended, with all that it has started, and waits for their end. */
export async function kill(run: Run): Promise<void> {
  try {
    process.kill(-(run.child.pid ?? 0), 'SIGKILL');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
  await run.ended;
}

/** Returns a directory for `PATH` that contains only these commands. `programs` are further paths by command name. */
export function createPath(
  home: string,
  commands: readonly string[],
  programs: Readonly<Record<string, string>> = {},
): string {
  const bin = mkdtempSync(join(home, 'bin-'));
  for (const command of commands)
    symlinkSync(execFileSync('which', [command], { encoding: 'utf8' }).trim(), join(bin, command));
  for (const [command, program] of Object.entries(programs)) symlinkSync(program, join(bin, command));
  giveToOrdinaryUser(bin);
  return bin;
}

/** Returns user and group id, as for `chown`. */
export const owner = (): string =>
  `${ordinaryUser.uid ?? process.getuid?.()}:${ordinaryUser.gid ?? process.getgid?.()}`;

/** Makes the ordinary user the owner of a file or directory. */
export function giveToOrdinaryUser(path: string): void {
  execFileSync('chown', ['-R', owner(), path]);
}

/** Returns a port that is currently free. */
export async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const { port } = server.address() as AddressInfo;
  await new Promise((done) => server.close(done));
  return port;
}
