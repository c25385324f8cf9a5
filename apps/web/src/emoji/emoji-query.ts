/** The text being written after a colon: the position of the colon, and the text from there to the caret. */
export interface EmojiQuery {
  readonly start: number;
  readonly query: string;
}

/** `:smi` at the start or after a space. With fewer letters it is a time, a ratio or an emoticon. */
const written = /(?:^|\s):([\p{L}\d_+-]{2,24})$/u;

/** Returns the emoji name being typed at the caret, or `null`. */
export function emojiQueryAt(text: string, caret: number): EmojiQuery | null {
  const query = written.exec(text.slice(0, caret))?.[1];
  return query === undefined ? null : { start: caret - query.length - 1, query };
}
