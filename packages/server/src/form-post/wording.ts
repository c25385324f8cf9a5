/** The document that the browser shows in the form's target frame. The page that posts the form cannot read it. */
export const EMPTY_DOCUMENT = '<!doctype html><title></title>\n';

/** The answer for an unknown secret (TR-32). It does not change the session. */
export const UNKNOWN_SECRET = '{"t":"refused","code":"ticket"}';

/** Returns whether a text has the form of a secret: at least 120 bits, in any encoding. */
export function isSecret(text: string): boolean {
  return /^[\w-]{20,64}$/.test(text);
}

const NOTHING: Buffer = Buffer.alloc(0);
const EQUALS = 0x3d;
const LETTER_D = 0x64;

/**
 * Returns the JSON from a body `d=<json>`, which a form of type `text/plain` sends for its field `d`, with a line end at the end. The body
 * must be ASCII, so that its charset does not matter. Returns an empty buffer for any other body.
 */
export function fieldOf(body: Buffer): Buffer {
  if (body[0] !== LETTER_D || body[1] !== EQUALS || body.some((byte) => byte > 0x7f)) return NOTHING;
  return body.subarray(2);
}
