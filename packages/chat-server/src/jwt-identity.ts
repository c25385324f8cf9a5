import { createHash, createSecretKey } from 'node:crypto';
import type { Accounts, User } from '@everywire/chat';
import { type CryptoKey, createLocalJWKSet, importSPKI, type JSONWebKeySet, type JWTPayload, jwtVerify } from 'jose';
import { RestRefusal } from './error-codes.js';
import type { ExternalIdentities } from './external-identities.js';
import type { ChatServerLimits } from './limits.js';
import type { Logger } from './logger.js';
import { KeysUnavailable, RemoteKeys } from './remote-keys.js';
import { type Caller, SIGNED_PREFIX } from './sign-in.js';

/** Accepted signature algorithms. Excludes `none`; the token's header cannot choose. */
export type JwtAlgorithm = 'RS256' | 'PS256' | 'ES256' | 'EdDSA' | 'HS256';

/** Minimum bytes of a secret (RFC 7518 section 3.2). */
const SECRET_BYTES_MIN = 32;

/** How tokens of a host application are verified. */
export interface JwtIdentityOptions {
  /** The only signature algorithm that is accepted. */
  readonly algorithm: JwtAlgorithm;
  readonly issuer: string;
  readonly audience: string;
  /**
   * `spki`: a public key in PEM. `jwks`: keys as JSON. `jwksUrl`: the same, fetched and cached (`RemoteKeys`).
   * `secret`: for HS256, at least 32 bytes.
   */
  readonly key:
    | { readonly kind: 'spki' | 'jwks' | 'secret'; readonly text: string }
    | { readonly kind: 'jwksUrl'; readonly url: string };
}

/** Thrown if the key cannot be used with the algorithm; the message says why. */
class JwtKeyError extends Error {
  readonly code = 'jwt_key_unusable';
}

interface JwtParts {
  readonly accounts: Accounts;
  readonly wallNow: () => number;
  readonly known: ExternalIdentities;
  readonly limits: Pick<ChatServerLimits, 'clockToleranceSeconds' | 'jwksFreshMs' | 'jwksAgainMs' | 'jwksTimeoutMs'>;
  readonly log: Logger;
}

/** Milliseconds after which a client should retry if no keys were available. */
const KEYS_AGAIN_MS = 2_000;

type Verify = (token: string) => Promise<JWTPayload>;

/**
 * Authenticates users of a host application (an application that embeds this chat) by the tokens (JWTs) that it signs.
 * Algorithm, keys, issuer and audience are fixed by the options; a token's header can only choose among those keys.
 * Creates an account for a new user, and updates its name and picture from each token.
 */
export class JwtIdentity {
  readonly #verify: Verify;
  readonly #accounts: Accounts;
  readonly #identities: ExternalIdentities;
  readonly #options: JwtIdentityOptions;
  /** Returns the latest valid signing time, in milliseconds since the epoch; a token with a later one is refused. */
  readonly signedUntil: () => number;

  private constructor(verify: Verify, options: JwtIdentityOptions, { known, accounts, wallNow, limits }: JwtParts) {
    this.#verify = verify;
    this.#identities = known;
    this.#accounts = accounts;
    this.#options = options;
    this.signedUntil = () => wallNow() + limits.clockToleranceSeconds * 1_000;
  }

  /**
   * Creates an instance.
   * @throws Error with the code `jwt_key_unusable` if the key cannot be used with the algorithm
   */
  static async create(options: JwtIdentityOptions, parts: JwtParts): Promise<JwtIdentity> {
    const key = await keyOf(options, parts);
    const verify: Verify = async (token) => {
      const pinned = {
        algorithms: [options.algorithm],
        issuer: options.issuer,
        audience: options.audience,
        requiredClaims: ['sub', 'exp'],
        clockTolerance: parts.limits.clockToleranceSeconds,
        currentDate: new Date(parts.wallNow()),
      };
      // Both overloads do the same; only their types differ.
      const { payload } = await (typeof key === 'function'
        ? jwtVerify(token, key, pinned)
        : jwtVerify(token, key, pinned));
      return payload;
    };
    return new JwtIdentity(verify, options, parts);
  }

  /**
   * Returns the user of the token; `null` if the token is invalid for any reason.
   *
   * @throws RestRefusal `busy` if the token cannot be verified now, because the host application's keys cannot be fetched
   */
  async authenticate(token: string): Promise<Caller | null> {
    const claims = await this.#claimsOf(token);
    const { sub, exp, iat = 0 } = claims ?? {};
    if (claims === null || typeof sub !== 'string' || typeof exp !== 'number' || sub === '' || sub.length > 255)
      return null;
    // Refuses a token from the future, because a sign-out would not end it.
    if (iat * 1_000 > this.signedUntil()) return null;
    const identity = { issuer: this.#options.issuer, subject: sub };
    const user = await this.#identities.meet(identity, claims);
    if (user?.state !== 'active') return null;
    const details = await this.#accounts.privateDetails(user.id);
    // Signing out everywhere invalidates tokens that were signed before.
    if (iat * 1_000 <= (details?.signedOutAt ?? 0)) return null;
    return callerOf(user, token, { issuedAt: iat * 1_000, expiresAt: exp * 1_000 });
  }

  async #claimsOf(token: string): Promise<JWTPayload | null> {
    try {
      return await this.#verify(token);
    } catch (error) {
      if (error instanceof KeysUnavailable) throw new RestRefusal('busy', KEYS_AGAIN_MS);
      // All reasons for which a token is invalid get the same answer.
      return null;
    }
  }
}

function callerOf(user: User, token: string, times: { readonly issuedAt: number; readonly expiresAt: number }): Caller {
  const id = `${SIGNED_PREFIX}${createHash('sha256').update(token).digest('base64url').slice(0, 32)}`;
  const { issuedAt, expiresAt } = times;
  const used = { createdAt: issuedAt, usedAt: issuedAt, transport: '' };
  return { user, credential: { id, user: user.id, label: '', ...used }, expiresAt };
}

async function keyOf(options: JwtIdentityOptions, parts: JwtParts): Promise<Key> {
  const { key, algorithm } = options;
  const symmetric = algorithm === 'HS256';
  if (symmetric !== (key.kind === 'secret')) {
    const wanted = symmetric ? 'a secret, but this is a public key' : 'a public key (BEGIN PUBLIC KEY) or a JWKS';
    throw new JwtKeyError(`${algorithm} takes ${wanted}.`);
  }
  try {
    return await readKey(options, parts);
  } catch (cause) {
    if (cause instanceof JwtKeyError) throw cause;
    throw new JwtKeyError(`The key cannot be read as a key for ${algorithm}.`, { cause });
  }
}

async function readKey({ key, algorithm }: JwtIdentityOptions, { limits, log }: JwtParts): Promise<Key> {
  switch (key.kind) {
    case 'secret': {
      const secret = createSecretKey(Buffer.from(key.text.trim(), 'utf8'));
      if ((secret.symmetricKeySize ?? 0) < SECRET_BYTES_MIN)
        throw new JwtKeyError(`The secret must have at least ${SECRET_BYTES_MIN} bytes.`);
      return secret;
    }
    case 'spki':
      return importSPKI(key.text, algorithm) as Promise<CryptoKey>;
    case 'jwks':
      return createLocalJWKSet(JSON.parse(key.text) as JSONWebKeySet);
    case 'jwksUrl':
      return new RemoteKeys({ url: key.url, limits, log }).keyOf;
  }
}

type Key = Parameters<typeof jwtVerify>[1] | ReturnType<typeof createLocalJWKSet>;
