import { ensureNode } from '../scripts/ensure-node.mjs';

/** A Node program and environment variables, with which the store uses one of its SQLite drivers. */
export interface SqliteProgram {
  readonly node: string;
  readonly env: NodeJS.ProcessEnv;
}

/** Returns both drivers: better-sqlite3 in this Node, for which it was compiled, and the built-in SQLite of a Node 24. */
export async function sqlitePrograms(): Promise<readonly [SqliteProgram, SqliteProgram]> {
  const programOf = (node: string, driver: string): SqliteProgram => ({
    node,
    env: { ...process.env, EVERYWIRE_SQLITE: driver },
  });
  return [programOf(process.execPath, 'better-sqlite3'), programOf(await ensureNode('24', console.log), 'node')];
}
