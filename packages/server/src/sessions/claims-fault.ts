import type { Claims } from '../wire-session.js';

/**
 * The smallest plausible time in milliseconds since the epoch (March 1973). A smaller number is probably a time in
 * seconds by mistake, such as the `exp` of a JWT.
 */
const LEAST_TIME_MS = 1e11;

/**
 * Returns a text about the error in claims that `authenticate` returned; `null` if they are valid. The text contains no
 * secrets. The claims may be any value, because an application in JavaScript is not type-checked.
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

/** Returns the name of a value's type. The value itself may be secret. */
function nameOf(value: unknown): string {
  return Object.prototype.toString.call(value).slice(8, -1);
}

/** Returns the claims if they are valid. Otherwise sends a notice about the error and returns `null`. */
export function checkedClaims(claims: Claims | null, onNotice: (code: string, text: string) => void): Claims | null {
  if (claims === null) return null;
  const fault = claimsFault(claims);
  if (fault === null) return claims;
  onNotice('claims_invalid', `authenticate returned invalid claims: ${fault}`);
  return null;
}
