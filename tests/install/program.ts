import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';

/** How long to wait for a program. */
const deadlineMs = 60_000;

/** A program of the project, run by Node as a user would. */
export class Program {
  readonly #child: ChildProcess;
  #output = '';

  constructor(directory: string, name: string, port?: number) {
    this.#child = spawn(process.execPath, [name], {
      cwd: directory,
      env: { ...process.env, PORT: String(port ?? 0) },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    for (const stream of [this.#child.stdout, this.#child.stderr])
      stream?.setEncoding('utf8').on('data', (text: string) => {
        this.#output += text;
      });
  }

  /** Resolves with the port that a server reports. */
  async ready(): Promise<number> {
    const signal = AbortSignal.timeout(deadlineMs);
    for (;;) {
      const port = /^ready (\d+)$/m.exec(this.#output)?.[1];
      if (port !== undefined) return Number(port);
      if (this.#child.exitCode !== null) throw new Error(`ended early:\n${this.#output}`);
      const { stdout } = this.#child;
      if (stdout === null) throw new Error('no output');
      await once(stdout, 'data', { signal }).catch(() => {
        throw new Error(`not ready within ${deadlineMs} ms:\n${this.#output}`);
      });
    }
  }

  /** Resolves with the output of a program that exits by itself. */
  async output(): Promise<string> {
    if (this.#child.exitCode === null) {
      await once(this.#child, 'close', { signal: AbortSignal.timeout(deadlineMs) }).catch(() => {
        throw new Error(`did not end within ${deadlineMs} ms:\n${this.#output}`);
      });
    }
    if (this.#child.exitCode !== 0) throw new Error(`exited with ${this.#child.exitCode}:\n${this.#output}`);
    return this.#output;
  }

  async stop(): Promise<void> {
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return;
    const closed = once(this.#child, 'close');
    this.#child.kill('SIGKILL');
    await closed;
  }
}
