import type { Claims } from '../wire-session.js';

/** A smaller time, in milliseconds since the epoch (March 1973), must be one in seconds, such as the `exp` of a JWT. */
const LEAST_TIME_MS = 1e11;

/**
 * Returns the error in claims from `authenticate`, without secrets; `null` if they are valid. Untyped applications may return any
 * value.
 */
export function claimsFault(claims: unknown): string | null {
  if (typeof claims !== 'object' || claims === null) return `claims are ${nameOf(claims)}, not an object`;
  const { subject, credential, expiresAt, recorded } = claims as Readonly<Record<string, unknown>>;
  if (typeof subject !== 'string') return `subject is ${nameOf(subject)}, not a string`;
  if (credential !== undefined && typeof credential !== 'string')
    return `credential is ${nameOf(credential)}, not a string`;
  if (recorded !== undefined && typeof recorded !== 'boolean') return `recorded is ${nameOf(recorded)}, not a boolean`;
  if (expiresAt === undefined) return null;
  if (typeof expiresAt !== 'number' || !Number.isFinite(expiresAt))
    return `expiresAt is ${nameOf(expiresAt)}, not milliseconds since the epoch`;
  if (expiresAt > 0 && expiresAt < LEAST_TIME_MS)
    return `expiresAt ${expiresAt} is in ${new Date(expiresAt).getUTCFullYear()}: milliseconds?`;
  return null;
}

/** Returns only the type, because the value may be secret. */
function nameOf(value: unknown): string {
  return Object.prototype.toString.call(value).slice(8, -1);
}

/** Returns the claims, or `null` after a notice that names the error in them. */
export function checkedClaims(claims: Claims | null, onNotice: (code: string, text: string) => void): Claims | null {
  if (claims === null) return null;
  const fault = claimsFault(claims);
  if (fault === null) return claims;
  onNotice('claims_invalid', `authenticate returned invalid claims: ${fault}`);
  return null;
}
