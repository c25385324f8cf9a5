import { createHmac, timingSafeEqual } from 'node:crypto';
import type { StoreKeys } from './store-keys.js';

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
  readonly #keys: StoreKeys;

  constructor(keys: StoreKeys) {
    this.#keys = keys;
  }

  /** Returns the secret of a sign-in. Rejects if the key cannot be stored. */
  async of(credential: string, user: number, passwordHash: string): Promise<string> {
    const key = await this.#keys.of('devices');
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
    const key = await this.#keys.of('devices');
    let found: string | null = null;
    for (const secret of secrets) {
      const [, credential = '', given = ''] = pattern.exec(secret) ?? [];
      const expected = mac(key, [credential, person?.user ?? 0, person?.passwordHash ?? '']);
      const matches = given !== '' && timingSafeEqual(expected, Buffer.from(given, 'base64url'));
      if (matches && person !== null) found = credential;
    }
    return found;
  }
}

function mac(key: Buffer, parts: readonly (string | number)[]): Buffer {
  return createHmac('sha256', key).update(JSON.stringify(parts)).digest();
}
