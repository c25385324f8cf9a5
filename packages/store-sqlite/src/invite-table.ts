import type { Changes, ConversationId, ConversationKind, DirectoryPosition, Invite, Outline } from '@everywire/chat';
import { foldName } from '@everywire/chat/internal';
import { KINDS } from './conversation-table.js';
import type { Database } from './database/database.js';

type Row = [
  conversation: number,
  id: Buffer,
  hash: Buffer,
  creator: number,
  createdAt: number,
  expiresAt: number | null,
  usesMax: number | null,
  uses: number,
];

type OutlineRow = { conversation: number; kind: number; name: string; picture: Buffer | null; memberCount: number };

/** The table `invite`, and the directory: the list of conversations that anyone may join. */
export interface InviteTable {
  /** Returns the invitations of a conversation, ordered by id. */
  of(conversation: ConversationId): readonly Invite[];
  write(conversation: ConversationId, changes: NonNullable<Changes['invites']>): void;
  /** Returns listed conversations with `query` in their name, after `after` in the order of case-folded name and id. */
  directory(query: string, after: DirectoryPosition | null, limit: number): readonly Outline[];
}

/** Creates the table's statements. */
export function createInviteTable(database: Database): InviteTable {
  const of = database
    .prepare<[number], Row>(
      `SELECT conversation, id, hash, creator, created_at, expires_at, uses_max, uses FROM invite
       WHERE conversation = ? ORDER BY id`,
    )
    .raw();
  const put = database.prepare<Row>('INSERT OR REPLACE INTO invite VALUES (?, ?, ?, ?, ?, ?, ?, ?)');
  const drop = database.prepare<[number, Buffer]>('DELETE FROM invite WHERE conversation = ? AND id = ?');
  const directory = database.prepare<[string, number, string, number], OutlineRow>(
    `SELECT id AS conversation, kind, name, picture, member_count AS memberCount FROM conversation INDEXED BY conversation_listed
     WHERE listed IS NOT NULL AND (listed, id) > (?, ?) AND instr(listed, ?) > 0 ORDER BY listed, id LIMIT ?`,
  );
  return {
    of: (conversation) => of.all(conversation).map(parse),
    write: (conversation, changes) => {
      for (const id of changes.drop) drop.run(conversation, Buffer.from(id, 'hex'));
      for (const i of changes.put) {
        const counts = [i.createdAt, i.expiresAt, i.usesMax, i.uses] as const;
        put.run(conversation, Buffer.from(i.id, 'hex'), Buffer.from(i.hash, 'hex'), i.creator, ...counts);
      }
    },
    directory: (query, after, limit) => {
      const from = after === null ? '' : foldName(after.name);
      const rows = directory.all(from, after?.conversation ?? 0, foldName(query), limit);
      return rows.map((row) => ({ ...row, kind: kindOf(row.kind), picture: row.picture?.toString('hex') ?? null }));
    },
  };
}

function kindOf(kind: number): ConversationKind {
  return KINDS[kind] ?? 'group';
}

function parse([conversation, id, hash, creator, createdAt, expiresAt, usesMax, uses]: Row): Invite {
  const names = { id: id.toString('hex'), hash: hash.toString('hex') };
  return { conversation, ...names, creator, createdAt, expiresAt, usesMax, uses };
}
