import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import type { Accounts } from '@everywire/chat';

/** The setting that keeps the key. It is made at the first secret, and no administrator sets it. */
const keySetting = 'deviceSecretKey';

const pattern = /^ewd_([0-9a-f-]{36})_([A-Za-z0-9_-]{43})$/;

/**
 * Secrets by which a device shows at a log-in that somebody was signed in there before ("device cookies" of OWASP). A secret opens nothing: it gives its
 * device a count of attempts of its own, which strangers cannot use up (`SignInAttempts`). It is a MAC over the sign-in, the
 * person and the hash of the password: nothing is stored for it, each sign-in has one, and a new password ends those of before.
 */
export class DeviceSecrets {
  readonly #accounts: Pick<Accounts, 'setting' | 'setSetting'>;
  #key: Promise<string> | null = null;

  constructor(accounts: Pick<Accounts, 'setting' | 'setSetting'>) {
    this.#accounts = accounts;
  }

  async of(credential: string, user: number, passwordHash: string): Promise<string> {
    this.#key ??= this.#make();
    const key = await this.#key;
    return `ewd_${credential}_${mac(key, [credential, user, passwordHash]).toString('base64url')}`;
  }

  /**
   * The sign-in that one of `secrets` is of, if it is of this person and their password; `null` otherwise. Takes as long where there is
   * no such person.
   */
  async signInOf(
    secrets: readonly string[],
    person: { readonly user: number; readonly passwordHash: string } | null,
  ): Promise<string | null> {
    if (secrets.length === 0) return null;
    const key = await (this.#key ?? this.#accounts.setting(keySetting));
    let found: string | null = null;
    for (const secret of secrets) {
      const [, credential = '', given = ''] = pattern.exec(secret) ?? [];
      const expected = mac(key ?? '', [credential, person?.user ?? 0, person?.passwordHash ?? '']);
      const matches = given !== '' && timingSafeEqual(expected, Buffer.from(given, 'base64url'));
      if (matches && key !== null && person !== null) found = credential;
    }
    return found;
  }

  /** Reads the key, or makes it. Where that fails it is tried again at the next secret. */
  async #make(): Promise<string> {
    try {
      const kept = await this.#accounts.setting(keySetting);
      if (kept !== null) return kept;
      const made = randomBytes(32).toString('base64url');
      await this.#accounts.setSetting(keySetting, made);
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
