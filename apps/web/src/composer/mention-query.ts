/** What is being written after an `@`: where that stands, and what follows it up to the caret. */
export interface MentionQuery {
  readonly start: number;
  readonly query: string;
}

const queryMax = 32;

/** The `@` somebody is writing at, or `null`. Not within a word of Latin letters or digits, which is a mail address; after Han, as in “问@林晚”, it is one. */
export function mentionQueryAt(text: string, caret: number): MentionQuery | null {
  const start = caret === 0 ? -1 : text.lastIndexOf('@', caret - 1);
  if (start === -1 || caret - start - 1 > queryMax) return null;
  const query = text.slice(start + 1, caret);
  if (/\s/u.test(query) || /[\w.+-]$/.test(text.slice(0, start))) return null;
  return { start, query };
}

/** The text with the name in the place of what was written after the `@`, and where the caret goes. */
export function insertMention(
  text: string,
  caret: number,
  { start }: MentionQuery,
  name: string,
): { readonly text: string; readonly caret: number } {
  const before = `${text.slice(0, start)}@${name} `;
  return { text: before + text.slice(caret).replace(/^ /, ''), caret: before.length };
}
