import type { FileName, FileRecord, FileRecords, UserId } from '@everywire/chat';
import { isVisible } from '@everywire/chat/internal';
import type { Access } from './access.js';
import { findOpenMember } from './log-reads.js';
import type { Tables } from './tables.js';

/**
 * Creates the `FileRecords` port over the log's tables: a user who can see a message can read its files, and members
 * can read the picture (CH-3).
 */
export function createSqliteFileRecords(tables: Tables, { read, write }: Access): FileRecords {
  const { files } = tables;
  const find = (user: UserId, id: FileName): FileRecord | null => {
    const record = files.get(id);
    return record !== null && (record.owner === user || isSeen(tables, user, id)) ? record : null;
  };
  return {
    addFile: (file, ownerBytesMax) =>
      write(() => {
        if (files.ownerBytes(file.owner) + file.size > ownerBytesMax) return 'over_quota';
        files.insert(file);
        return 'added';
      }),
    finishFile: (id, ref, at, size) =>
      write(() => {
        const record = files.get(id);
        if (record === null || record.ref !== null) return record?.ref ?? null;
        files.finish(record, ref, at, size);
        return ref;
      }),
    file: (user, id) => read(() => find(user, id)),
    directoryPicture: (id) => read(() => (files.isListed(id) ? files.get(id) : null)),
    attachableFiles: (user, ids, at) =>
      write(() =>
        ids.flatMap((id) => {
          const ref = find(user, id)?.ref ?? null;
          if (ref === null) return [];
          files.want(id, at);
          return [ref];
        }),
      ),
    unusedFiles: (before, limit) => read(() => files.unused(before, limit)),
    forgetFiles: (ids, before) => write(() => ids.filter((id) => files.forget(id, before))),
    recordedFiles: (ids) => read(() => ids.filter((id) => files.has(id))),
  };
}

function isSeen(tables: Tables, user: UserId, id: FileName): boolean {
  for (const { conversation, sequence } of tables.files.usesNear(id, user)) {
    const member = findOpenMember(tables, user, conversation)?.member;
    if (member === undefined) continue;
    if (sequence === 0) return true;
    if (!isVisible(member, sequence)) continue;
    if (!tables.hidden.isHidden(member, sequence)) return true;
  }
  return false;
}
