import { createHash, randomBytes } from 'node:crypto';

/** Marks our tokens, so that a log filter or a secret scanner can recognise one that strayed. */
const prefix = 'ewt_';

const tokenPattern = /^ewt_[A-Za-z0-9_-]{43}$/;
/** A signed token (RFC 7515) in its compact form. Longer ones are refused unread. */
const signedPattern = /^[\w-]+\.[\w-]+\.[\w-]+$/;
const signedCharactersMax = 4_096;
const straySigned = /eyJ[\w-]+\.[\w-]+\.[\w-]+/g;
/** Of links (`ewl_`) and devices (`ewd_`) as well. */
const strayPattern = /(ew[tld]_)[A-Za-z0-9_-]+/g;

/** 256 random bits. The holder is who it was made for, so it is shown once and only its hash is kept. */
export function mintBearerToken(): string {
  return prefix + randomBytes(32).toString('base64url');
}

/** SHA-256 suffices: the token has 256 bits of its own, so there is nothing to guess that a slow hash would protect. */
export function hashBearerToken(token: string): string {
  return createHash('sha256').update(token).digest('base64url');
}

/** Whether it is one of ours; what else passes `parseBearerToken` was signed by somebody else. */
export function isOwnToken(token: string): boolean {
  return tokenPattern.test(token);
}

/** `undefined` for what can be neither one of our tokens nor a signed one: no lookup is spent on it. */
export function parseBearerToken(text: string | undefined): string | undefined {
  if (text === undefined || text.length > signedCharactersMax) return undefined;
  return tokenPattern.test(text) || signedPattern.test(text) ? text : undefined;
}

/** Takes the token out of an `Authorization: Bearer ...` header. */
export function parseAuthorization(header: string | undefined): string | undefined {
  if (header === undefined) return undefined;
  const space = header.indexOf(' ');
  if (space < 0 || header.slice(0, space).toLowerCase() !== 'bearer') return undefined;
  return parseBearerToken(header.slice(space + 1).trim());
}

/** Second line of defence: whatever is logged passes here, so that a token put where it does not belong is not kept. */
export function withoutTokens(line: string): string {
  return line.replace(strayPattern, '$1(removed)').replace(straySigned, '(token removed)');
}
