/** More of them are a text. */
const largeMax = 3;
/** One emoji as people see one: a flag, a key cap, or pictures that are joined, each perhaps with a skin tone. */
const one =
  /(?:\p{Regional_Indicator}{2}|[0-9#*]\uFE0F?\u20E3|\p{Extended_Pictographic}(?:\uFE0F|\p{Emoji_Modifier})?[\u{E0020}-\u{E007F}]*(?:\u200D\p{Extended_Pictographic}(?:\uFE0F|\p{Emoji_Modifier})?)*)/u;
const few = new RegExp(`^(?:${one.source}\\s*){1,${largeMax}}$`, 'u');
/** Characters that are pictures only with the mark for colour, as © and ™. */
const textual = /^\P{Emoji_Presentation}(?!\uFE0F|\p{Emoji_Modifier}|\u200D|\u20E3)/u;

/** Returns whether a text is one to three emojis and nothing else: they are shown large. */
export function isFewEmojis(text: string): boolean {
  const trimmed = text.trim();
  return trimmed.length <= 64 && few.test(trimmed) && !textual.test(trimmed);
}
