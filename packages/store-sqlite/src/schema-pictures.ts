/**
 * Schema step: pictures of groups and channels, by file id. A use is a row of `file_use` with the sequence 0, so that
 * the file is kept, readable by members, and released with the conversation, like files of messages.
 */
export const PICTURES_STEP = `
ALTER TABLE conversation ADD COLUMN picture BLOB;
`;
