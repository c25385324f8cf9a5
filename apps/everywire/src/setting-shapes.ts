import { isIP } from 'node:net';
import { originFault, parseHostName } from '@everywire/chat-server/internal';
import Type, { type TRefine, type TString } from 'typebox';

/* The accepted shapes of setting values. */

/** A host name without port, in ASCII. */
export const hostName: TString = Type.String({ pattern: '^[A-Za-z0-9]([A-Za-z0-9.-]{0,252}[A-Za-z0-9])?$' });
/** A name that a browser may send as `Host`, in any form that the server recognizes. */
export const servedName: TRefine<TString> = Type.Refine(Type.String(), (text) => parseHostName(text) !== null);
/** The origin of a page of a web site, an app or an extension, in the form that browsers send. */
export const pageOrigin: TRefine<TString> = Type.Refine(Type.String(), (text) => originFault(text) === null);
/** The origin of a web site. */
export const origin: TRefine<TString> = Type.Refine(Type.String(), (text) => isWeb(text) && originFault(text) === null);
/** An IP address, a network as an address and its prefix length, or `unix` for every peer over a Unix socket. */
export const proxy: TRefine<TString> = Type.Refine(Type.String(), (text) => text === 'unix' || isNetwork(text));
/**
 * The URL of a mail server, with user and password. Refuses an invalid URL here, because the parser's own error would
 * quote the password.
 */
export const mailServer: TRefine<TString> = Type.Refine(
  Type.String({ maxLength: 1_000, pattern: '^smtps?://[^\\s]+$' }),
  (text) => URL.canParse(text),
);
/** The URL of a database, with user and password. Host and database name are required. */
export const postgresDatabase: TRefine<TString> = Type.Refine(
  Type.String({ maxLength: 2_000, pattern: '^postgres(ql)?://[^\\s/]+/[^\\s/?]+(\\?[^\\s]*)?$' }),
  (text) => URL.canParse(text),
);
/** The URL of a message server, with user and password. */
export const natsServer: TRefine<TString> = Type.Refine(
  Type.String({ maxLength: 1_000, pattern: '^(nats|tls)://[^\\s,/]+$' }),
  (text) => URL.canParse(text),
);
/** The address of a provider of OpenID Connect. */
export const provider: TRefine<TString> = Type.Refine(
  Type.String({ maxLength: 1_000, pattern: '^https?://[^\\s]+$' }),
  (text) => URL.canParse(text),
);
/** One line of text without control characters. */
export const lineOfText: TString = Type.String({ maxLength: 200, pattern: '^[^\\p{Cc}]*$' });
/** A username. Commas separate the names in a list, so a name has none. */
export const userName: TString = Type.String({ pattern: '^[^\\s,]{1,64}$' });

/** Returns whether an origin is that of a web site, which has a host name. */
export function isWeb(origin: string): boolean {
  return /^https?:/.test(origin);
}

function isNetwork(text: string): boolean {
  const [address = '', bits, ...rest] = text.split('/');
  const family = isIP(address);
  if (family === 0 || rest.length > 0) return false;
  return bits === undefined || (/^\d{1,3}$/.test(bits) && Number(bits) <= (family === 4 ? 32 : 128));
}
