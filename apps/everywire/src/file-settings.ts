import Type from 'typebox';
import { setting, wholeNumber } from './setting.js';

/** The settings of files that go along with messages. */
export const fileSettings = {
  EVERYWIRE_FILES: setting(
    Type.String({ maxLength: 4_096 }),
    '',
    'the path of a directory',
    'Directory for files of messages and unfinished uploads. Servers over one PostgreSQL database share it, through a network file system. Empty: `EVERYWIRE_DATA`.',
  ),
  EVERYWIRE_FILE_MB: wholeNumber(0, 100_000, 200, 'Maximum size of one attached file in megabytes. 0: no files.'),
  EVERYWIRE_FILES_PER_PERSON_MB: wholeNumber(
    1,
    100_000_000,
    2_048,
    'Storage for all files of one person in megabytes.',
  ),
  EVERYWIRE_UPLOADS_PER_PERSON: wholeNumber(
    20,
    100_000,
    100,
    'Maximum number of unfinished uploads of one person. Cancelled uploads do not count.',
  ),
  EVERYWIRE_INSPECTION_SECONDS: wholeNumber(
    1,
    3_600,
    30,
    'Seconds for inspecting one uploaded file. After that the file is stored as plain bytes: it can be downloaded, but is not displayed.',
  ),
  EVERYWIRE_INSPECTION_AWAITED_SECONDS: wholeNumber(
    1,
    3_600,
    3,
    'The same limit while the upload of another person is waiting. Raise it on a slow machine, where a large photo takes longer.',
  ),
  EVERYWIRE_INSPECTIONS_AT_ONCE: wholeNumber(
    1,
    64,
    1,
    'Uploaded files inspected in parallel, at most one per person. Each uses one core, and a picture up to 160 MB.',
  ),
  EVERYWIRE_INSPECTION_MEMORY_MB: wholeNumber(
    16,
    4_096,
    64,
    'Heap of each inspection process in megabytes. A file that needs more is stored as plain bytes.',
  ),
} as const;
