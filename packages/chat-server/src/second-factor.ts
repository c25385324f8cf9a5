import { createHash, randomBytes } from 'node:crypto';
import type { Accounts, User } from '@everywire/chat';
import { Secret, TOTP } from 'otpauth';
import { RestRefusal } from './error-codes.js';
import type { ChatServerLimits } from './limits.js';
import { refuseInactive } from './refuse-inactive.js';
import type { CreateBuckets, RateCounts } from './shared-counts.js';
import { groupCode, mintTypedCode, plainCode } from './typed-code.js';

/** RFC 6238: a new code every half minute. The codes before and after are accepted too, because clocks differ. */
const STEP_MS = 30_000;
const WINDOW = 1;
const SECRET_BYTES = 20;

const recoveryPattern = /^[A-Z2-7]{16}$/;

/** Dependencies of `SecondFactorCheck`. */
export interface SecondFactorOptions {
  readonly accounts: Accounts;
  /** The name of this server that the user's authenticator application displays. */
  readonly placeName: string;
  readonly limits: Pick<ChatServerLimits, 'codesPerPerson' | 'codeRefillMs' | 'recoveryCodes' | 'attemptKeysMax'>;
  /** Milliseconds since the epoch. */
  readonly wallNow: () => number;
  readonly createBuckets: CreateBuckets;
}

/** Checks one-time passwords (RFC 6238) as a second factor, and recovery codes for a lost device. */
export class SecondFactorCheck {
  readonly #options: SecondFactorOptions;
  readonly #pace: RateCounts;

  constructor(options: SecondFactorOptions) {
    this.#options = options;
    const { codesPerPerson, codeRefillMs, attemptKeysMax } = options.limits;
    const bucket = { capacity: codesPerPerson, refillMs: codeRefillMs, keysMax: attemptKeysMax };
    this.#pace = options.createBuckets('codesPerPerson', bucket);
  }

  /**
   * Creates and returns a new secret. Signing in requires its codes only after `confirm`.
   * @throws RestRefusal `second_factor_set` or `unauthenticated`
   */
  async begin(user: User): Promise<{ readonly secret: string; readonly uri: string }> {
    const secret = new Secret({ buffer: new Uint8Array(randomBytes(SECRET_BYTES)).buffer }).base32;
    if (!(await this.#options.accounts.beginSecondFactor(user.id, secret))) return this.#refuse(user);
    return { secret, uri: this.#totp(secret, user.name).toString() };
  }

  /**
   * Enables the second factor, and returns the recovery codes, which cannot be read again.
   * @throws RestRefusal `code_wrong`, `rate_limited`, `second_factor_set` or `unauthenticated`
   */
  async confirm(user: User, code: string): Promise<readonly string[]> {
    const { accounts, limits } = this.#options;
    const factor = await accounts.secondFactor(user.id);
    if (factor === null || factor.confirmed) throw new RestRefusal('second_factor_set');
    this.#spend(String(user.id));
    const step = this.#stepOf(factor.secret, plainCode(code));
    if (step === null) throw new RestRefusal('code_wrong');
    const codes = Array.from({ length: limits.recoveryCodes }, () => mintTypedCode());
    const seen = { secret: factor.secret, step };
    const confirmed = await accounts.confirmSecondFactor(user.id, seen, codes.map(hashRecoveryCode));
    if (!confirmed) return this.#refuse(user);
    return codes.map(groupCode);
  }

  /**
   * Checks a code and marks it as used. No-op for a user without a second factor. `origin`: the key under which
   * attempts are counted. Devices that signed in before have their own key, so that an attacker with only the password
   * cannot exhaust their attempts.
   * @throws RestRefusal `second_factor_required`, `code_wrong` or `rate_limited`
   */
  async check(user: User, code: string | undefined, origin: string): Promise<void> {
    const { accounts } = this.#options;
    const factor = await accounts.secondFactor(user.id);
    if (!factor?.confirmed) return;
    if (code === undefined || code === '') throw new RestRefusal('second_factor_required');
    const count = JSON.stringify([user.id, origin]);
    this.#spend(count);
    const given = plainCode(code);
    const step = this.#stepOf(factor.secret, given);
    const taken =
      step === null
        ? recoveryPattern.test(given) && (await accounts.useRecoveryCode(user.id, hashRecoveryCode(given)))
        : await accounts.useSecondFactorStep(user.id, step);
    if (!taken) throw new RestRefusal('code_wrong');
    this.#pace.giveBack(count);
  }

  /**
   * Disables the second factor. The caller must have checked the password and a code.
   * @throws RestRefusal `unauthenticated`
   */
  async remove(user: User): Promise<void> {
    if (!(await this.#options.accounts.removeSecondFactor(user.id))) throw new RestRefusal('unauthenticated');
  }

  /** Throws the reason for which the store refused to change the second factor. */
  async #refuse(user: User): Promise<never> {
    await refuseInactive(this.#options.accounts, user.id);
    throw new RestRefusal('second_factor_set');
  }

  /**
   * Counts an attempt. Without the limit, an attacker who knows the password could soon try all of the million codes.
   * With the limit, this takes years.
   */
  #spend(count: string): void {
    const waitMs = this.#pace.spend(count);
    if (waitMs > 0) throw new RestRefusal('rate_limited', waitMs);
  }

  #stepOf(secret: string, code: string): number | null {
    if (!/^\d{6}$/.test(code)) return null;
    const timestamp = this.#options.wallNow();
    const delta = this.#totp(secret, '').validate({ token: code, timestamp, window: WINDOW });
    return delta === null ? null : Math.floor(timestamp / STEP_MS) + delta;
  }

  #totp(secret: string, label: string): TOTP {
    // A colon separates the issuer from the label, encoded or not.
    const issuer = this.#options.placeName.replaceAll(/\s*:\s*/g, ' ').trim();
    return new TOTP({ issuer, label, secret: Secret.fromBase32(secret) });
  }
}

/**
 * Returns the hash under which a recovery code is stored. A slow hash is not needed, because codes have 80 random bits.
 */
function hashRecoveryCode(code: string): string {
  return createHash('sha256').update(code).digest('base64url');
}
