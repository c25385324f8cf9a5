/** Whether a `text` column can contain this. PostgreSQL refuses U+0000, also in a question: a text with it is found nowhere. */
export function isStorable(text: string): boolean {
  return !text.includes('\0');
}
