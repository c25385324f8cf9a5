import { existsSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import type { Accounts, FileRecords } from '@everywire/chat';
import type { AttachmentsOptions } from '@everywire/chat-server';
import { DirectoryFiles } from '@everywire/files-directory';
import { ConfigError } from './read-config.js';
import type { Config } from './settings.js';

const MEGABYTE = 1_000_000;

/** The store setting that records that a directory named by `EVERYWIRE_FILES` was used. */
const SHARED_SETTING = 'filesShared';

/**
 * Returns the directory of message files; unfinished uploads are next to it. Servers over one database share it.
 *
 * @throws ConfigError when the directory named by `EVERYWIRE_FILES` is missing; it is never created, because it must be
 *   mounted
 */
export function filesDirectory(config: Pick<Config, 'EVERYWIRE_DATA' | 'EVERYWIRE_FILES'>): string {
  const shared = config.EVERYWIRE_FILES;
  if (shared !== '' && !existsSync(shared))
    throw new ConfigError(`EVERYWIRE_FILES is ${resolve(shared)}, which does not exist. Mount or create it.`);
  return join(resolve(shared || config.EVERYWIRE_DATA), 'files');
}

type Store = FileRecords & Pick<Accounts, 'setting' | 'setSetting'>;

/**
 * Opens the attachment directories, or returns `null` when the operator disabled attachments. A store that the operator
 * has begun anew next to the files of another one (`--new`) takes them over.
 */
export async function openAttachments(config: Config, store: Store, isNew = false): Promise<AttachmentsOptions | null> {
  if (config.EVERYWIRE_FILE_MB === 0) return null;
  const directory = filesDirectory(config);
  if (config.EVERYWIRE_FILES !== '') await requireMounted(directory, store);
  if (isNew) await DirectoryFiles.disown(directory);
  return {
    files: await DirectoryFiles.open(directory),
    records: store,
    uploadsDirectory: join(dirname(directory), 'uploads'),
    limits: {
      fileBytesMax: config.EVERYWIRE_FILE_MB * MEGABYTE,
      userFileBytesMax: config.EVERYWIRE_FILES_PER_PERSON_MB * MEGABYTE,
      uploadsPerPersonMax: config.EVERYWIRE_UPLOADS_PER_PERSON,
      inspectionMs: config.EVERYWIRE_INSPECTION_SECONDS * 1_000,
      inspectionAwaitedMs: config.EVERYWIRE_INSPECTION_AWAITED_SECONDS * 1_000,
      inspectionsAtOnce: config.EVERYWIRE_INSPECTIONS_AT_ONCE,
      inspectionMemoryBytes: config.EVERYWIRE_INSPECTION_MEMORY_MB * MEGABYTE,
    },
  };
}

/**
 * Rejects an empty directory that had files before: it is an unmounted mount point, and other servers would not see
 * files written there.
 */
async function requireMounted(directory: string, store: Store): Promise<void> {
  const isKnown = (await store.setting(SHARED_SETTING)) !== null;
  if (isKnown && !existsSync(directory))
    throw new ConfigError(
      `EVERYWIRE_FILES is ${dirname(directory)}, which has no directory "files", although this server has stored files there. Mount it. If the files are lost, create an empty ${directory}.`,
    );
  if (!isKnown) await store.setSetting(SHARED_SETTING, 'yes');
}
