import type { FileName, FileRecord, FileRecords, FileRef, UserId } from '@everywire/chat';
import { filesOf, isMemberOf, isVisible } from '@everywire/chat/internal';
import type { KeptFile, MemoryConversation, MemoryTables } from './memory-tables.js';

/** The record of a file whose upload begins. */
export type NewFile = Parameters<FileRecords['addFile']>[0];

/** Adds the record of a file. Refuses it if the owner's files would exceed `ownerBytesMax` bytes. */
export function addFile({ files }: MemoryTables, file: NewFile, ownerBytesMax: number): 'added' | 'over_quota' {
  const { id, owner, size, at } = file;
  const held = [...files.values()].filter(({ record }) => record.owner === owner);
  const bytes = held.reduce((sum, { record }) => sum + record.size, 0);
  if (bytes + size > ownerBytesMax) return 'over_quota';
  files.set(id, { record: { id, owner, size, ref: null }, wantedAt: at });
  return 'added';
}

/**
 * Stores the description of a completely uploaded file and returns it. Returns the stored one if the file was already
 * finished, and `null` if there is no such file.
 */
export function finishFile(
  { files }: MemoryTables,
  id: FileName,
  { ref, at, size }: { readonly ref: FileRef; readonly at: number; readonly size: number },
): FileRef | null {
  const kept = files.get(id);
  if (kept === undefined) return null;
  if (kept.record.ref !== null) return kept.record.ref;
  files.set(id, { record: { ...kept.record, size, ref }, wantedAt: at });
  return ref;
}

/** Returns a file that the user owns or may see; otherwise `null`. */
export function findFile(tables: MemoryTables, user: UserId, id: FileName): FileRecord | null {
  const kept = tables.files.get(id);
  if (kept === undefined) return null;
  return kept.record.owner === user || isSeen(tables, user, id) ? kept.record : null;
}

/** Returns a file that is the picture of a conversation that anyone can join; otherwise `null`. */
export function directoryPicture(tables: MemoryTables, id: FileName): FileRecord | null {
  const shows = ({ conversation: { picture, settings, deleted } }: MemoryConversation): boolean =>
    picture === id && settings.join === 'anyone' && !deleted;
  return [...tables.conversations.values()].some(shows) ? (tables.files.get(id)?.record ?? null) : null;
}

/**
 * Returns those of the files that are complete and visible to the user. Protects them from removal as unused until
 * they are attached.
 */
export function attachableFiles(
  tables: MemoryTables,
  user: UserId,
  ids: readonly FileName[],
  at: number,
): readonly FileRef[] {
  return ids.flatMap((id) => {
    const record = findFile(tables, user, id);
    if (record === null || record.ref === null) return [];
    tables.files.set(id, { record, wantedAt: at });
    return [record.ref];
  });
}

/** Returns the files that no message and no picture uses, and that were last wanted before the time `before`. */
export function unusedFiles(tables: MemoryTables, before: number): readonly FileName[] {
  const kept = [...tables.conversations.values()].filter(({ conversation }) => !conversation.deleted);
  const used = new Set(
    kept.flatMap(({ conversation, messages }) => [conversation.picture ?? [], ...messages.map(filesOf)].flat()),
  );
  return [...tables.files.values()].filter((file) => isUnused(file, used, before)).map(({ record }) => record.id);
}

/** Deletes the records of those files that are still unused. Returns the deleted ones. */
export function forgetFiles(tables: MemoryTables, ids: readonly FileName[], before: number): readonly FileName[] {
  const unused = new Set(unusedFiles(tables, before));
  const forgotten = ids.filter((id) => unused.has(id));
  for (const id of forgotten) tables.files.delete(id);
  return forgotten;
}

function isUnused({ record, wantedAt }: KeptFile, used: ReadonlySet<FileName>, before: number): boolean {
  return wantedAt < before && !used.has(record.id);
}

/** Tells whether the user sees a message with the file, or is in a conversation whose picture it is (CH-3). */
function isSeen(tables: MemoryTables, user: UserId, id: FileName): boolean {
  return [...(tables.conversationsOf.get(user) ?? [])].some((conversation) => {
    const table = tables.conversations.get(conversation);
    return table !== undefined && isSeenIn(table, user, id);
  });
}

function isSeenIn(
  { conversation, members, messages, hidden }: MemoryConversation,
  user: UserId,
  id: FileName,
): boolean {
  const member = members.get(user)?.member;
  if (member === undefined || !isMemberOf(conversation, member)) return false;
  if (conversation.picture === id) return true;
  const away = new Set(hidden.get(user)?.map(({ sequence }) => sequence));
  return messages.some(
    (message) => filesOf(message).includes(id) && isVisible(member, message.sequence) && !away.has(message.sequence),
  );
}
