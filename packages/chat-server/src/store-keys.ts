import { hkdfSync, randomBytes } from 'node:crypto';
import type { Accounts } from '@everywire/chat';
import { STORE_SECRET_SETTING } from '@everywire/chat/internal';

const KEY_BYTES = 32;

/**
 * Derives the keys of a store from one secret, which the store keeps. So all nodes of the store have the same keys,
 * also after a restart, and an operator need not configure them. A restored store makes another secret. Whoever can read the store or a backup has them too.
 */
export class StoreKeys {
  readonly #accounts: Pick<Accounts, 'setting' | 'initSetting'>;
  #secret: Promise<string> | null = null;

  constructor(accounts: Pick<Accounts, 'setting' | 'initSetting'>) {
    this.#accounts = accounts;
  }

  /**
   * Returns the key for one purpose, 32 bytes. Keys of different purposes reveal nothing about each other. Rejects if
   * the secret can be neither read nor stored; the next call tries again.
   */
  async of(purpose: 'broker' | 'devices' | 'openid flows'): Promise<Buffer> {
    this.#secret ??= this.#readOrMake().catch((error: unknown) => {
      this.#secret = null;
      throw error;
    });
    return Buffer.from(hkdfSync('sha256', await this.#secret, '', `everywire ${purpose}`, KEY_BYTES));
  }

  async #readOrMake(): Promise<string> {
    // Reads first, because a store on a full disk can still be read.
    const kept = await this.#accounts.setting(STORE_SECRET_SETTING);
    return kept ?? this.#accounts.initSetting(STORE_SECRET_SETTING, randomBytes(KEY_BYTES).toString('base64url'));
  }
}
