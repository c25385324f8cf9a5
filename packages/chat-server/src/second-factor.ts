import { createHash, randomBytes } from 'node:crypto';
import type { Accounts, User } from '@everywire/chat';
import { Secret, TOTP } from 'otpauth';
import { RestRefusal } from './error-codes.js';
import type { ChatServerLimits } from './limits.js';
import { refuseInactive } from './refuse-inactive.js';
import { type Counts, type CreateBuckets, ownBuckets } from './shared-counts.js';
import { groupCode, mintTypedCode, plainCode } from './typed-code.js';

/** RFC 6238: a code a half minute, and the one before and after it, because clocks differ. */
const stepMs = 30_000;
const window = 1;
const secretBytes = 20;

const recoveryPattern = /^[A-Z2-7]{16}$/;

export interface SecondFactorOptions {
  readonly accounts: Accounts;
  /** What the person's program shows. */
  readonly placeName: string;
  readonly limits: Pick<ChatServerLimits, 'codesPerPerson' | 'codeRefillMs' | 'recoveryCodes' | 'attemptKeysMax'>;
  /** Milliseconds since the epoch. */
  readonly wallNow: () => number;
  readonly createBuckets?: CreateBuckets;
}

/** One-time passwords of RFC 6238 besides the password, and recovery codes for when the device is lost. */
export class SecondFactorCheck {
  readonly #options: SecondFactorOptions;
  readonly #pace: Counts;

  constructor(options: SecondFactorOptions) {
    this.#options = options;
    const { codesPerPerson, codeRefillMs, attemptKeysMax } = options.limits;
    const bucket = { capacity: codesPerPerson, refillMs: codeRefillMs, keysMax: attemptKeysMax };
    this.#pace = (options.createBuckets ?? ownBuckets)('codesPerPerson', bucket);
  }

  /** A new secret, asked for only once a code of it was seen. */
  async begin(user: User): Promise<{ readonly secret: string; readonly uri: string }> {
    const secret = new Secret({ buffer: new Uint8Array(randomBytes(secretBytes)).buffer }).base32;
    if (!(await this.#options.accounts.beginSecondFactor(user.id, secret))) return this.#refuse(user);
    return { secret, uri: this.#totp(secret, user.name).toString() };
  }

  /** Switches it on, and answers the recovery codes, which are shown this once. */
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
   * Passes whoever has no second factor, and whoever brings a code that was not used yet. `origin` is what attempts from there count together
   * with: who has the password alone cannot use up the codes of a device that signed in before.
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

  /** Switches it off. The caller has checked the password and a code. */
  async remove(user: User): Promise<void> {
    if (!(await this.#options.accounts.removeSecondFactor(user.id))) throw new RestRefusal('unauthenticated');
  }

  /** Throws why the store did not change the second factor of this person. */
  async #refuse(user: User): Promise<never> {
    await refuseInactive(this.#options.accounts, user.id);
    throw new RestRefusal('second_factor_set');
  }

  /** A million codes are soon tried by whoever has the password; this makes it years. */
  #spend(count: string): void {
    const waitMs = this.#pace.spend(count, this.#options.wallNow());
    if (waitMs > 0) throw new RestRefusal('rate_limited', waitMs);
  }

  #stepOf(secret: string, code: string): number | null {
    if (!/^\d{6}$/.test(code)) return null;
    const timestamp = this.#options.wallNow();
    const delta = this.#totp(secret, '').validate({ token: code, timestamp, window });
    return delta === null ? null : Math.floor(timestamp / stepMs) + delta;
  }

  #totp(secret: string, label: string): TOTP {
    return new TOTP({ issuer: this.#options.placeName, label, secret: Secret.fromBase32(secret) });
  }
}

/** SHA-256 suffices for 80 random bits. */
function hashRecoveryCode(code: string): string {
  return createHash('sha256').update(code).digest('base64url');
}
