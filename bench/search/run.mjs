/**
 * `npm run bench -- search`: a store of ten million messages, a page of history and a search of every kind on it.
 *
 * `--messages 10000000`, `--conversations 100000`, `--file PATH` (kept; built where it is not there, or with
 * `--build`), `--rounds 100`, `--samples 5` (searches of a kind that are held against all messages, sorted), `--save`
 * (into bench/results/search.json).
 */
import { mkdirSync, statSync } from 'node:fs';
import { cpus, loadavg } from 'node:os';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { parseSearch } from '@everywire/chat';
import { compareSearchPositions, isWanted } from '@everywire/chat/internal';
import { createSqliteStore } from '@everywire/store-sqlite';
import { openDatabase } from '@everywire/store-sqlite/internal';
import { createRandom } from '@everywire/testkit/internal';
import { writeRows } from '../../scripts/write-rows.mjs';
import { buildStore, isThere, member, membershipsOf } from './build.mjs';
import { createText } from './text.mjs';

const { values } = parseArgs({
  allowPositionals: true,
  options: {
    messages: { type: 'string', default: '10000000' },
    conversations: { type: 'string', default: '100000' },
    file: { type: 'string', default: 'artifacts/search.sqlite' },
    rounds: { type: 'string', default: '100' },
    samples: { type: 'string', default: '5' },
    build: { type: 'boolean', default: false },
    save: { type: 'boolean', default: false },
  },
});
const { file } = values;
const conversations = Number(values.conversations);
const goals = { pageMs: 10, searchMs: 50, indexRatio: 0.5, buildS: 1_200 };

mkdirSync(dirname(file), { recursive: true });
const built =
  values.build || !isThere(file) ? await buildStore(file, { messages: Number(values.messages), conversations }) : null;
if (built !== null) console.log('built', built);

const store = createSqliteStore({ file });
const random = createRandom(99);
const words = createText(1);
const { few } = membershipsOf(conversations);
const kinds = kindsOf(words);
const result = {
  date: new Date().toISOString(),
  machine: { cpu: cpus()[0]?.model, cores: cpus().length, node: process.version, loadBefore: loadavg()[0] },
  built,
  sizes: sizes(),
  page: await timePages(),
  search: await timeSearches(),
  many: await searchMany(),
  manyNames: await findMany(),
  wrong: await countWrong(),
};
await store.close();
result.machine.loadAfter = loadavg()[0];
console.log(JSON.stringify(result, null, 2));
if (values.save) {
  writeRows(fileURLToPath(new URL('../results/search.json', import.meta.url)), { goals, ...result });
}
const slow =
  result.page.p99Ms > goals.pageMs || Object.values(result.search).some(({ p99Ms }) => p99Ms > goals.searchMs);
process.exitCode = slow || result.wrong.wrong > 0 || result.sizes.ratio > goals.indexRatio ? 1 : 0;

/** What is typed, a different one each time, as far as there are different ones. */
function kindsOf({ chinese, latin, kana, korean }) {
  const pairs = chinese.filter((word) => [...word].length === 2);
  const long = latin.filter((word) => word.length > 5);
  const any = (list, from, to) => list[Math.min(list.length - 1, from + random.below(to - from))];
  return {
    'very common character': () => any(chinese, 0, 10),
    'common two-character word': () => any(pairs, 0, 50),
    'rare two-character word': () => any(pairs, pairs.length - 5_000, pairs.length),
    'Latin prefix': () => any(long, 100, long.length).slice(0, 5),
    kana: () => any(kana, 0, kana.length).slice(0, 2),
    Korean: () => any(korean, 0, korean.length),
    mixed: () => `${any(chinese, 0, 200)} ${any(latin, 0, 200)}`,
    miss: () => `qx${random.below(1_000)}zz龘`,
  };
}

function wanted(text, after = null) {
  const parsed = parseSearch(text, 0);
  return { terms: parsed.query.terms, senders: null, places: null, has: [], from: null, until: null, after, limit: 20 };
}

function sizes() {
  const database = openDatabase(file, { readonly: true });
  const indexBytes = database.prepare('SELECT sum(length(bits) + 16) FROM search_block').pluck().get() ?? 0;
  const blocks = database.prepare('SELECT count(*) FROM search_block').pluck().get();
  const textBytes = database.prepare('SELECT sum(octet_length(body)) FROM message').pluck().get();
  const messages = database.prepare('SELECT sum(sequence) FROM conversation').pluck().get();
  database.close();
  return { messages, textBytes, blocks, indexBytes, ratio: indexBytes / textBytes, fileBytes: statSync(file).size };
}

function figures(times) {
  const sorted = times.toSorted((a, b) => a - b);
  const at = (share) => sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))];
  return { count: sorted.length, p50Ms: at(0.5), p99Ms: at(0.99), maxMs: sorted.at(-1) };
}

async function time(run) {
  const began = performance.now();
  const answer = await run();
  return { ms: performance.now() - began, answer };
}

/** At random depths of the conversations of user 1. */
async function timePages() {
  const ids = [...few];
  const times = [];
  for (let round = 0; round < 2_000; round += 1) {
    const conversation = ids[random.below(ids.length)];
    const { entry } = await store.entry(member.few, conversation);
    const anchor = { at: 'before', sequence: 2 + random.below(entry.sequence) };
    const { ms } = await time(() => store.page(member.few, conversation, { anchor, limit: 50, check: null }));
    if (round >= 200) times.push(ms);
  }
  return figures(times);
}

/** Warm: the kinds take turns, and the first tenth is not counted. */
async function timeSearches() {
  const rounds = Number(values.rounds);
  const found = Object.fromEntries(Object.keys(kinds).map((kind) => [kind, { times: [], hits: 0, unfinished: 0 }]));
  for (let round = 0; round < rounds * 1.1; round += 1) {
    for (const [kind, query] of Object.entries(kinds)) {
      const { ms, answer } = await time(() => store.search(member.few, wanted(query())));
      if (round < rounds * 0.1) continue;
      found[kind].times.push(ms);
      found[kind].hits += answer.hits.length;
      if (answer.hits.length < 20 && answer.next !== null) found[kind].unfinished += 1;
    }
  }
  return Object.fromEntries(
    Object.entries(found).map(([kind, { times, hits, unfinished }]) => [
      kind,
      { ...figures(times), hitsEach: hits / times.length, unfinished },
    ]),
  );
}

/**
 * A member of 10,000 conversations: each call, until twenty are found, nothing is left, or ten were made. The first
 * search of a kind is not counted.
 */
async function searchMany() {
  const found = {};
  for (const [kind, query] of Object.entries(kinds)) {
    const timed = [];
    for (let round = 0; round < 6; round += 1) {
      const text = query();
      const one = await callOn(({ next, hits }) =>
        store
          .search(member.many, wanted(text, next))
          .then((answer) => ({ ...answer, hits: hits + answer.hits.length })),
      );
      if (round > 0) timed.push(one);
    }
    found[kind] = summary(timed);
  }
  return found;
}

/** The same member looks for conversations by a name that none has. */
async function findMany() {
  const timed = [];
  for (let round = 0; round < 6; round += 1) {
    const place = { name: 'no such name', peers: [] };
    const one = await callOn(({ next }) =>
      store
        .findConversations(member.many, place, { after: next, limit: 20 })
        .then((answer) => ({ ...answer, hits: 0 })),
    );
    if (round > 0) timed.push(one);
  }
  return summary(timed);
}

/** Continues each call from where the previous one ended; returns their times. */
async function callOn(call) {
  const times = [];
  let answer = { next: null, hits: 0 };
  do {
    const timed = await time(() => call(answer));
    times.push(timed.ms);
    answer = timed.answer;
  } while (answer.next !== null && answer.hits < 20 && times.length < 10);
  return times;
}

function summary(timed) {
  return { ...figures(timed.flat()), callsMost: Math.max(...timed.map((times) => times.length)) };
}

/** Looks at every message of user 1, sorts them, and compares the first forty. */
async function countWrong() {
  const database = openDatabase(file, { readonly: true });
  const all = [...few].flatMap((conversation) =>
    database
      .prepare('SELECT conversation, sequence, sender, body, sent_at AS sentAt FROM message WHERE conversation = ?')
      .all(conversation)
      .map((row) => ({ ...row, body: { kind: 'text', text: row.body } })),
  );
  database.close();
  all.sort(compareSearchPositions);
  let [compared, wrong] = [0, 0];
  for (const query of Object.values(kinds)) {
    for (let sample = 0; sample < Number(values.samples); sample += 1) {
      const request = wanted(query());
      const expected = all.filter((message) => isWanted(message, request)).slice(0, 40);
      const hits = [];
      let after = null;
      do {
        const answer = await store.search(member.few, { ...request, after });
        hits.push(...answer.hits);
        after = answer.next;
      } while (after !== null && hits.length < 40);
      compared += 1;
      const name = ({ conversation, sequence }) => `${conversation}.${sequence}`;
      if (hits.slice(0, 40).map(name).join() !== expected.map(name).join()) wrong += 1;
    }
  }
  return { compared, wrong, messagesOfMember: all.length };
}
