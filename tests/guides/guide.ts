import { mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { createWireServer, type WireServer, type WireSession } from '@everywire/server';
import { afterAll, afterEach, expect } from 'vitest';

export const root = fileURLToPath(new URL('../..', import.meta.url));

/**
 * The fenced blocks of one page, to be taken and run by the test file that makes it. A block that none of its tests has taken fails
 * that file. `npm run check` wants such a line for every page with blocks.
 */
export class Guide {
  readonly #page: string;
  readonly #blocks: readonly string[];
  readonly #taken: Set<number>;

  /**
   * @param page its path in the repository
   * @param elsewhere places of blocks that another test file runs
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

  /** The block's text, which is from then on one that was run. @param at its place on the page, from 0 */
  take(at: number): string {
    const block = this.#blocks[at];
    if (block === undefined) throw new Error(`${this.#page} has no block ${at}`);
    this.#taken.add(at);
    return block;
  }

  /** What stands below the first line of the block in which that is a comment with this name of a file. */
  takeFile(name: string): string {
    const at = this.#blocks.findIndex((block) => block.split('\n', 1)[0]?.split(' ')[1] === name);
    return this.take(at).replace(/^.*\n/, '');
  }
}

const AsyncFunction = Object.getPrototypeOf(async () => undefined).constructor as new (
  ...words: string[]
) => (...values: unknown[]) => Promise<Record<string, unknown>>;

/**
 * Runs a block where it stands in a larger program: `scope` holds the names that the page leaves to its reader, and what is
 * imported is imported.
 * @returns the values of `names`, which the block has declared
 */
export async function runBlock<Name extends string>(
  block: string,
  scope: Readonly<Record<string, unknown>> = {},
  names: readonly Name[] = [],
  // biome-ignore lint/suspicious/noExplicitAny: what a block declares has no type here
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

/** Called when the test is over, the last one first. */
export const whenOver = (clean: () => unknown): void => void cleanups.push(clean);

/** Within the repository, so that the packages are found as an application finds them. */
export function makeDirectory(): string {
  mkdirSync(join(root, '.cache'), { recursive: true });
  const directory = mkdtempSync(join(root, '.cache/guide-'));
  whenOver(() => rmSync(directory, { recursive: true, force: true }));
  return directory;
}

/** Resolves with the port once the server, which a block has made or a test, listens. */
export async function portOf(server: Server): Promise<number> {
  if (!server.listening) await new Promise((resolve) => server.once('listening', resolve));
  whenOver(() => {
    server.closeAllConnections?.();
    server.close();
  });
  return (server.address() as AddressInfo).port;
}

/** Attaches what a block has made to a server on a free port. @returns the address for a client */
export async function serve(wire: WireServer, http: Server = createServer()): Promise<string> {
  wire.attach(http);
  const port = await portOf(http.listen(0, '127.0.0.1'));
  whenOver(() => wire.close({ deadlineMs: 0 }));
  return `http://127.0.0.1:${port}/everywire`;
}

/** A server whose application is the test's own. */
export async function serveSessions(onSession: (session: WireSession) => void): Promise<string> {
  return serve(createWireServer({ onSession }));
}
