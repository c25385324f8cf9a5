/** The text being written after an `@`: the position of the `@`, and the text from there to the caret. */
export interface MentionQuery {
  readonly start: number;
  readonly query: string;
}

const QUERY_MAX = 32;

/**
 * Returns the `@` that the caret is at, or `null`. An `@` after a Latin letter or digit is part of a mail address; after a Han character,
 * as in “问@林晚”, it starts a mention.
 */
export function mentionQueryAt(text: string, caret: number): MentionQuery | null {
  const start = caret === 0 ? -1 : text.lastIndexOf('@', caret - 1);
  if (start === -1 || caret - start - 1 > QUERY_MAX) return null;
  const query = text.slice(start + 1, caret);
  if (/\s/u.test(query) || /[\w.+-]$/.test(text.slice(0, start))) return null;
  return { start, query };
}

/** Replaces the query after the `@` by the name. Returns the new text and the new caret position. */
export function insertMention(
  text: string,
  caret: number,
  { start }: MentionQuery,
  name: string,
): { readonly text: string; readonly caret: number } {
  const before = `${text.slice(0, start)}@${name} `;
  return { text: before + text.slice(caret).replace(/^ /, ''), caret: before.length };
}
