/** The server's limit for a message body, in UTF-8 bytes. */
const BODY_BYTES_MAX = 16_384;

/** Returns roughly how many characters exceed the limit, 0 if none. Exact if all characters take one byte. */
export function charactersOver(text: string): number {
  if (text.length * 3 <= BODY_BYTES_MAX) return 0;
  const bytes = new TextEncoder().encode(text).length;
  return bytes <= BODY_BYTES_MAX ? 0 : Math.max(1, Math.ceil(((bytes - BODY_BYTES_MAX) * text.length) / bytes));
}
