/** The chat's own limit for a body, in UTF-8 bytes. */
const bodyBytesMax = 16_384;

/** About how many characters are too many; exact where all take one byte. */
export function charactersOver(text: string): number {
  if (text.length * 3 <= bodyBytesMax) return 0;
  const bytes = new TextEncoder().encode(text).length;
  return bytes <= bodyBytesMax ? 0 : Math.max(1, Math.ceil(((bytes - bodyBytesMax) * text.length) / bytes));
}
