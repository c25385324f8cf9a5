import { copyFileSync, mkdirSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createSqliteStore } from '@everywire/store-sqlite';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { checkFormerPlace } from './former-place.js';

// The server refuses to create a new store if other data shows that the directory had one before.

let data: string;
let file: string;

beforeEach(() => {
  data = mkdtempSync(join(tmpdir(), 'everywire-former-'));
  file = join(data, 'everywire.sqlite');
});

afterEach(() => rmSync(data, { recursive: true }));

/** Adds an attachment. */
function addFile(name = 'ab12'): void {
  const subdirectory = join(data, 'files', name.slice(0, 2));
  mkdirSync(subdirectory, { recursive: true });
  writeFileSync(join(subdirectory, name), 'bytes');
}

/** Creates a new store that was killed while all data was in its WAL; without the WAL it is an empty database. */
async function addYoungStore(sides: readonly string[]): Promise<void> {
  const other = join(data, 'other', 'everywire.sqlite');
  const store = createSqliteStore({ file: other, checkpoint: 'inline', search: 'inline' });
  for (const side of ['', ...sides]) copyFileSync(other + side, file + side);
  await store.close();
  rmSync(join(data, 'other'), { recursive: true });
  expect(statSync(file).size).toBe(4_096);
}

/** Creates the store, as the server does at its start. */
async function begin(isNew: boolean): Promise<void> {
  check(isNew);
  await createSqliteStore({ file, isNew, checkpoint: 'inline', search: 'inline' }).close();
}

const check = (isNew = false): void => checkFormerPlace(join(data, 'files'), file, isNew);

describe('a start without a store', () => {
  it('is allowed in a directory that is absent, empty, or has empty directories of files', () => {
    check();
    rmSync(data, { recursive: true });
    check();
    mkdirSync(join(data, 'files', 'unfinished'), { recursive: true });
    mkdirSync(join(data, 'files', 'ab'));
    writeFileSync(join(data, 'files', 'unfinished', 'half'), 'bytes');
    check();
  });

  it.each([
    ['missing', () => undefined],
    ['empty', () => writeFileSync(file, '')],
  ])('is refused if there are files of messages but the store is %s, with the findings and the remedy', (_, make) => {
    addFile();
    make();
    const refusal =
      /no store at .*everywire\.sqlite.*there are files of messages in .*files\. .*everywire restore.*--new/;
    expect(() => check()).toThrow(refusal);
    expect(() => check()).toThrow(expect.objectContaining({ code: 'store_missing' }));
    check(true);
  });

  it.each(['-wal', '.position'])('is refused if a file of an earlier store is left (%s)', (side) => {
    writeFileSync(file + side, 'something');
    expect(() => check()).toThrow(expect.objectContaining({ code: 'store_missing' }));
    writeFileSync(file + side, '');
    check();
  });
});

describe('a start with an empty database, whose log is gone', () => {
  it.each([
    ['its position', async () => await addYoungStore(['.position'])],
    [
      'files of messages',
      async () => {
        await addYoungStore([]);
        addFile();
      },
    ],
  ])('is refused next to %s, and --new starts with an empty store, as the error says', async (_, make) => {
    await make();
    expect(() => check()).toThrow(expect.objectContaining({ code: 'store_missing' }));
    expect(() => check()).toThrow(/the database is empty.*start once with --new/);
    await begin(true);
    await begin(false);
  });

  it('is allowed if there is no evidence of an earlier store', async () => {
    await addYoungStore([]);
    await begin(false);
  });
});

describe('a start with a store', () => {
  it('is allowed regardless of other files next to it', () => {
    writeFileSync(file, 'a store');
    addFile();
    check();
  });

  it('is allowed if the whole store is in its log, and refused with --new; the check changes nothing', async () => {
    await addYoungStore(['-wal']);
    addFile();
    const before = statSync(`${file}-wal`).size;
    check();
    expect(() => check(true)).toThrow(expect.objectContaining({ code: 'store_exists' }));
    expect(statSync(`${file}-wal`).size).toBe(before);
    expect(readdirSync(data).filter((name) => name.includes('position') || name.includes('lock'))).toEqual([]);
    await begin(false);
  });

  it('is refused with --new, which never replaces anything', () => {
    writeFileSync(file, 'a store');
    expect(() => check(true)).toThrow(expect.objectContaining({ code: 'store_exists' }));
  });
});
