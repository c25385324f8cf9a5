import { type ChildProcess, fork } from 'node:child_process';
import { on, once } from 'node:events';
import { join } from 'node:path';
import { build } from 'esbuild';
import type { Command, Report, StartOptions } from './messages.js';

/** Bundles the server application into one JavaScript file, and returns its path. */
export async function bundleProgram(folder: string): Promise<string> {
  const outfile = join(folder, 'program.mjs');
  await build({
    entryPoints: [join(import.meta.dirname, 'program.ts')],
    outfile,
    bundle: true,
    platform: 'node',
    format: 'esm',
    target: 'node22',
    conditions: ['source'],
    logLevel: 'warning',
  });
  return outfile;
}

/** The server application (`program.ts`) in a separate process. */
export class Application {
  readonly #child: ChildProcess;
  readonly ready: Report & { readonly kind: 'ready' };

  private constructor(child: ChildProcess, ready: Report & { readonly kind: 'ready' }) {
    this.#child = child;
    this.ready = ready;
  }

  static async start(program: string, options: StartOptions): Promise<Application> {
    const child = fork(program, [JSON.stringify(options)]);
    return new Application(child, await next(child, 'ready'));
  }

  send(command: Command): void {
    this.#child.send(command);
  }

  async report(): Promise<Report & { readonly kind: 'report' }> {
    const report = next(this.#child, 'report');
    this.send('report');
    return report;
  }

  /** Lets the process hand its sessions over and end. Returns its last report. */
  async end(): Promise<Report & { readonly kind: 'report' }> {
    const ended = once(this.#child, 'exit');
    const report = next(this.#child, 'report');
    this.#child.kill('SIGTERM');
    const last = await report;
    await ended;
    return last;
  }

  kill(): void {
    this.#child.kill('SIGKILL');
  }
}

/** Waits for a report of this kind. @throws Error if the process ends first */
async function next<K extends Report['kind']>(child: ChildProcess, kind: K): Promise<Report & { readonly kind: K }> {
  for await (const [report] of on(child, 'message', { close: ['exit'] }) as AsyncIterable<[Report]>)
    if (report.kind === kind) return report as Report & { readonly kind: K };
  throw new Error(`The process ended (${child.exitCode ?? child.signalCode}) before it was ${kind}.`);
}
