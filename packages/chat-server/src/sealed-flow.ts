import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import type { StoreKeys } from './store-keys.js';

const IV_BYTES = 12;
const TAG_BYTES = 16;

/** The state of an OpenID Connect sign-in, which the browser keeps. */
export interface Flow {
  readonly state: string;
  readonly nonce: string;
  readonly verifier: string;
  /** Milliseconds since the epoch. */
  readonly expiresAt: number;
}

/**
 * Seals flows (sign-ins in progress), encrypted with a key of the store (AES-256-GCM), so that the browser can keep
 * them. The server stores nothing, so strangers who begin many flows cannot evict the flows of others. Any node of the
 * store can open a flow, also after a restart.
 */
export class SealedFlows {
  readonly #keys: StoreKeys;

  constructor(keys: StoreKeys) {
    this.#keys = keys;
  }

  /** Returns a flow as opaque text, different each time. */
  async seal(flow: Flow): Promise<string> {
    const key = await this.#keys.of('openid flows');
    const iv = randomBytes(IV_BYTES);
    const cipher = createCipheriv('aes-256-gcm', key, iv);
    const text = Buffer.concat([cipher.update(JSON.stringify(flow), 'utf8'), cipher.final()]);
    return Buffer.concat([iv, cipher.getAuthTag(), text]).toString('base64url');
  }

  /** Returns the flow; `null` if no node of this store sealed it. */
  async open(sealed: string): Promise<Flow | null> {
    const bytes = Buffer.from(sealed, 'base64url');
    // Refuses any other base64 spelling of the same bytes, because a flow must have only one text.
    if (bytes.length <= IV_BYTES + TAG_BYTES || bytes.toString('base64url') !== sealed) return null;
    const key = await this.#keys.of('openid flows');
    const decipher = createDecipheriv('aes-256-gcm', key, bytes.subarray(0, IV_BYTES));
    decipher.setAuthTag(bytes.subarray(IV_BYTES, IV_BYTES + TAG_BYTES));
    try {
      const text = Buffer.concat([decipher.update(bytes.subarray(IV_BYTES + TAG_BYTES)), decipher.final()]);
      return JSON.parse(text.toString('utf8')) as Flow;
    } catch {
      // The text was not sealed with this key.
      return null;
    }
  }
}
