/**
 * Deletes the rows of `file_use` of messages. A row records that a message uses a file; with sequence 0, that the
 * conversation uses the file as its picture. A file without a row may be deleted.
 */
export const RELEASE_FILES = `DELETE FROM file_use f USING unnest($1::int8[], $2::int8[]) AS u(conversation, sequence)
  WHERE f.conversation = u.conversation AND f.sequence = u.sequence`;

/** Adds rows to `file_use`. */
export const USE_FILES = `INSERT INTO file_use (file, conversation, sequence)
  SELECT * FROM unnest($1::bytea[], $2::int8[], $3::int8[]) ON CONFLICT DO NOTHING`;
