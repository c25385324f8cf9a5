import { createHash, randomBytes } from 'node:crypto';

/** Prefix of the tokens that this server issues. Log filters and secret scanners recognise a leaked token by it. */
const PREFIX = 'ewt_';

const tokenPattern = /^ewt_[A-Za-z0-9_-]{43}$/;
/** Matches the compact form of a signed token (RFC 7515). Longer tokens are refused without parsing. */
const signedPattern = /^[\w-]+\.[\w-]+\.[\w-]+$/;
const SIGNED_CHARACTERS_MAX = 4_096;
const straySigned = /eyJ[\w-]+\.[\w-]+\.[\w-]+/g;
/** Matches tokens, and also the secrets of links (`ewl_`) and devices (`ewd_`). */
const strayPattern = /(ew[tld]_)[A-Za-z0-9_-]+/g;

/**
 * Returns a new token of 256 random bits. It authenticates its holder, so it is returned once and only its hash is
 * stored.
 */
export function mintBearerToken(): string {
  return PREFIX + randomBytes(32).toString('base64url');
}

/**
 * Returns the SHA-256 of a token. A slow hash is not needed, because 256 random bits cannot be guessed.
 */
export function hashBearerToken(token: string): string {
  return createHash('sha256').update(token).digest('base64url');
}

/** Returns whether we issued the token; any other token that passes `parseBearerToken` was signed by another party. */
export function isOwnToken(token: string): boolean {
  return tokenPattern.test(token);
}

/**
 * Returns the token; `undefined` if it has neither the form of our tokens nor of a signed one, so that no lookup is
 * spent on it.
 */
export function parseBearerToken(text: string | undefined): string | undefined {
  if (text === undefined || text.length > SIGNED_CHARACTERS_MAX) return undefined;
  return tokenPattern.test(text) || signedPattern.test(text) ? text : undefined;
}

/** Returns the token of an `Authorization: Bearer ...` header; `undefined` if there is none. */
export function parseAuthorization(header: string | undefined): string | undefined {
  if (header === undefined) return undefined;
  const space = header.indexOf(' ');
  if (space < 0 || header.slice(0, space).toLowerCase() !== 'bearer') return undefined;
  return parseBearerToken(header.slice(space + 1).trim());
}

/** Removes tokens from a log line. Applied to every log line, as a second line of defence against leaked tokens. */
export function withoutTokens(line: string): string {
  return line.replace(strayPattern, '$1(removed)').replace(straySigned, '(token removed)');
}
