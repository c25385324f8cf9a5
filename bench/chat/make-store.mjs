/**
 * Builds stores for the chat's benches through the store's own tables, past its commits: a million messages in about
 * twenty seconds. A store is kept in `.cache/bench/chat` under a name that describes its content, and copied for each
 * run.
 */
import { createHash } from 'node:crypto';
import { closeSync, copyFileSync, existsSync, fsyncSync, mkdirSync, openSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { chatLimits } from '@everywire/chat';
import { openDatabase } from '@everywire/store-sqlite/internal';
import { createSqliteStore } from '../../packages/store-sqlite/dist/index.js';
import { orderValue } from '../../packages/store-sqlite/dist/list-place.js';
import { MIGRATIONS } from '../../packages/store-sqlite/dist/schema.js';
import { createTables } from '../../packages/store-sqlite/dist/tables.js';

const folder = fileURLToPath(new URL('../../.cache/bench/chat', import.meta.url));
const version = MIGRATIONS.at(-1).version;

/** The bearer token of a seeded person: benches sign in without a password. */
export function tokenOf(user) {
  return `ewt_${createHash('sha256').update(`bench ${user}`).digest('base64url')}`;
}

/**
 * A copy of the store `name`, built by `fill(seed)` when there is none of this schema yet.
 * @returns the copy's path; `remove` it afterwards
 */
export async function copyStore(name, fill) {
  mkdirSync(folder, { recursive: true });
  const kept = join(folder, `${name}.v${version}.sqlite`);
  if (!existsSync(kept)) {
    const making = `${kept}.making`;
    removeStore(making);
    await createSqliteStore({ file: making }).close();
    const database = openDatabase(making);
    for (const pragma of ['journal_mode = OFF', 'synchronous = OFF', 'cache_size = -1000000', 'foreign_keys = OFF'])
      database.pragma(pragma);
    database.exec('BEGIN');
    fill(seedInto(database));
    database.exec('COMMIT');
    database.pragma('journal_mode = WAL');
    database.close();
    rmSync(`${making}.lock`, { force: true });
    renameSync(making, kept);
  }
  const copy = join(folder, `run-${process.pid}.sqlite`);
  removeStore(copy);
  copyFileSync(kept, copy);
  // Must not follow the copy of a store, which the kernel would write out during the measurement.
  const descriptor = openSync(copy, 'r+');
  fsyncSync(descriptor);
  closeSync(descriptor);
  return copy;
}

export function removeStore(file) {
  for (const end of ['', '-wal', '-shm', '.lock']) rmSync(`${file}${end}`, { force: true });
}

/**
 * What a store is filled with. Ids are given in rising order; conversations one after the other, so that their messages
 * lie together.
 */
function seedInto(database) {
  const tables = createTables(database, chatLimits);
  const start = Date.now() - 86_400_000;
  let stamp = 0;
  const person = database.prepare(
    `INSERT INTO account (id, name, folded_name, display_name, folded_display_name, created_at, password_hash)
     VALUES (?, ?, ?, ?, ?, ?, '')`,
  );
  const credential = database.prepare(
    'INSERT INTO credential (id, token_hash, account, label, created_at, used_at) VALUES (?, ?, ?, ?, ?, ?)',
  );
  return {
    people: (count) => {
      for (let id = 1; id <= count; id += 1) {
        const name = `person${id}`;
        person.run(id, name, name, name, name, start);
        const hash = createHash('sha256').update(tokenOf(id)).digest('base64url');
        credential.run(`c${id}`, hash, id, '', start, Date.now());
      }
    },
    /**
     * `users` in rising order; the messages are theirs in turn. The newest `keys` of them were sent within the days of
     * command keys.
     */
    conversation: ({ id, kind = 'direct', users, messages, keys = 0 }) => {
      const large = users.length > chatLimits.smallMembersMax;
      const activity = start + id;
      stamp += 1;
      const counters = {
        sequence: messages,
        modification: 0,
        count: messages,
        membersAt: 0,
        memberCount: users.length,
      };
      const settings = { send: 'members', add: 'members', rename: 'members', join: 'invited' };
      const directKey = kind === 'direct' ? users : null;
      const name = kind === 'direct' ? '' : `group ${id}`;
      tables.conversations.insert(
        {
          id,
          kind,
          ...counters,
          name,
          settings,
          activity,
          large,
          directKey,
          pins: 0,
          pinsAt: 0,
          picture: null,
          deleted: false,
        },
        stamp,
      );
      for (const [place, user] of users.entries()) {
        const sent = Math.floor((messages - 1 - place) / users.length) + 1;
        const row = memberOf({
          conversation: id,
          user,
          sent: Math.max(0, sent),
          messages,
          activity,
          large,
          kind,
          place,
        });
        tables.members.write(row, stamp, null);
        if (!large) tables.listOrder.move(id, null, { user, stamp, value: orderValue('normal', activity) });
      }
      for (let sequence = 1; sequence <= messages; sequence += 1) {
        const sender = users[(sequence - 1) % users.length];
        const commandId = hexOf(id, sequence, 32);
        const sentAt = start + sequence;
        const senderOrdinal = Math.floor((sequence - 1) / users.length) + 1;
        const names = { conversation: id, sequence, id: hexOf(id, sequence, 16), sender, commandId };
        const body = { kind: 'text', text: textOf(id * 31 + sequence) };
        tables.messages.insert(
          { ...names, body, sentAt, modification: 0, ordinal: sequence, senderOrdinal },
          kind === 'direct',
        );
        if (sequence > messages - keys) {
          tables.commandKeys.keep(
            { user: sender, id: commandId, hash: hashLike, at: sentAt },
            { sequence, id: names.id },
          );
        }
      }
    },
    done: () => void database.prepare('UPDATE store SET stamp = ?').run(stamp),
  };
}

const hashLike = createHash('sha256').update('bench').digest('base64url');

function memberOf({ conversation, user, sent, messages, activity, large, kind, place }) {
  const read = { read: messages, readAt: activity, readOrdinal: messages, readSent: sent };
  const reach = {
    shown: messages,
    shownAt: activity,
    delivered: messages,
    deliveredAt: activity,
    cleared: 0,
    hiddenAt: 0,
  };
  const own = { mark: false, draft: { text: '', revision: 0 }, revision: 0, place: 'normal', mute: 0, dismissed: null };
  const role = kind !== 'direct' && place === 0 ? 'owner' : 'member';
  const stay = { ended: null, periods: [{ from: 1, to: null, toModification: null }] };
  return { conversation, user, role, sent, ...read, ...reach, ...own, activity, large, ...stay };
}

/** Spread like random ids, the same in every build. */
function hexOf(conversation, sequence, digits) {
  return createHash('md5').update(`${conversation} ${sequence}`).digest('hex').slice(0, digits);
}

const words =
  '的 一 是 了 我 不 在 人 有 我们 今天 消息 会议 明天 好的 收到 可以 谢谢 hello meeting tomorrow the and today 写 ありがとう 회의'.split(
    ' ',
  );

/** About 25 characters, three fifths of them Chinese. */
export function textOf(seed) {
  let state = (seed * 2_654_435_761) >>> 0;
  let text = '';
  while (text.length < 22) {
    state = (state * 1_664_525 + 1_013_904_223) >>> 0;
    text += words[Math.floor(((state >>> 8) / 2 ** 24) ** 2 * words.length)];
  }
  return text;
}
