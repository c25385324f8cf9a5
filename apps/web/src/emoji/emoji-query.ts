/** What is being written after a colon: where that stands, and what follows it up to the caret. */
export interface EmojiQuery {
  readonly start: number;
  readonly query: string;
}

/** `:smi`, at the beginning or behind a space; with fewer letters it is a time, a ratio or a face. */
const written = /(?:^|\s):([\p{L}\d_+-]{2,24})$/u;

/** Returns the name of an emoji that somebody is writing at the caret, or `null`. */
export function emojiQueryAt(text: string, caret: number): EmojiQuery | null {
  const query = written.exec(text.slice(0, caret))?.[1];
  return query === undefined ? null : { start: caret - query.length - 1, query };
}
