/**
 * Builds one store of very many messages: 100,000 conversations, sizes by Zipf's law (0.7), one member (user 1) of 50
 * of them, 5 of the 20 largest among those, another (user 2) of 10,000. The schema is the store's own, the rows go in
 * by plain SQL, conversation after conversation; the filters are made by the store itself, as they are for a store from
 * before there were any.
 */
import { existsSync, rmSync, statSync } from 'node:fs';
import { createSqliteStore } from '@everywire/store-sqlite';
import { openDatabase } from '@everywire/store-sqlite/internal';
import { createRandom } from '@everywire/testkit/internal';
import { createText } from './text.mjs';

const startedAt = Date.UTC(2025, 0, 1);
const spanMs = 500 * 86_400_000;
export const member = { few: 1, many: 2 };

function sizesOf(messages, conversations) {
  const weights = Array.from({ length: conversations }, (_, rank) => (rank + 1) ** -0.7);
  const sum = weights.reduce((total, weight) => total + weight, 0);
  return weights.map((weight) => Math.max(1, Math.round((weight / sum) * messages)));
}

/** Ids of the conversations of each member, from 1; a lower one is larger. */
export function membershipsOf(conversations) {
  const random = createRandom(7);
  const few = new Set([2, 5, 9, 14, 19]);
  while (few.size < 50) few.add(1 + random.below(conversations));
  const many = new Set();
  while (many.size < Math.min(10_000, conversations)) many.add(1 + random.below(conversations));
  return { few, many };
}

export async function buildStore(file, { messages, conversations, seed = 1 }) {
  for (const side of ['', '-wal', '-shm', '.lock']) rmSync(`${file}${side}`, { force: true });
  await createSqliteStore({ file, checkpoint: 'inline' }).close();
  const began = performance.now();
  const database = openDatabase(file);
  // Rebuilt after a power cut; there is nothing acknowledged to lose.
  for (const pragma of ['synchronous = OFF', 'journal_mode = OFF', 'cache_size = -200000', 'foreign_keys = OFF']) {
    database.pragma(pragma);
  }
  const written = insertAll(database, sizesOf(messages, conversations), membershipsOf(conversations), createText(seed));
  database.close();
  const insertedS = (performance.now() - began) / 1000;
  await makeFilters(file);
  const indexedS = (performance.now() - began) / 1000 - insertedS;
  return { ...written, insertedS, indexedS, fileBytes: statSync(file).size };
}

function insertAll(database, sizes, { few, many }, { text, random }) {
  const addConversation = database.prepare(
    `INSERT INTO conversation (id, kind, sequence, modification, count, members_at, member_count, name, activity, large, stamp)
     VALUES (?, 1, ?, 0, ?, 1, ?, ?, ?, 0, ?)`,
  );
  const addMessage = database.prepare(
    `INSERT INTO message (conversation, sequence, id, sender, command, kind, body, sent_at, modification, ordinal, sender_ordinal)
     VALUES (?, ?, ?, ?, ?, 0, ?, ?, 0, ?, ?)`,
  );
  const addMember = database.prepare(
    `INSERT INTO member (conversation, user, role, sent, read, read_at, read_ordinal, read_sent, shown, delivered, cleared, mark,
     has_draft, draft_revision, revision, activity, large, periods, open_from, stamp)
     VALUES (?, ?, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, ?, 0, '[1]', 1, ?)`,
  );
  const addOrder = database.prepare('INSERT INTO list_order VALUES (?, ?, ?, ?)');
  const id = Buffer.alloc(8);
  const command = Buffer.alloc(16);
  let [total, textBytes] = [0, 0];
  database.exec('BEGIN');
  for (const [index, size] of sizes.entries()) {
    const conversation = index + 1;
    const speakers = [10 + conversation, 20 + conversation, 30 + conversation];
    const sent = [0, 0, 0];
    const step = spanMs / size;
    let at = startedAt;
    for (let sequence = 1; sequence <= size; sequence += 1) {
      const body = text();
      const who = random.below(3);
      sent[who] += 1;
      at = Math.floor(startedAt + (sequence - 1 + random.next()) * step);
      total += 1;
      textBytes += Buffer.byteLength(body);
      id.writeUInt32BE(total, 4);
      command.writeUInt32BE(total, 12);
      addMessage.run(conversation, sequence, id, speakers[who], command, body, at, sequence, sent[who]);
    }
    const users = [
      ...speakers,
      ...(few.has(conversation) ? [member.few] : []),
      ...(many.has(conversation) ? [member.many] : []),
    ];
    addConversation.run(conversation, size, size, users.length, `Group ${conversation}`, at, conversation);
    for (const user of users) {
      addMember.run(conversation, user, at, conversation);
      addOrder.run(user, 0, conversation, conversation);
      addOrder.run(user, 1, -at, conversation);
    }
    if (index % 1_000 === 999) database.exec('COMMIT; BEGIN');
  }
  database.exec('UPDATE store SET stamp = (SELECT max(stamp) FROM conversation); COMMIT');
  // Like a store of a version without search.
  database.exec("UPDATE search_state SET version = ''");
  return { messages: total, textBytes };
}

async function makeFilters(file) {
  const store = createSqliteStore({ file, limits: { searchBlocksAtOnce: 64, searchIndexMs: 0 } });
  const database = openDatabase(file, { readonly: true });
  const due = database.prepare('SELECT count(*) FROM search_due').pluck();
  while (due.get() > 0) await new Promise((resolve) => setTimeout(resolve, 500));
  database.close();
  await store.close();
}

export function isThere(file) {
  return existsSync(file);
}
