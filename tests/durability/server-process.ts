import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

const program = fileURLToPath(new URL('../../apps/everywire/dist/command.js', import.meta.url));
const ready = /Everywire is ready at (http:\/\/\S+)/;

/**
 * The real server, as `npm start` runs it, with one data directory. It can be killed and restarted on the same port.
 */
export class ServerProcess {
  readonly #data: string;
  readonly #settings: Readonly<Record<string, string>>;
  #child: ChildProcess | null = null;
  #port = 0;
  #lines = '';

  /** @param settings environment variables in addition to those of every test */
  constructor(data: string, settings: Readonly<Record<string, string>> = {}) {
    this.#data = data;
    this.#settings = settings;
  }

  get url(): string {
    return `http://127.0.0.1:${this.#port}`;
  }

  /** The id of the running process. */
  get pid(): number {
    return this.#child?.pid ?? 0;
  }

  /** The output of all processes so far, for a failure report. */
  get lines(): string {
    return this.#lines;
  }

  /** Starts a process. `started` resolves when it reports readiness, and rejects if it exits first. */
  start(args: readonly string[] = []): { readonly started: Promise<void> } {
    const child = spawn(process.execPath, [program, ...args], {
      stdio: ['ignore', 'pipe', 'pipe'],
      env: {
        PATH: process.env['PATH'] ?? '',
        HOST: '127.0.0.1',
        PORT: String(this.#port),
        EVERYWIRE_DATA: this.#data,
        EVERYWIRE_LOG: 'warn',
        EVERYWIRE_SIGN_INS_PER_MINUTE: '1000',
        EVERYWIRE_PASSWORD_MEMORY_KIB: '7168',
        EVERYWIRE_PASSWORD_PASSES: '1',
        ...this.#settings,
      },
    });
    this.#child = child;
    const started = new Promise<void>((resolve, reject) => {
      child.stdout?.setEncoding('utf8').on('data', (text: string) => {
        this.#lines += text;
        const address = ready.exec(text)?.[1];
        if (address === undefined) return;
        this.#port = Number(new URL(address).port);
        resolve();
      });
      child.stderr?.setEncoding('utf8').on('data', (text: string) => {
        this.#lines += text;
      });
      child.once('exit', (code, signal) => reject(new Error(`the server ended (${code ?? signal}): ${this.#lines}`)));
    });
    started.catch(() => undefined); // Some tests kill the process before it is ready.
    return { started };
  }

  /** Kills the process with SIGKILL: no handler runs, nothing is flushed, and data that is not on the disk is lost. */
  kill(): Promise<void> {
    return this.#end('SIGKILL');
  }

  /** Stops the process with SIGTERM, so that it can save its sessions. */
  stop(): Promise<void> {
    return this.#end('SIGTERM');
  }

  async #end(signal: NodeJS.Signals): Promise<void> {
    const child = this.#child;
    if (child === null || child.exitCode !== null || child.signalCode !== null) return;
    const ended = once(child, 'exit');
    child.kill(signal);
    await ended;
  }
}
