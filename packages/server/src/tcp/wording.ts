import { sessionProtocol } from '@everywire/protocol/internal';

/** Maximum bytes of a hello with its line end, enough for five versions. A connection with a longer one is closed. */
const HELLO_BYTES_MAX = 64;

const HELLO = /^everywire\.\d{1,3}(?: everywire\.\d{1,3})*\n$/;
const NAME = Buffer.from('everywire.', 'latin1');
const LINE_FEED = 0x0a;

/**
 * The kind of a connection's first bytes. `hello`: a whole hello line, which ends before the index `end`; `spoken`: whether the line
 * names the version that this server supports. `more`: the start of a hello. `foreign`: no client of ours sends such bytes.
 */
export type Greeting =
  | { readonly kind: 'more' }
  | { readonly kind: 'hello'; readonly end: number; readonly spoken: boolean }
  | { readonly kind: 'foreign' };

const MORE: Greeting = { kind: 'more' };
const FOREIGN: Greeting = { kind: 'foreign' };

/**
 * Parses the hello line of a raw TCP client: the names of its protocol versions, best first, with single spaces between and a final
 * LF. Other protocols, such as HTTP, TLS and SMTP, differ in the first byte.
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

/** The server's answer to a hello: the version in use. Frames follow in both directions. */
export const WELCOME: string = `${sessionProtocol}\n`;

/** Texts that refuse a session before the connection closes. They contain no received bytes. */
export const REFUSALS: { readonly unsupported: string; readonly closing: string } = {
  unsupported: `unsupported ${sessionProtocol}\n`,
  closing: 'closing\n',
};
