/**
 * Pictures of groups and channels: the id of a file. That it is used is a row of `file_use` with the sequence 0, so that it is kept, given to whoever
 * is in the conversation, and released with it, as what messages carry is.
 */
export const PICTURES_STEP = `
ALTER TABLE conversation ADD COLUMN picture BLOB;
`;
