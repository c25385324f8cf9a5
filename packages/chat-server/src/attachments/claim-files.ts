import { randomUUID } from 'node:crypto';
import type { Accounts, FileName, Files } from '@everywire/chat';
import { STORE_ID_SETTING } from '@everywire/chat/internal';
import type { Logger } from '../logger.js';

/** The most files that are examined to see whether the store knows any of them. */
const EXAMINED_MAX = 1_000;

/** Thrown when the files belong to another store. */
export class ForeignFilesError extends Error {
  readonly code = 'files_foreign';

  constructor() {
    super(
      'The files of messages in this directory belong to another store, so this one would delete them. ' +
        'Set EVERYWIRE_FILES (or EVERYWIRE_DATA) to a directory of its own, or open the store that they belong to.',
    );
    this.name = 'ForeignFilesError';
  }
}

/** Options of `claimFiles`. */
export interface ClaimOptions {
  readonly files: Pick<Files, 'names' | 'owner' | 'claim'>;
  readonly accounts: Pick<Accounts, 'initSetting'>;
  /** Returns those of the names that the store knows. */
  readonly knownOf: (names: readonly FileName[]) => Promise<readonly FileName[]>;
  readonly log: Logger;
}

/**
 * Claims the files for the store, so that no other one takes them for orphans and deletes them. Returns the id of the
 * store. Leaves files unclaimed if the store knows none of them: they may be those of another store, from before stores
 * claimed their files.
 *
 * @throws ForeignFilesError when another store has claimed them
 */
export async function claimFiles({ files, accounts, knownOf, log }: ClaimOptions): Promise<string> {
  const id = await accounts.initSetting(STORE_ID_SETTING, randomUUID());
  if ((await files.owner()) === null) {
    const names = await files.names(null, EXAMINED_MAX);
    if (names.length > 0 && (await knownOf(names)).length === 0) {
      log.warn(
        'files_unknown: The store knows none of the files of messages in its directory, so they may belong to another store. No file is removed as unused.',
      );
      return id;
    }
  }
  if ((await files.claim(id)) !== id) throw new ForeignFilesError();
  return id;
}
