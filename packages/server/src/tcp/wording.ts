import { sessionProtocol } from '@everywire/protocol/internal';

/** Bytes of a hello with its end of line: the names of some five versions. Longer: closed. */
const HELLO_BYTES_MAX = 64;

const HELLO = /^everywire\.\d{1,3}(?: everywire\.\d{1,3})*\n$/;
const NAME = Buffer.from('everywire.', 'latin1');
const LINE_FEED = 0x0a;

/**
 * What a connection began with. `hello`: it ends before `end`, and names a version that is spoken here or only others.
 * `more`: nothing is wrong yet. `foreign`: no client of ours says this, whatever comes next.
 */
export type Greeting =
  | { readonly kind: 'more' }
  | { readonly kind: 'hello'; readonly end: number; readonly spoken: boolean }
  | { readonly kind: 'foreign' };

const MORE: Greeting = { kind: 'more' };
const FOREIGN: Greeting = { kind: 'foreign' };

/**
 * Reads the hello line: the versions that the client speaks, best first, in ASCII with single spaces between and LF behind. HTTP,
 * TLS, SMTP and whatever else differ in their first byte, and are known by it.
 */
export function parseGreeting(bytes: Uint8Array): Greeting {
  const compared = Math.min(bytes.length, NAME.length);
  for (let at = 0; at < compared; at++) if (bytes[at] !== NAME[at]) return FOREIGN;
  const line = bytes.indexOf(LINE_FEED);
  if (line < 0) return bytes.length < HELLO_BYTES_MAX ? MORE : FOREIGN;
  const hello = Buffer.from(bytes.subarray(0, line + 1)).toString('latin1');
  if (line >= HELLO_BYTES_MAX || !HELLO.test(hello)) return FOREIGN;
  return { kind: 'hello', end: line + 1, spoken: hello.trimEnd().split(' ').includes(sessionProtocol) };
}

/** The version that is spoken from here on: frames follow on both sides. */
export const WELCOME: string = `${sessionProtocol}\n`;

/** Why there is no session on this connection; it closes. No byte of what came is in it. */
export const REFUSALS: { readonly unsupported: string; readonly closing: string } = {
  unsupported: `unsupported ${sessionProtocol}\n`,
  closing: 'closing\n',
};
