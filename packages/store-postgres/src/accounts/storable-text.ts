/**
 * Returns whether a column of the type `text` can store the text. PostgreSQL rejects U+0000 in texts, and in parameters
 * of queries too. So a caller that looks up a text which cannot be stored must not query, and answers that it is not
 * found.
 */
export function isStorable(text: string): boolean {
  return !text.includes('\0');
}
