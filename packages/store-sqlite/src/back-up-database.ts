import { renameSync, rmSync } from 'node:fs';
import { dirname } from 'node:path';
import type Database from 'better-sqlite3';
import { createPrivateFile, syncDirectory, syncFile } from './private-file.js';

/**
 * Copies a database that is in use to `file`, a few pages a turn, so that commits go on. The copy is of one moment. It takes its
 * name only when it is whole and durable; before that it is `file.unfinished`.
 */
export async function backUpDatabase(database: Database.Database, file: string): Promise<void> {
  const unfinished = `${file}.unfinished`;
  try {
    createPrivateFile(unfinished);
    await database.backup(unfinished);
    syncFile(unfinished);
    renameSync(unfinished, file);
  } catch (error) {
    rmSync(unfinished, { force: true });
    throw error;
  }
  syncDirectory(dirname(file));
}
