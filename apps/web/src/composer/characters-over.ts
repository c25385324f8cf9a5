/** The server's limit for a message body, in UTF-8 bytes. */
const bodyBytesMax = 16_384;

/** Returns roughly how many characters exceed the limit, 0 if none. Exact if all characters take one byte. */
export function charactersOver(text: string): number {
  if (text.length * 3 <= bodyBytesMax) return 0;
  const bytes = new TextEncoder().encode(text).length;
  return bytes <= bodyBytesMax ? 0 : Math.max(1, Math.ceil(((bytes - bodyBytesMax) * text.length) / bytes));
}
