/**
 * Tells whether a `text` column can store this. PostgreSQL rejects U+0000, in query parameters too, so the caller must
 * treat such a text as not found.
 */
export function isStorable(text: string): boolean {
  return !text.includes('\0');
}
