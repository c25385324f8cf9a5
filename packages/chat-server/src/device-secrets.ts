import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import type { Accounts } from '@everywire/chat';

/** The setting that stores the key. Created with the first secret; administrators cannot change it. */
const KEY_SETTING = 'deviceSecretKey';

const pattern = /^ewd_([0-9a-f-]{36})_([A-Za-z0-9_-]{43})$/;

/**
 * Issues secrets that prove at a log-in that a user has signed in on the device before (OWASP "device cookies"). A
 * secret grants no access. It gives the device a separate count of failed attempts, which strangers cannot exhaust
 * (`SignInAttempts`).
 *
 * A secret is a MAC (message authentication code) over the sign-in, the user and the password hash. Secrets are
 * therefore not stored, each sign-in has its own, and a new password invalidates all secrets of the user.
 */
export class DeviceSecrets {
  readonly #accounts: Pick<Accounts, 'setting' | 'setSetting'>;
  #key: Promise<string> | null = null;

  constructor(accounts: Pick<Accounts, 'setting' | 'setSetting'>) {
    this.#accounts = accounts;
  }

  /** Returns the secret of a sign-in. Rejects if the key cannot be stored. */
  async of(credential: string, user: number, passwordHash: string): Promise<string> {
    this.#key ??= this.#make();
    const key = await this.#key;
    return `ewd_${credential}_${mac(key, [credential, user, passwordHash]).toString('base64url')}`;
  }

  /**
   * Returns the sign-in that one of `secrets` belongs to, if it is of this user and password; otherwise `null`. Takes
   * the same time for an unknown user.
   */
  async signInOf(
    secrets: readonly string[],
    person: { readonly user: number; readonly passwordHash: string } | null,
  ): Promise<string | null> {
    if (secrets.length === 0) return null;
    const key = await (this.#key ?? this.#accounts.setting(KEY_SETTING));
    let found: string | null = null;
    for (const secret of secrets) {
      const [, credential = '', given = ''] = pattern.exec(secret) ?? [];
      const expected = mac(key ?? '', [credential, person?.user ?? 0, person?.passwordHash ?? '']);
      const matches = given !== '' && timingSafeEqual(expected, Buffer.from(given, 'base64url'));
      if (matches && key !== null && person !== null) found = credential;
    }
    return found;
  }

  /** Reads the key, or creates it. After a failure, the next secret tries again. */
  async #make(): Promise<string> {
    try {
      const kept = await this.#accounts.setting(KEY_SETTING);
      if (kept !== null) return kept;
      const made = randomBytes(32).toString('base64url');
      await this.#accounts.setSetting(KEY_SETTING, made);
      return made;
    } catch (error) {
      this.#key = null;
      throw error;
    }
  }
}

function mac(key: string, parts: readonly (string | number)[]): Buffer {
  return createHmac('sha256', key).update(JSON.stringify(parts)).digest();
}
