import { expect, it } from 'vitest';
import { resultCodeName } from './result-codes.js';

// The numbers of sqlite.org/rescode.html: the first and the last of each family, and those that the store acts on.
const published: Readonly<Record<string, number>> = {
  SQLITE_BUSY: 5,
  SQLITE_BUSY_RECOVERY: 261,
  SQLITE_BUSY_TIMEOUT: 773,
  SQLITE_LOCKED: 6,
  SQLITE_LOCKED_VTAB: 518,
  SQLITE_READONLY_RECOVERY: 264,
  SQLITE_READONLY_DIRECTORY: 1544,
  SQLITE_IOERR: 10,
  SQLITE_IOERR_READ: 266,
  SQLITE_IOERR_WRITE: 778,
  SQLITE_IOERR_FSYNC: 1034,
  SQLITE_IOERR_SHMSIZE: 4874,
  SQLITE_IOERR_IN_PAGE: 8714,
  SQLITE_CORRUPT: 11,
  SQLITE_CORRUPT_VTAB: 267,
  SQLITE_CORRUPT_INDEX: 779,
  SQLITE_FULL: 13,
  SQLITE_CANTOPEN_NOTEMPDIR: 270,
  SQLITE_CANTOPEN_SYMLINK: 1550,
  SQLITE_CONSTRAINT_CHECK: 275,
  SQLITE_CONSTRAINT_PRIMARYKEY: 1555,
  SQLITE_CONSTRAINT_UNIQUE: 2067,
  SQLITE_CONSTRAINT_DATATYPE: 3091,
  SQLITE_NOTADB: 26,
};

it('a result code has the name that SQLite uses, an unknown one that of its family', () => {
  const names = Object.values(published).map(resultCodeName);
  expect(names).toEqual(Object.keys(published));
  expect(resultCodeName(0xff_0a)).toBe('SQLITE_IOERR');
});
