/** Removes the file uses of messages; sequence 0 stands for a conversation's picture. */
export const RELEASE_FILES = `DELETE FROM file_use f USING unnest($1::int8[], $2::int8[]) AS u(conversation, sequence)
  WHERE f.conversation = u.conversation AND f.sequence = u.sequence`;

/** Adds file uses. */
export const USE_FILES = `INSERT INTO file_use (file, conversation, sequence)
  SELECT * FROM unnest($1::bytea[], $2::int8[], $3::int8[]) ON CONFLICT DO NOTHING`;
