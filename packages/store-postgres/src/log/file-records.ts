import type { FileName, FileRecord, FileRecords, FileRef, UserId } from '@everywire/chat';
import type { Database, Queries } from '../database/database.js';
import { IS_SEEN, OPEN_STAYS } from './seen-sql.js';

interface FileRow {
  readonly id: Buffer;
  readonly owner: number;
  readonly size: number;
  readonly ref: string | null;
}

/**
 * $1 the user, $2 files. Finds the user's own files, files of messages that the user sees, and pictures of
 * conversations that the user is in.
 */
const SEEN: string = `
  SELECT f.id, f.owner, f.size, f.ref FROM file f WHERE f.id = ANY($2::bytea[]) AND (f.owner = $1::int8 OR EXISTS (
    SELECT 1 FROM file_use u JOIN (SELECT p.* FROM ${OPEN_STAYS} WHERE i.usr = $1::int8 AND i.is_open) AS p ON p.conversation = u.conversation
    WHERE u.file = f.id AND (u.sequence = 0 OR EXISTS (
      SELECT 1 FROM message m WHERE m.conversation = u.conversation AND m.sequence = u.sequence AND ${IS_SEEN}))))`;

/** Whether no message and no conversation uses the file `f`. */
const IS_UNUSED = 'NOT EXISTS (SELECT 1 FROM file_use u WHERE u.file = f.id)';

/**
 * Creates the `FileRecords` port over the log's tables: a user may read the files of the messages that the user sees,
 * and the pictures of the conversations that the user is a member of (CH-3). `wanted_at` is when a file was last
 * needed: an unused file is deleted some time after it.
 */
export function createFileRecords(database: Database): FileRecords {
  return {
    addFile: ({ id, owner, size, at: wantedAt }, ownerBytesMax) =>
      database.transaction(async (at) => {
        await at.query('INSERT INTO file_owner (owner, bytes) VALUES ($1::int8, 0) ON CONFLICT DO NOTHING', [owner]);
        const counted = await at.query(
          'UPDATE file_owner SET bytes = bytes + $2::int8 WHERE owner = $1::int8 AND bytes + $2::int8 <= $3::int8 RETURNING owner',
          [owner, size, ownerBytesMax],
        );
        if (counted.length === 0) return 'over_quota';
        await at.query(
          'INSERT INTO file (id, owner, size, wanted_at) VALUES ($1::bytea, $2::int8, $3::int8, $4::int8)',
          [...[bytesOf(id), owner, size, wantedAt]],
        );
        return 'added';
      }),

    finishFile: (id, ref, wantedAt, size) =>
      database.transaction(async (at) => {
        const [row] = await at.query<FileRow>('SELECT id, owner, size, ref FROM file WHERE id = $1::bytea FOR UPDATE', [
          bytesOf(id),
        ]);
        if (row === undefined || row.ref !== null) return row === undefined ? null : recordOf(row).ref;
        await at.query('UPDATE file SET ref = $2::text, size = $3::int8, wanted_at = $4::int8 WHERE id = $1::bytea', [
          ...[bytesOf(id), JSON.stringify(ref), size, wantedAt],
        ]);
        await addBytes(at, row.owner, size - row.size);
        return ref;
      }),

    file: async (user, id) => (await seenFiles(database, user, [id])).get(id) ?? null,

    directoryPicture: async (id) => {
      const [row] = await database.query<FileRow>(
        `SELECT f.id, f.owner, f.size, f.ref FROM file f WHERE f.id = $1::bytea AND EXISTS (
           SELECT 1 FROM file_use u JOIN conversation c ON c.id = u.conversation
           WHERE u.file = f.id AND u.sequence = 0 AND c.listed IS NOT NULL)`,
        [bytesOf(id)],
      );
      return row === undefined ? null : recordOf(row);
    },

    attachableFiles: (user, ids, wantedAt) =>
      database.transaction(async (at) => {
        await at.query('SELECT id FROM file WHERE id = ANY($1::bytea[]) ORDER BY id FOR UPDATE', [ids.map(bytesOf)]);
        const seen = await seenFiles(at, user, ids);
        const refs = ids.flatMap((id) => seen.get(id)?.ref ?? []);
        await at.query('UPDATE file SET wanted_at = $2::int8 WHERE id = ANY($1::bytea[])', [
          refs.map(({ id }) => bytesOf(id)),
          wantedAt,
        ]);
        return refs;
      }),

    unusedFiles: async (before, limit) => {
      const rows = await database.query<{ id: Buffer }>(
        `SELECT f.id FROM file f WHERE f.wanted_at < $1::int8 AND ${IS_UNUSED} ORDER BY f.wanted_at LIMIT $2::int8`,
        [before, limit],
      );
      return rows.map(({ id }) => id.toString('hex'));
    },

    forgetFiles: (ids, before) =>
      database.transaction(async (at) => {
        await at.query('SELECT id FROM file WHERE id = ANY($1::bytea[]) ORDER BY id FOR UPDATE', [ids.map(bytesOf)]);
        const gone = await at.query<FileRow>(
          `DELETE FROM file f WHERE f.id = ANY($1::bytea[]) AND f.wanted_at < $2::int8 AND ${IS_UNUSED} RETURNING f.id, f.owner, f.size, f.ref`,
          [ids.map(bytesOf), before],
        );
        for (const { owner, size } of gone) await addBytes(at, owner, -size);
        const removed = new Set(gone.map(({ id }) => id.toString('hex')));
        return ids.filter((id) => removed.has(id));
      }),

    recordedFiles: async (ids) => {
      const rows = await database.query<{ id: Buffer }>('SELECT id FROM file WHERE id = ANY($1::bytea[])', [
        ids.map(bytesOf),
      ]);
      const known = new Set(rows.map(({ id }) => id.toString('hex')));
      return ids.filter((id) => known.has(id));
    },
  };
}

async function seenFiles(
  at: Queries,
  user: UserId,
  ids: readonly FileName[],
): Promise<ReadonlyMap<FileName, FileRecord>> {
  const rows = await at.query<FileRow>(SEEN, [user, ids.map(bytesOf)]);
  return new Map(rows.map((row) => [row.id.toString('hex'), recordOf(row)]));
}

async function addBytes(at: Queries, owner: UserId, bytes: number): Promise<void> {
  await at.query(
    `INSERT INTO file_owner AS o (owner, bytes) VALUES ($1::int8, $2::int8) ON CONFLICT (owner) DO UPDATE SET bytes = o.bytes + excluded.bytes`,
    [owner, bytes],
  );
}

function recordOf({ id, owner, size, ref }: FileRow): FileRecord {
  return { id: id.toString('hex'), owner, size, ref: ref === null ? null : (JSON.parse(ref) as FileRef) };
}

function bytesOf(id: FileName): Buffer {
  return Buffer.from(id, 'hex');
}
