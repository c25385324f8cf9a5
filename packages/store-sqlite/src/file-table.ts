import type { ConversationId, FileName, FileRecord, FileRef, Message, UserId } from '@everywire/chat';
import { filesOf } from '@everywire/chat/internal';
import { parseStoredObject, readStored } from './damage/stored-value.js';
import type { Database } from './database/database.js';

/** A use of a file: a message that carries the file, or a conversation whose picture it is. */
interface FileUse {
  readonly conversation: ConversationId;
  /** The sequence of the message; 0 for the picture of the conversation. */
  readonly sequence: number;
}

/** The tables `file`, `file_use` and `file_owner`: the files, and the messages and conversations that use them. */
export interface FileTable {
  get(id: FileName): FileRecord | null;
  has(id: FileName): boolean;
  ownerBytes(owner: UserId): number;
  insert(file: { readonly id: FileName; readonly owner: UserId; readonly size: number; readonly at: number }): void;
  finish(record: FileRecord, ref: FileRef, at: number, size: number): void;
  /** Records when a file was last needed. An unused file is deleted some time later. */
  want(id: FileName, at: number): void;
  /** Returns the uses of a file in the conversations that the user is or was a member of. */
  usesNear(id: FileName, user: UserId): readonly FileUse[];
  /** Returns whether a file is the picture of a conversation that anyone may join. */
  isListed(id: FileName): boolean;
  /** Records the uses of a new message's files. */
  use(message: Message): void;
  /** Removes the uses of a message's files, given the message before the change. */
  release(message: Message | null): void;
  /** Records a changed picture of a conversation. */
  exchange(conversation: ConversationId, before: FileName | null, after: FileName | null): void;
  /** Removes at most `limit` uses in a conversation, including its picture; returns their number. */
  releaseSome(conversation: ConversationId, limit: number): number;
  /** Returns unused files that were last needed before `before`, the oldest first; at most `limit`. */
  unused(before: number, limit: number): readonly FileName[];
  /** Removes a file if it is unused and was last needed before `before`; returns whether it was removed. */
  forget(id: FileName, before: number): boolean;
}

type FileRow = [owner: number, size: number, ref: string | null];

/** Creates the tables' statements. */
export function createFileTable(database: Database): FileTable {
  const get = database.prepare<[Buffer], FileRow>('SELECT owner, size, ref FROM file WHERE id = ?').raw();
  const has = database.prepare<[Buffer], number>('SELECT 1 FROM file WHERE id = ?').pluck();
  const bytes = database.prepare<[number], number>('SELECT bytes FROM file_owner WHERE owner = ?').pluck();
  const addBytes = database.prepare<[number, number]>(
    'INSERT INTO file_owner VALUES (?, ?) ON CONFLICT (owner) DO UPDATE SET bytes = bytes + excluded.bytes',
  );
  const insert = database.prepare<[Buffer, number, number, number]>('INSERT INTO file VALUES (?, ?, ?, NULL, ?, 0)');
  const finish = database.prepare<[string, number, number, Buffer]>(
    'UPDATE file SET ref = ?, size = ?, wanted_at = ? WHERE id = ?',
  );
  const want = database.prepare<[number, Buffer]>('UPDATE file SET wanted_at = ? WHERE id = ?');
  const usesNear = database.prepare<[number, Buffer], FileUse>(
    `SELECT file_use.conversation, sequence FROM file_use
     CROSS JOIN member ON member.conversation = file_use.conversation AND user = ? WHERE file = ?`,
  );
  const listed = database.prepare<[Buffer], number>(
    `SELECT 1 FROM file_use CROSS JOIN conversation ON conversation.id = file_use.conversation
     WHERE file = ? AND file_use.sequence = 0 AND listed IS NOT NULL LIMIT 1`,
  );
  const addUse = database.prepare<[Buffer, number, number]>('INSERT OR IGNORE INTO file_use VALUES (?, ?, ?)');
  const dropUse = database.prepare<[Buffer, number, number]>(
    'DELETE FROM file_use WHERE file = ? AND conversation = ? AND sequence = ?',
  );
  const count = database.prepare<[number, Buffer]>('UPDATE file SET uses = uses + ? WHERE id = ?');
  const usesIn = database
    .prepare<[number, number], [file: Buffer, sequence: number]>(
      'SELECT file, sequence FROM file_use INDEXED BY file_use_conversation WHERE conversation = ? LIMIT ?',
    )
    .raw();
  const unused = database
    .prepare<[number, number], Buffer>(
      'SELECT id FROM file INDEXED BY file_unused WHERE uses = 0 AND wanted_at < ? ORDER BY wanted_at LIMIT ?',
    )
    .pluck();
  const remove = database
    .prepare<[Buffer, number], [owner: number, size: number]>(
      'DELETE FROM file WHERE id = ? AND uses = 0 AND wanted_at < ? RETURNING owner, size',
    )
    .raw();
  const use = (id: FileName, conversation: ConversationId, sequence: number): void => {
    const { changes } = addUse.run(blobOf(id), conversation, sequence);
    count.run(changes, blobOf(id));
  };
  const release = (id: FileName, conversation: ConversationId, sequence: number): void => {
    const { changes } = dropUse.run(blobOf(id), conversation, sequence);
    count.run(-changes, blobOf(id));
  };
  return {
    get: (id) => {
      const row = get.get(blobOf(id));
      if (row === undefined) return null;
      const [owner, size, ref] = row;
      const parsed = readStored(
        () => `file ${id}`,
        () => (ref === null ? null : (parseStoredObject(ref) as FileRef)),
      );
      return { id, owner, size, ref: parsed };
    },
    has: (id) => has.get(blobOf(id)) !== undefined,
    ownerBytes: (owner) => bytes.get(owner) ?? 0,
    insert: ({ id, owner, size, at }) => {
      insert.run(blobOf(id), owner, size, at);
      addBytes.run(owner, size);
    },
    finish: ({ id, owner, size: before }, ref, at, size) => {
      finish.run(JSON.stringify(ref), size, at, blobOf(id));
      addBytes.run(owner, size - before);
    },
    want: (id, at) => {
      want.run(at, blobOf(id));
    },
    usesNear: (id, user) => usesNear.all(user, blobOf(id)),
    isListed: (id) => listed.get(blobOf(id)) !== undefined,
    use: (message) => {
      for (const id of filesOf(message)) use(id, message.conversation, message.sequence);
    },
    release: (message) => {
      if (message === null) return;
      for (const id of filesOf(message)) release(id, message.conversation, message.sequence);
    },
    exchange: (conversation, before, after) => {
      if (before !== null) release(before, conversation, 0);
      if (after !== null) use(after, conversation, 0);
    },
    releaseSome: (conversation, limit) => {
      const uses = usesIn.all(conversation, limit);
      for (const [file, sequence] of uses) {
        dropUse.run(file, conversation, sequence);
        count.run(-1, file);
      }
      return uses.length;
    },
    unused: (before, limit) => unused.all(before, limit).map((id) => id.toString('hex')),
    forget: (id, before) => {
      const row = remove.get(blobOf(id), before);
      if (row !== undefined) addBytes.run(row[0], -row[1]);
      return row !== undefined;
    },
  };
}

function blobOf(id: FileName): Buffer {
  return Buffer.from(id, 'hex');
}
