import type { ConversationId, Departures, MessageName, UserId } from '@everywire/chat';
import { openPeriod } from '@everywire/chat/internal';
import type { Access } from './access.js';
import type { Database } from './database/database.js';
import type { SqliteStoreLimits } from './limits.js';
import { isStorageFailure } from './store-failure.js';
import type { Tables } from './tables.js';

interface DepartureParts extends Access {
  /** Returns whether content of deleted conversations is still being erased. */
  readonly isErasing: () => boolean;
  readonly limits: Pick<SqliteStoreLimits, 'rewrittenBytesMax'>;
  /** Moves the whole write-ahead log into the file and truncates the log; resolves with `false` if impossible now. */
  readonly emptyLog: () => Promise<boolean>;
}

type TextRow = [sequence: number, id: Buffer];

/** The value of `message.kind` for a text. */
const TEXT = 0;

/**
 * Creates the operations that erase the traces of deleted accounts from the tables of the log. SQLite overwrites the
 * freed space (decision 0531).
 */
export function createDepartures(
  database: Database,
  { listOrder, conversations, members }: Pick<Tables, 'listOrder' | 'conversations' | 'members'>,
  { read, write, isErasing, limits, emptyLog }: DepartureParts,
): Departures {
  const findTexts = createTextSearch(database);
  const forget = createForgetting(database);
  const ever = (user: UserId): readonly ConversationId[] =>
    listOrder.everything(user).map(({ conversation }) => conversation);
  return {
    memberships: (user) =>
      read(() =>
        [...ever(user)]
          .sort((a, b) => a - b)
          .flatMap((id) => {
            const [conversation, member] = [conversations.get(id), members.get(id, user)];
            if (conversation === null || member === null || conversation.deleted) return [];
            return [{ conversation: id, kind: conversation.kind, open: openPeriod(member) !== null }];
          }),
      ),
    ownTexts: (user, conversation, after, limit) =>
      read(() => {
        const row = conversations.get(conversation);
        if (row === null || row.deleted) return { texts: [], next: null };
        return findTexts(user, { conversation, ofTwo: row.directKey !== null, head: row.sequence }, { after, limit });
      }),
    forgetUser: (user) => write(() => forget(user, ever(user))),
    purge: async () => !isErasing() && rewriteSmall(database, limits.rewrittenBytesMax) && (await emptyLog()),
  };
}

/**
 * Rewrites the file of a small database, which removes the last copies of erased content; returns `false` if it cannot
 * be written now. Leaves a large database unchanged, because rewriting would block for too long.
 */
function rewriteSmall(database: Database, bytesMax: number): boolean {
  if (!database.open || database.inTransaction) return false;
  const [pages, bytes] = ['page_count', 'page_size'].map((name) => Number(database.pragma(name, { simple: true })));
  if ((pages ?? 0) * (bytes ?? 0) > bytesMax) return true;
  try {
    database.exec('VACUUM');
    return true;
  } catch (error) {
    if (isStorageFailure(error)) return false;
    throw error;
  }
}

type FindTexts = (
  user: UserId,
  of: { readonly conversation: ConversationId; readonly ofTwo: boolean; readonly head: number },
  page: { readonly after: number; readonly limit: number },
) => Awaited<ReturnType<Departures['ownTexts']>>;

/**
 * Creates the search for the texts of a sender. A direct conversation has no index of messages by sender; there, a
 * range of the log is read.
 */
function createTextSearch(database: Database): FindTexts {
  const stretch = database
    .prepare<[number, number, number, number], TextRow>(
      `SELECT sequence, id FROM message WHERE conversation = ? AND sequence BETWEEN ? AND ? AND sender = ? AND kind = ${TEXT}
       ORDER BY sequence`,
    )
    .raw();
  const own = database
    .prepare<[number, number, number, number], [...TextRow, kind: number]>(
      `SELECT o.sequence, m.id, m.kind FROM own_message o
       CROSS JOIN message m ON m.conversation = o.conversation AND m.sequence = o.sequence
       WHERE o.conversation = ? AND o.sender = ? AND o.sequence > ? ORDER BY o.sequence LIMIT ?`,
    )
    .raw();
  const nameOf = ([sequence, id]: readonly [number, Buffer, ...unknown[]]): MessageName => ({
    sequence,
    id: id.toString('hex'),
  });
  return (user, { conversation, ofTwo, head }, { after, limit }) => {
    if (ofTwo) {
      const to = after + limit;
      const texts = stretch.all(conversation, after + 1, to, user).map(nameOf);
      return { texts, next: to < head ? to : null };
    }
    const rows = own.all(conversation, user, after, limit);
    const texts = rows.filter(([, , kind]) => kind === TEXT).map(nameOf);
    return { texts, next: rows.length < limit ? null : (rows.at(-1)?.[0] ?? null) };
  };
}

function createForgetting(database: Database): (user: UserId, conversations: readonly ConversationId[]) => void {
  const ofOne = ['draft', 'hidden', 'follow'].map((table) =>
    database.prepare<[number, number]>(`DELETE FROM ${table} WHERE conversation = ? AND user = ?`),
  );
  const links = database.prepare<[number, number]>('DELETE FROM invite WHERE conversation = ? AND creator = ?');
  const noDraft = database.prepare<[number, number]>(
    'UPDATE member SET has_draft = 0 WHERE conversation = ? AND user = ? AND has_draft = 1',
  );
  const choices = ['person WHERE user', 'block WHERE user', 'block WHERE blocked', 'command_key WHERE user'].map(
    (rows) => database.prepare<[number]>(`DELETE FROM ${rows} = ?`),
  );
  const unwanted = database.prepare<[number]>(
    'UPDATE file INDEXED BY file_unused SET wanted_at = 0 WHERE uses = 0 AND owner = ?',
  );
  return (user, conversations) => {
    for (const conversation of conversations) {
      for (const remove of [...ofOne, links, noDraft]) remove.run(conversation, user);
    }
    for (const remove of [...choices, unwanted]) remove.run(user);
  };
}
