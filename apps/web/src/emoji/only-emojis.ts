/** The maximum number of emojis shown large. */
const LARGE_MAX = 3;
/** Matches one emoji as displayed: a flag, a key cap, or joined pictographs with optional skin tones. */
const one =
  /(?:\p{Regional_Indicator}{2}|[0-9#*]\uFE0F?\u20E3|\p{Extended_Pictographic}(?:\uFE0F|\p{Emoji_Modifier})?[\u{E0020}-\u{E007F}]*(?:\u200D\p{Extended_Pictographic}(?:\uFE0F|\p{Emoji_Modifier})?)*)/u;
const few = new RegExp(`^(?:${one.source}\\s*){1,${LARGE_MAX}}$`, 'u');
/** Characters such as © and ™ that are emojis only with a variation selector. */
const textual = /^\P{Emoji_Presentation}(?!\uFE0F|\p{Emoji_Modifier}|\u200D|\u20E3)/u;

/** Returns whether a text consists of one to three emojis, which are shown large. */
export function isFewEmojis(text: string): boolean {
  const trimmed = text.trim();
  return trimmed.length <= 64 && few.test(trimmed) && !textual.test(trimmed);
}
