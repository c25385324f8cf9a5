import { type ChildProcess, fork } from 'node:child_process';
import { on, once } from 'node:events';
import { join } from 'node:path';
import { build } from 'esbuild';
import type { Command, Report, StartOptions } from './messages.js';

/** Bundles the application into one JavaScript file. @returns its path */
export async function bundleProgram(folder: string): Promise<string> {
  const outfile = join(folder, 'program.mjs');
  await build({
    entryPoints: [join(import.meta.dirname, 'program.ts')],
    ...{ outfile, bundle: true, platform: 'node', format: 'esm', target: 'node20', conditions: ['source'] },
    logLevel: 'warning',
  });
  return outfile;
}

/** Runs the application in a process of its own. */
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

  tell(command: Command): void {
    this.#child.send(command);
  }

  async report(): Promise<Report & { readonly kind: 'told' }> {
    const told = next(this.#child, 'told');
    this.tell('tell');
    return told;
  }

  /** Asks it to end. @returns its last report */
  async end(): Promise<Report & { readonly kind: 'told' }> {
    const ended = once(this.#child, 'exit');
    const told = next(this.#child, 'told');
    this.#child.kill('SIGTERM');
    const last = await told;
    await ended;
    return last;
  }

  kill(): void {
    this.#child.kill('SIGKILL');
  }
}

/** @throws Error if the process ends before */
async function next<K extends Report['kind']>(child: ChildProcess, kind: K): Promise<Report & { readonly kind: K }> {
  for await (const [report] of on(child, 'message', { close: ['exit'] }) as AsyncIterable<[Report]>)
    if (report.kind === kind) return report as Report & { readonly kind: K };
  throw new Error(`The process ended (${child.exitCode ?? child.signalCode}) before it was ${kind}.`);
}
