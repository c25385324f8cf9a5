import { mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { createWireServer, type WireServer, type WireSession } from '@everywire/server';
import { afterAll, afterEach, expect } from 'vitest';

/** The root of the repository. */
export const root = fileURLToPath(new URL('../..', import.meta.url));

/**
 * The code blocks of one page of the documentation. The test file that creates a guide takes its blocks and runs them. The
 * file fails if a block was not taken. `npm run check` requires such a test for every page with blocks.
 */
export class Guide {
  readonly #page: string;
  readonly #blocks: readonly string[];
  readonly #taken: Set<number>;

  /**
   * @param page the path of the page in the repository
   * @param elsewhere indexes of blocks that another test file runs
   */
  constructor(page: string, elsewhere: readonly number[] = []) {
    this.#page = page;
    this.#taken = new Set(elsewhere);
    const text = readFileSync(join(root, page), 'utf8');
    this.#blocks = [...text.matchAll(/^ *```\w*\n(.*?)^ *```$/gms)].map(([, block = '']) => block);
    afterAll(() => {
      const left = this.#blocks.filter((_, at) => !this.#taken.has(at));
      expect(left, `blocks of ${page} that no test runs`).toEqual([]);
    });
  }

  /** Returns the text of a block, and marks the block as run. @param at its index on the page, from 0 */
  take(at: number): string {
    const block = this.#blocks[at];
    if (block === undefined) throw new Error(`${this.#page} has no block ${at}`);
    this.#taken.add(at);
    return block;
  }

  /** Returns the block whose first line is a comment with this file name, without that line. */
  takeFile(name: string): string {
    const at = this.#blocks.findIndex((block) => block.split('\n', 1)[0]?.split(' ')[1] === name);
    return this.take(at).replace(/^.*\n/, '');
  }
}

const AsyncFunction = Object.getPrototypeOf(async () => undefined).constructor as new (
  ...words: string[]
) => (...values: unknown[]) => Promise<Record<string, unknown>>;

/**
 * Runs a block as part of a larger program. `scope` defines the names that the page leaves to its reader; imports of
 * the block work.
 *
 * @returns the values of `names`, which the block declares
 */
export async function runBlock<Name extends string>(
  block: string,
  scope: Readonly<Record<string, unknown>> = {},
  names: readonly Name[] = [],
  // biome-ignore lint/suspicious/noExplicitAny: the declarations of a block have no types here
): Promise<Record<Name, any>> {
  const body = block.replace(/^import (\{.*\}) from ('.*');/gm, 'const $1 = await load$$($2);');
  const load = (name: string): Promise<unknown> => import(name);
  const run = new AsyncFunction('load$', ...Object.keys(scope), `${body}\nreturn { ${names.join(', ')} };`);
  return (await run(load, ...Object.values(scope))) as Record<Name, never>;
}

const cleanups: (() => unknown)[] = [];
afterEach(async () => {
  for (const clean of cleanups.splice(0).reverse()) await clean();
});

/** Registers a clean-up for the end of the test; the last one runs first. */
export const whenOver = (clean: () => unknown): void => void cleanups.push(clean);

/** Creates a directory in the repository, so that programs in it resolve the packages as an application does. */
export function makeDirectory(): string {
  mkdirSync(join(root, '.cache'), { recursive: true });
  const directory = mkdtempSync(join(root, '.cache/guide-'));
  whenOver(() => rmSync(directory, { recursive: true, force: true }));
  return directory;
}

/** Resolves with the port once the server of a block or test listens. */
export async function portOf(server: Server): Promise<number> {
  if (!server.listening) await new Promise((resolve) => server.once('listening', resolve));
  whenOver(() => {
    server.closeAllConnections?.();
    server.close();
  });
  return (server.address() as AddressInfo).port;
}

/** Attaches a transport server to an HTTP server on a free port. Returns the address for a client. */
export async function serve(wire: WireServer, http: Server = createServer()): Promise<string> {
  wire.attach(http);
  const port = await portOf(http.listen(0, '127.0.0.1'));
  whenOver(() => wire.close({ deadlineMs: 0 }));
  return `http://127.0.0.1:${port}/everywire`;
}

/** Starts a transport server with an application of the test. Returns the address for a client. */
export async function serveSessions(onSession: (session: WireSession) => void): Promise<string> {
  return serve(createWireServer({ onSession }));
}
