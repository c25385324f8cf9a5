import type { ConversationKind, Departures, UserId } from '@everywire/chat';
import type { Database } from '../database/database.js';
import { DELETED, ERASED, KINDS } from './conversation-row.js';

/** $1 the user. Finds the conversations, except deleted ones, that the user is or was a member of. */
const MEMBERSHIPS: string = `SELECT c.id, c.kind, i.is_open FROM inbox i JOIN conversation c ON c.id = i.conversation
  WHERE i.usr = $1::int8 AND c.flags & ${DELETED} = 0 ORDER BY c.id`;

/** Finds a deleted conversation whose messages are not all erased yet. */
const UNERASED: string = `SELECT id FROM conversation WHERE flags & ${DELETED + ERASED} = ${DELETED} LIMIT 1`;

/**
 * $1 the user, $2 the conversation, $3 the sequence to start after, $4 the last sequence. Finds the texts of the user
 * in a conversation of two. Its messages are in no index by sender, so this statement reads a range of the log.
 */
const OWN_TEXTS = `SELECT m.sequence, m.id FROM message m WHERE m.conversation = $2::int8 AND m.sender = $1::int8 AND m.kind = 0
  AND m.sequence > $3::int8 AND m.sequence <= $4::int8 ORDER BY m.sequence`;
/**
 * $1 the user, $2 the conversation, $3 the sequence to start after, $4 the limit of rows. Finds the messages of the
 * user in a conversation with an index by sender. `NOT m.of_two` is always true here; PostgreSQL needs it to use the
 * partial index `message_sender`.
 */
const OWN_OF_MANY = `SELECT m.sequence, m.id, m.kind FROM message m WHERE m.conversation = $2::int8 AND m.sender = $1::int8 AND NOT m.of_two
  AND m.sequence > $3::int8 ORDER BY m.sequence LIMIT $4::int8`;

/** $1 the user. Deletes the private data of a deleted account, and releases its unused files. */
const FORGET: readonly string[] = [
  'DELETE FROM hidden WHERE usr = $1::int8 AND conversation IN (SELECT conversation FROM inbox WHERE usr = $1::int8)',
  'DELETE FROM follow WHERE usr = $1::int8 AND conversation IN (SELECT conversation FROM inbox WHERE usr = $1::int8)',
  'DELETE FROM invite WHERE creator = $1::int8 AND conversation IN (SELECT conversation FROM inbox WHERE usr = $1::int8)',
  `UPDATE member SET draft = NULL WHERE usr = $1::int8 AND draft IS NOT NULL
    AND conversation IN (SELECT conversation FROM inbox WHERE usr = $1::int8)`,
  'DELETE FROM person WHERE usr = $1::int8',
  'DELETE FROM block WHERE usr = $1::int8',
  'DELETE FROM block WHERE blocked = $1::int8',
  'DELETE FROM command_key WHERE usr = $1::int8',
  `UPDATE file f SET wanted_at = 0 WHERE owner = $1::int8 AND NOT EXISTS (SELECT 1 FROM file_use u WHERE u.file = f.id)`,
];

/** Creates the part of the store that removes the traces of deleted accounts from conversations. */
export function createDepartures(database: Database): Departures {
  return {
    memberships: async (user) => {
      const rows = await database.query<{ id: number; kind: number; is_open: boolean }>(MEMBERSHIPS, [user]);
      return rows.map(({ id, kind, is_open: open }) => ({ conversation: id, kind: kindOf(kind), open }));
    },

    ownTexts: (user, conversation, after, limit) =>
      database.snapshot(async (at) => {
        const [row] = await at.query<{ of_two: boolean; sequence: number }>(
          `SELECT direct_smaller IS NOT NULL AS of_two, sequence FROM conversation WHERE id = $1::int8 AND flags & ${DELETED} = 0`,
          [conversation],
        );
        if (row === undefined) return { texts: [], next: null };
        if (row.of_two) {
          const to = after + limit;
          const rows = await at.query<TextRow>(OWN_TEXTS, [user, conversation, after, to]);
          return { texts: rows.map(nameOf), next: to < row.sequence ? to : null };
        }
        const rows = await at.query<TextRow & { kind: number }>(OWN_OF_MANY, [user, conversation, after, limit]);
        const next = rows.length < limit ? null : (rows.at(-1)?.sequence ?? null);
        return { texts: rows.filter(({ kind }) => kind === 0).map(nameOf), next };
      }),

    forgetUser: (user: UserId) =>
      database.transaction(async (at) => {
        for (const text of FORGET) await at.query(text, [user]);
      }),

    // Removed data stays for a while in the server's write-ahead log, in rows that are not vacuumed yet and in backups.
    // This program cannot remove it from there.
    purge: async () => (await database.query(UNERASED)).length === 0,
  };
}

interface TextRow {
  readonly sequence: number;
  readonly id: Buffer;
}

function nameOf({ sequence, id }: TextRow): { readonly sequence: number; readonly id: string } {
  return { sequence, id: id.toString('hex') };
}

function kindOf(kind: number): ConversationKind {
  return KINDS[kind] ?? 'group';
}
