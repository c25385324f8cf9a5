import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { chatLimits, type SearchRequest } from '@everywire/chat';
import { StoreDriver } from '@everywire/testkit';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { wideUnless } from '../../../../tests/lane.js';
import { DEFAULT_SQLITE_STORE_LIMITS } from '../limits.js';
import { createSqliteStore } from '../sqlite-store.js';
import { createSearchThread, type Searcher } from './search-thread.js';

/** A thread that follows instructions: answers, ends, hangs, or takes all memory. Each run identifies itself. */
const program = `
import { parentPort, threadId } from 'node:worker_threads';

// Tests the search thread: searches run in a thread of their own, which may fail or hang without harm to the store.

const hoard = [];
parentPort.on('message', (message) => {
  if (message === 'close') return parentPort.close();
  const [deed] = message.question;
  if (deed === 'exit') process.exit(3);
  if (deed === 'throw') throw new Error('a fault');
  if (deed === 'hang') for (;;);
  if (deed === 'hoard') for (;;) hoard.push(new Array(100_000).fill({}));
  parentPort.postMessage({ id: message.id, answer: threadId });
});
`;

let directory: string;
let searcher: Searcher;
/** The reported ends of the thread. */
let lost: unknown[];
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'everywire-search-thread-'));
  lost = [];
});
afterEach(async () => {
  await searcher?.close();
  rmSync(directory, { recursive: true });
});

function start(limits: Partial<typeof DEFAULT_SQLITE_STORE_LIMITS> = {}): void {
  const file = join(directory, 'thread.mjs');
  writeFileSync(file, program);
  searcher = createSearchThread({
    data: { file, chat: chatLimits, budget: 1, positionsKept: 1, cacheBytes: 1, busyTimeoutMs: 1 },
    limits: { ...DEFAULT_SQLITE_STORE_LIMITS, ...limits },
    onLost: (reason) => lost.push(reason),
    program: pathToFileURL(file),
  });
}

const ask = (deed: string): Promise<unknown> => searcher.ask('build', [deed] as never);
const codeOf = (asked: Promise<unknown>): Promise<unknown> =>
  asked.then(
    () => 'answered',
    (error: unknown) => (error instanceof Error ? Reflect.get(error, 'code') : error),
  );

for (const deed of ['exit', 'throw', 'hang', 'hoard']) {
  const name = `a thread that does "${deed}" is replaced, and what it was asked is refused as busy`;
  it(name, { tags: wideUnless(deed !== 'hang'), timeout: 60_000 }, async () => {
    start({ searchAnswerMs: deed === 'hang' ? 5_000 : 60_000, searchMemoryBytes: 32 * 1024 * 1024 });
    const first = await ask('answer');
    expect(await Promise.all([ask(deed), ask('answer'), ask('answer')].map(codeOf))).toEqual(['busy', 'busy', 'busy']);
    expect(lost).toHaveLength(1);
    expect(await ask('answer')).not.toBe(first);
  });
}

it('the pause grows each time a thread ends without an answer, and no thread starts meanwhile', async () => {
  start({ searchRestartMs: 3_600_000, searchRestartMaxMs: 3_600_000 });
  expect(await codeOf(ask('exit'))).toBe('busy');
  expect(await codeOf(ask('exit'))).toBe('busy');
  for (let asked = 0; asked < 20; asked += 1) expect(await codeOf(ask('answer'))).toBe('busy');
  expect(lost).toHaveLength(2);
});

it('the pause is reset once a thread has answered', async () => {
  start({ searchRestartMs: 3_600_000, searchRestartMaxMs: 3_600_000 });
  for (let life = 0; life < 3; life += 1) {
    expect(await codeOf(ask('exit'))).toBe('busy');
    expect(await codeOf(ask('answer'))).toBe('answered');
  }
});

it('a searcher with a hanging thread can be closed', async () => {
  start({ searchAnswerMs: 500 });
  const asked = codeOf(ask('hang'));
  await searcher.close();
  expect(await asked).toBe('busy');
});

it('without a working search thread, sends succeed and searches reject as `busy`', async () => {
  start();
  const onSearcherLost = vi.fn();
  // SQLite refuses a cache of that size, so each thread ends at its start.
  const limits = { searchCacheBytes: Number.NaN, searchIndexMs: 0, searchRestartMs: 1, searchRestartMaxMs: 1 };
  const store = createSqliteStore({
    file: join(directory, 'chat.db'),
    checkpoint: 'inline',
    limits,
    onSearcherLost: onSearcherLost,
  });
  const driver = new StoreDriver(store, chatLimits);
  const group = await driver.group(1, [2]);
  await Promise.all(Array.from({ length: 300 }, (_, index) => driver.send(1, group, `said ${index}`)));
  const request: SearchRequest = {
    terms: [{ text: 'said', whole: false }],
    senders: null,
    places: null,
    has: [],
    from: null,
    until: null,
    after: null,
    limit: 20,
  };
  expect(await codeOf(store.search(2, request))).toBe('busy');
  await vi.waitFor(() => expect(onSearcherLost.mock.calls.length).toBeGreaterThan(2), { timeout: 30_000 });
  await driver.send(2, group, 'still here');
  expect((await driver.entry(2, group)).sequence).toBe(302);
  await store.close();
}, 60_000);
