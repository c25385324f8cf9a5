/** What is shown where the form was sent to: its page cannot read it, whatever it is. */
export const EMPTY_DOCUMENT = '<!doctype html><title></title>\n';

/** The answer to a secret under which nothing is kept (TR-32): no session is meant by it. */
export const UNKNOWN_SECRET = '{"t":"refused","code":"ticket"}';

/** Of 120 bits at least, however it is written. */
export function isSecret(text: string): boolean {
  return /^[\w-]{20,64}$/.test(text);
}

const NOTHING: Buffer = Buffer.alloc(0);
const EQUALS = 0x3d;
const LETTER_D = 0x64;

/** `d=<json>` and a line end, as a form of type `text/plain` sends its one field `d`: ASCII, so that no charset matters. */
export function fieldOf(body: Buffer): Buffer {
  if (body[0] !== LETTER_D || body[1] !== EQUALS || body.some((byte) => byte > 0x7f)) return NOTHING;
  return body.subarray(2);
}
