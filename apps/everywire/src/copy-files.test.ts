import {
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { copyFiles, describeLeftOut } from './copy-files.js';

let directory: string;
let from: string;
let to: string;
const copy = (links: 'follow' | 'leave', of = from) => copyFiles({ from: of, to, links });

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'everywire-copy-'));
  [from, to] = [join(directory, 'from'), join(directory, 'to')];
  mkdirSync(join(from, 'ab'), { recursive: true });
});
afterEach(() => rmSync(directory, { recursive: true, force: true }));

const name = `ab${'0'.repeat(30)}`;

test('copies the files of messages and their previews', async () => {
  writeFileSync(join(from, 'ab', name), 'bytes');
  writeFileSync(join(from, 'ab', `${name}.preview`), 'small');
  mkdirSync(join(from, 'unfinished'));
  expect(await copy('leave')).toEqual([]);
  expect(readdirSync(to)).toEqual(['ab']);
  expect(readFileSync(join(to, 'ab', name), 'utf8')).toBe('bytes');
  expect(readdirSync(join(to, 'ab'))).toEqual([name, `${name}.preview`]);
  expect(await copy('leave', join(directory, 'none'))).toEqual([]);
});

test('skips links, other names and special files, and reports them', async () => {
  const secret = join(directory, 'secret');
  mkdirSync(secret);
  writeFileSync(join(secret, name), 'the key of the operator');
  writeFileSync(join(from, 'ab', name), 'bytes');
  symlinkSync(join(secret, name), join(from, 'ab', `ab${'1'.repeat(30)}`));
  symlinkSync(secret, join(from, 'cd'));
  mkdirSync(join(from, 'ab', `ab${'2'.repeat(30)}`));
  writeFileSync(join(from, 'ab', `cd${'0'.repeat(30)}`), 'of another directory');
  writeFileSync(join(from, 'ab', 'notes.txt'), 'not of a server');
  mkdirSync(join(from, '..hidden'));
  writeFileSync(join(from, 'ef'), 'no directory');
  const leftOut = await copy('leave');
  const pathsOf = (wanted: boolean) => leftOut.filter(({ isWanted }) => isWanted === wanted).map(({ path }) => path);
  const links = ['1', '2'].map((digit) => join('ab', `ab${digit.repeat(30)}`));
  expect(pathsOf(true).sort()).toEqual([...links, 'cd', 'ef'].sort());
  expect(pathsOf(false).sort()).toEqual(
    [join('ab', `cd${'0'.repeat(30)}`), join('ab', 'notes.txt'), '..hidden'].sort(),
  );
  expect(readdirSync(to)).toEqual(['ab']);
  expect(readdirSync(join(to, 'ab'))).toEqual([name]);
  expect(existsSync(join(to, 'cd'))).toBe(false);
});

test('copies linked directories of a server on another disk, and reports a missing disk', async () => {
  const disk = join(directory, 'disk');
  mkdirSync(join(disk, 'cd'), { recursive: true });
  const file = `cd${'0'.repeat(30)}`;
  writeFileSync(join(disk, 'cd', file), 'on the other disk');
  symlinkSync(join(disk, 'cd'), join(from, 'cd'));
  symlinkSync(join(disk, 'not mounted'), join(from, 'ef'));
  expect(await copy('follow')).toEqual([{ path: 'ef', isWanted: true }]);
  expect(lstatSync(join(to, 'cd')).isDirectory()).toBe(true);
  expect(readFileSync(join(to, 'cd', file), 'utf8')).toBe('on the other disk');
  symlinkSync(join(disk, 'not mounted'), join(directory, 'files'));
  expect(await copy('follow', join(directory, 'files'))).toEqual([{ path: 'files', isWanted: true }]);
});

test('lists at most twenty skipped names, without control characters', () => {
  const strange = (path: string) => ({ path, isWanted: false });
  expect(describeLeftOut([])).toBe('');
  expect(describeLeftOut([strange('a\u001b[2Jb\nc')])).toBe(
    '\nNot copied, because these are not files of messages:\n  a?[2Jb?c',
  );
  const lines = describeLeftOut(Array.from({ length: 25 }, (_, number) => strange(`${number}`))).split('\n');
  expect([lines.length, lines.at(-1)]).toEqual([23, '  and 5 more']);
  expect(describeLeftOut([strange('x'), { path: 'ab', isWanted: true }])).toMatch(
    /may be missing.*\n {2}ab\nNot copied/,
  );
});
