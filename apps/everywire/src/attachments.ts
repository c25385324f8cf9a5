import { existsSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import type { FileRecords } from '@everywire/chat';
import type { AttachmentsOptions } from '@everywire/chat-server';
import { DirectoryFiles } from '@everywire/files-directory';
import { ConfigError } from './read-config.js';
import type { Config } from './settings.js';

const megabyte = 1_000_000;

/**
 * The directory of files that go along with messages; those on their way lie beside it. Servers over one database share them.
 *
 * @throws ConfigError where the one that `EVERYWIRE_FILES` names is not there: it is made by nobody, since it is mounted
 */
export function filesDirectory(config: Pick<Config, 'EVERYWIRE_DATA' | 'EVERYWIRE_FILES'>): string {
  const shared = config.EVERYWIRE_FILES;
  if (shared !== '' && !existsSync(shared))
    throw new ConfigError(`EVERYWIRE_FILES is ${resolve(shared)}, which is not there. Mount it, or make it.`);
  return join(resolve(shared || config.EVERYWIRE_DATA), 'files');
}

/** The directories of attachments beside the store, or `null` where the operator wants none. */
export async function openAttachments(config: Config, records: FileRecords): Promise<AttachmentsOptions | null> {
  if (config.EVERYWIRE_FILE_MB === 0) return null;
  const directory = filesDirectory(config);
  return {
    files: await DirectoryFiles.open(directory),
    records,
    uploadsDirectory: join(dirname(directory), 'uploads'),
    limits: {
      fileBytesMax: config.EVERYWIRE_FILE_MB * megabyte,
      userFileBytesMax: config.EVERYWIRE_FILES_PER_PERSON_MB * megabyte,
      uploadsPerPersonMax: config.EVERYWIRE_UPLOADS_PER_PERSON,
      inspectionMs: config.EVERYWIRE_INSPECTION_SECONDS * 1_000,
      inspectionAwaitedMs: config.EVERYWIRE_INSPECTION_AWAITED_SECONDS * 1_000,
      inspectionsAtOnce: config.EVERYWIRE_INSPECTIONS_AT_ONCE,
      inspectionMemoryBytes: config.EVERYWIRE_INSPECTION_MEMORY_MB * megabyte,
    },
  };
}
