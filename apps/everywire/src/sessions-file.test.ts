import {
  copyFileSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { FrozenSessions } from '@everywire/chat-server';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { SessionsFile } from './sessions-file.js';

// The file in which a server saves its sessions when it stops, so that the next process can take them over.

let data: string;
let lines: string[];
let file: SessionsFile;
let taken: FrozenSessions[];
const server = {
  freeze: async () => ['head', 'one', 'two'],
  restore: (sessions: FrozenSessions) => {
    taken.push(sessions);
    return sessions.sessions.length - 1;
  },
};

beforeEach(() => {
  data = mkdtempSync(join(tmpdir(), 'everywire-sessions-'));
  lines = [];
  taken = [];
  file = openFile();
});
afterEach(() => rmSync(data, { recursive: true }));

function openFile(): SessionsFile {
  const note = (level: string) => (line: string) => void lines.push(`${level} ${line}`);
  return new SessionsFile(data, {
    debug: note('debug'),
    info: note('info'),
    warn: note('warn'),
    error: note('error'),
  });
}

it('the next process restores the sessions of this one, once', async () => {
  await file.leave(server);
  openFile().takeUp(server);
  openFile().takeUp(server);
  expect(taken.map(({ sessions }) => sessions)).toEqual([['head', 'one', 'two']]);
  expect(lines).toEqual(['info Sessions resumed from the previous process: 2']);
});

it('a process that fails to start keeps the sessions for the next one, with the elapsed time', async () => {
  await file.leave(server);
  const early = openFile();
  early.takeUp(server);
  await new Promise((resolve) => setTimeout(resolve, 30));
  early.putBack();
  openFile().takeUp(server);
  const [first, second] = taken as [FrozenSessions, FrozenSessions];
  expect(second.sessions).toEqual(first.sessions);
  expect(second.awayMs).toBeGreaterThanOrEqual(first.awayMs + 29);
});

it.each([
  ['copied', copy, /was copied/],
  ['damaged', () => writeFileSync(path(), readFileSync(path()).subarray(0, -4)), /is damaged/],
  ['written by another version', () => writeFileSync(path(), '{"format":"everywire-sessions-0"}\n'), /another version/],
])('sessions in a file that was %s are lost, and the log states why', async (_name, change, said) => {
  await file.leave(server);
  change();
  openFile().takeUp(server);
  expect(taken).toEqual([]);
  expect(lines).toHaveLength(1);
  expect(lines[0]).toMatch(said);
  expect(readdirSync(data)).toEqual([]);
});

it('a server starts and stops even if the sessions cannot be written or read', async () => {
  mkdirSync(path());
  await file.leave(server);
  openFile().takeUp(server);
  expect(lines).toEqual([
    'error Could not save the sessions. Their clients start new sessions.',
    'error The sessions of the previous process are lost. Their clients start new sessions.',
  ]);
});

function copy(): void {
  copyFileSync(path(), `${path()} copied`);
  renameSync(`${path()} copied`, path());
}

function path(): string {
  return join(data, 'sessions');
}
