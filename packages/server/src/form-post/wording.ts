/** The document displayed in the form's target; the page cannot read it. */
export const EMPTY_DOCUMENT = '<!doctype html><title></title>\n';

/** The answer to an unknown secret (TR-32); does not concern the session. */
export const UNKNOWN_SECRET = '{"t":"refused","code":"ticket"}';

/** Returns whether a text has the form of a secret: at least 120 bits, in any encoding. */
export function isSecret(text: string): boolean {
  return /^[\w-]{20,64}$/.test(text);
}

const NOTHING: Buffer = Buffer.alloc(0);
const EQUALS = 0x3d;
const LETTER_D = 0x64;

/**
 * Extracts the JSON of `d=<json>` and a line end, as a form of type `text/plain` sends its field `d`: ASCII, so that no charset
 * matters.
 */
export function fieldOf(body: Buffer): Buffer {
  if (body[0] !== LETTER_D || body[1] !== EQUALS || body.some((byte) => byte > 0x7f)) return NOTHING;
  return body.subarray(2);
}
