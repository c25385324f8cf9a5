import { createHash, randomBytes } from 'node:crypto';
import type { Accounts, User } from '@everywire/chat';
import { Secret, TOTP } from 'otpauth';
import { RestRefusal } from './error-codes.js';
import type { ChatServerLimits } from './limits.js';
import { TokenBuckets } from './token-buckets.js';

/** RFC 6238: a code a half minute, and the one before and after it, because clocks differ. */
const stepMs = 30_000;
const window = 1;
const secretBytes = 20;

/** 80 bits each: a hash of one that leaks is not guessed. */
const recoveryBytes = 10;
const recoveryPattern = /^[A-Z2-7]{16}$/;

export interface SecondFactorOptions {
  readonly accounts: Accounts;
  /** What the person's program shows. */
  readonly placeName: string;
  readonly limits: Pick<ChatServerLimits, 'codesPerPerson' | 'codeRefillMs' | 'recoveryCodes' | 'attemptKeysMax'>;
  /** Milliseconds since the epoch. */
  readonly wallNow: () => number;
}

/** One-time passwords of RFC 6238 besides the password, and recovery codes for when the device is lost. */
export class SecondFactorCheck {
  readonly #options: SecondFactorOptions;
  readonly #pace: TokenBuckets;

  constructor(options: SecondFactorOptions) {
    this.#options = options;
    const { codesPerPerson, codeRefillMs, attemptKeysMax } = options.limits;
    this.#pace = new TokenBuckets({ capacity: codesPerPerson, refillMs: codeRefillMs, keysMax: attemptKeysMax });
  }

  /** A new secret, asked for only once a code of it was seen. */
  async begin(user: User): Promise<{ readonly secret: string; readonly uri: string }> {
    const secret = new Secret({ buffer: new Uint8Array(randomBytes(secretBytes)).buffer }).base32;
    if (!(await this.#options.accounts.beginSecondFactor(user.id, secret))) throw new RestRefusal('second_factor_set');
    return { secret, uri: this.#totp(secret, user.name).toString() };
  }

  /** Switches it on, and answers the recovery codes, which are shown this once. */
  async confirm(user: User, code: string): Promise<readonly string[]> {
    const { accounts, limits } = this.#options;
    const factor = await accounts.secondFactor(user.id);
    if (factor === null || factor.confirmed) throw new RestRefusal('second_factor_set');
    this.#spend(user);
    const step = this.#stepOf(factor.secret, plain(code));
    if (step === null) throw new RestRefusal('code_wrong');
    const codes = Array.from({ length: limits.recoveryCodes }, () => mintRecoveryCode());
    const confirmed = await accounts.confirmSecondFactor(user.id, step, codes.map(hashRecoveryCode));
    if (!confirmed) throw new RestRefusal('second_factor_set');
    return codes.map((each) => each.replace(/(.{4})(?=.)/g, '$1-'));
  }

  /** Passes whoever has no second factor, and whoever brings a code that was not used yet. */
  async check(user: User, code: string | undefined): Promise<void> {
    const { accounts } = this.#options;
    const factor = await accounts.secondFactor(user.id);
    if (!factor?.confirmed) return;
    if (code === undefined || code === '') throw new RestRefusal('second_factor_required');
    this.#spend(user);
    const given = plain(code);
    const step = this.#stepOf(factor.secret, given);
    const taken =
      step === null
        ? recoveryPattern.test(given) && (await accounts.useRecoveryCode(user.id, hashRecoveryCode(given)))
        : await accounts.useSecondFactorStep(user.id, step);
    if (!taken) throw new RestRefusal('code_wrong');
    this.#pace.clear(String(user.id));
  }

  /** A million codes are soon tried by whoever has the password; this makes it years. */
  #spend(user: User): void {
    const waitMs = this.#pace.spend(String(user.id), this.#options.wallNow());
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

function mintRecoveryCode(): string {
  return new Secret({ buffer: new Uint8Array(randomBytes(recoveryBytes)).buffer }).base32;
}

/** SHA-256 suffices for 80 random bits. */
function hashRecoveryCode(code: string): string {
  return createHash('sha256').update(code).digest('base64url');
}

/** As people type it: spaces, hyphens, small letters. */
function plain(code: string): string {
  return code.replace(/[\s-]/g, '').toUpperCase();
}
