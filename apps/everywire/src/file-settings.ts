import Type from 'typebox';
import { setting, wholeNumber } from './setting.js';

/** The settings of files that go along with messages. */
export const fileSettings = {
  EVERYWIRE_FILES: setting(
    Type.String({ maxLength: 4_096 }),
    '',
    'the path of a directory',
    'Where files of messages and uploads on their way are kept. Servers over one PostgreSQL database share it, by a network file system. Empty: `EVERYWIRE_DATA`.',
  ),
  EVERYWIRE_FILE_MB: wholeNumber(0, 100_000, 200, 'Megabytes of one file that goes along with a message. 0: no files.'),
  EVERYWIRE_FILES_PER_PERSON_MB: wholeNumber(1, 100_000_000, 2_048, 'Megabytes of all files of one person.'),
  EVERYWIRE_UPLOADS_PER_PERSON: wholeNumber(
    20,
    100_000,
    100,
    'Uploads of one person that were begun and are not finished; a cancelled one counts no more.',
  ),
  EVERYWIRE_INSPECTION_SECONDS: wholeNumber(
    1,
    3_600,
    30,
    'Seconds that the inspection of one uploaded file may take; a file that takes longer is kept as bytes, to be saved and not shown.',
  ),
  EVERYWIRE_INSPECTION_AWAITED_SECONDS: wholeNumber(
    1,
    3_600,
    3,
    'Seconds that it may take while the upload of another person waits for it. Raise it on a slow machine, where a large photo takes longer.',
  ),
  EVERYWIRE_INSPECTIONS_AT_ONCE: wholeNumber(
    1,
    64,
    1,
    'Uploaded files that are inspected at once, one of each person; each takes a core, and a picture up to 160 MB.',
  ),
  EVERYWIRE_INSPECTION_MEMORY_MB: wholeNumber(
    16,
    4_096,
    64,
    'Megabytes of heap of each process that inspects files; a file that takes more is kept as bytes.',
  ),
} as const;
