// @module-tag wide
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Message, parseSearch, type SearchPosition, type SearchRequest, type Store } from '@everywire/chat';
import { compareSearchPositions, isWanted } from '@everywire/chat/internal';
import { createSqliteStore } from '@everywire/store-sqlite';
import { openDatabase } from '@everywire/store-sqlite/internal';
import { createRandom } from '@everywire/testkit';
import { expect, it, vi } from 'vitest';
import { liveAndDie } from './live-and-die.js';

// Kills a program that writes messages, and checks that searches find exactly the messages that a scan finds. A search skips
// blocks of messages by their filters, which are built in the background.

const writer = new URL('./search-writer.mjs', import.meta.url);
const kills = process.env['EVERYWIRE_LONG'] === '1' ? 60 : 6;

const queries = ['的', '国', '中国', 'いち', '한국', 'alp', 'beta 混合', '"alpha beta"', 'edited', 'qxz', '👍'];

/** The last acknowledged text of a message. An unacknowledged edit may have followed. */
interface Acknowledged {
  readonly conversation: number;
  readonly sequence: number;
  readonly text: string;
}

/** A message with the fields that a search needs. */
type Found = Pick<Message, 'conversation' | 'sequence' | 'body' | 'sender' | 'sentAt'>;

/** The whole log. */
interface Log {
  readonly messages: readonly Found[];
  /** Number of changes that are not in the filters yet. */
  readonly due: number;
  /** Number of filters. */
  readonly filters: number;
  /** Number of full blocks of 128 messages, each of which needs a filter. */
  readonly fullBlocks: number;
}

/** Reads the whole log by plain SQL. */
function readLog(file: string): Log {
  const database = openDatabase(file);
  const number = (sql: string): number => Number(database.prepare(sql).pluck().get());
  const rows = database
    .prepare<[], Omit<Found, 'body'> & { readonly text: string }>(
      'SELECT conversation, sequence, sender, body AS text, sent_at AS sentAt FROM message WHERE kind = 0',
    )
    .all();
  const log = {
    messages: rows
      .map(({ text, ...row }) => ({ ...row, body: { kind: 'text', text } as const }))
      .sort(compareSearchPositions),
    due: number('SELECT count(*) FROM search_due'),
    filters: number('SELECT count(*) FROM search_block'),
    fullBlocks: number('SELECT sum(sequence / 128) FROM conversation'),
  };
  expect(database.pragma('integrity_check', { simple: true })).toBe('ok');
  database.close();
  return log;
}

/** Returns acknowledged messages that are missing, or have neither their acknowledged text nor a later edit. */
function lostOf({ messages }: Log, acknowledged: readonly Acknowledged[]): readonly Acknowledged[] {
  const nameOf = ({ conversation, sequence }: Pick<Acknowledged, 'conversation' | 'sequence'>): string =>
    `${conversation}.${sequence}`;
  const texts = new Map(messages.map((row) => [nameOf(row), row.body.kind === 'text' ? row.body.text : '']));
  const last = new Map(acknowledged.map((each) => [nameOf(each), each]));
  return [...last.values()].filter((each) => {
    const text = texts.get(nameOf(each));
    return text !== each.text && (text === undefined || each.text.includes('edited') || !text.includes('edited'));
  });
}

/** Returns the queries whose complete results differ from a scan of all messages. */
async function wrongOf(store: Store, { messages }: Log, searches: readonly string[]): Promise<readonly string[]> {
  const nameOf = ({ conversation, sequence }: Found): string => `${conversation}.${sequence}`;
  const wrong: string[] = [];
  for (const query of searches) {
    const parsed = parseSearch(query, 0);
    const terms = parsed.outcome === 'search' ? parsed.query.terms : [];
    const request: SearchRequest = {
      terms,
      senders: null,
      places: null,
      has: [],
      from: null,
      until: null,
      after: null,
      limit: 200,
    };
    const found: Found[] = [];
    let after: SearchPosition | null = null;
    do {
      const answer = await store.search(2, { ...request, after });
      found.push(...answer.hits);
      after = answer.next;
    } while (after !== null);
    const expected = messages.filter((message) => isWanted(message, request));
    if (found.map(nameOf).join() !== expected.map(nameOf).join()) wrong.push(query);
  }
  return wrong;
}

it(`[CH-31.1] the search index stays correct through ${kills} kills during its updates and rebuilds`, {
  timeout: 1_200_000,
}, async () => {
  const directory = mkdtempSync(join(tmpdir(), 'everywire-search-kill-'));
  const file = join(directory, 'chat.db');
  const seed = Date.now() % 1_000_000;
  const random = createRandom(seed);
  const acknowledged: Acknowledged[] = [];
  let duringIndexing = 0;
  for (let life = 0; life < kills; life += 1) {
    const rebuild = life % 2 === 1;
    if (rebuild) forgetFilters(file);
    const afterMs = rebuild ? random.below(60) : 300 + random.below(900);
    const lines = await liveAndDie(writer, { file, life, afterMs });
    acknowledged.push(...lines.map((line) => JSON.parse(line) as Acknowledged));
    const log = readLog(file);
    if (log.due > 0) duringIndexing += 1;
    const context = `after kill ${life + 1}, seed ${seed}, ${log.filters} filters, ${log.due} due`;
    expect(lostOf(log, acknowledged), context).toEqual([]);
    // The index is searched as the kill left it: nothing is indexed before the queries.
    const store = createSqliteStore({ file, checkpoint: 'inline', limits: { searchIndexMs: 3_600_000 } });
    expect(await wrongOf(store, log, [...queries, ...edits(acknowledged)]), context).toEqual([]);
    await store.close();
  }
  const store = createSqliteStore({ file, checkpoint: 'inline', limits: { searchIndexMs: 0 } });
  await vi.waitFor(() => expect(readLog(file).due).toBe(0), { timeout: 600_000, interval: 250 });
  const log = readLog(file);
  expect(log.filters).toBe(log.fullBlocks);
  expect(await wrongOf(store, log, [...queries, ...edits(acknowledged)]), `seed ${seed}`).toEqual([]);
  await store.close();
  console.log(`${kills} kills, ${duringIndexing} of them during indexing, ${log.filters} filters, seed ${seed}`);
  expect(duringIndexing).toBeGreaterThan(0);
  rmSync(directory, { recursive: true });
});

/** Returns words that occur in only one message, added by an edit when its block may have been full. */
function edits(acknowledged: readonly Acknowledged[]): readonly string[] {
  const edited = acknowledged.filter(({ text }) => text.includes('edited'));
  return edited.slice(-40).map(({ text }) => `"${text.split(' ').at(-1)}"`);
}

/** Invalidates all filters, as in a store of an older version, so that they are rebuilt during the next writes. */
function forgetFilters(file: string): void {
  const database = openDatabase(file);
  database.exec("UPDATE search_state SET version = ''");
  database.close();
}
