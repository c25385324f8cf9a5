import { createHash, randomBytes } from 'node:crypto';

/** Marks our tokens, so that a log filter or a secret scanner can recognise one that strayed. */
const prefix = 'ewt_';

const tokenPattern = /^ewt_[A-Za-z0-9_-]{43}$/;
const strayPattern = /ewt_[A-Za-z0-9_-]+/g;

/** 256 random bits. The holder is who it was made for, so it is shown once and only its hash is kept. */
export function mintBearerToken(): string {
  return prefix + randomBytes(32).toString('base64url');
}

/** SHA-256 suffices: the token has 256 bits of its own, so there is nothing to guess that a slow hash would protect. */
export function hashBearerToken(token: string): string {
  return createHash('sha256').update(token).digest('base64url');
}

/** `undefined` for what cannot be one of our tokens: no lookup is spent on it. */
export function parseBearerToken(text: string | undefined): string | undefined {
  return text !== undefined && tokenPattern.test(text) ? text : undefined;
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
  return line.replace(strayPattern, 'ewt_(removed)');
}
