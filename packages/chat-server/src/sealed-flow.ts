import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';

const ivBytes = 12;
const tagBytes = 16;

/** What a browser brings back that went to a provider of OpenID Connect. */
export interface Flow {
  readonly state: string;
  readonly nonce: string;
  readonly verifier: string;
  /** Milliseconds since the epoch. */
  readonly expiresAt: number;
}

/**
 * Flows that the browser keeps, sealed with a key of this process (AES-256-GCM): strangers may begin as many as they like, nothing is stored for
 * them, and none of another person is pushed out. A restart ends those under way.
 */
export class SealedFlows {
  readonly #key = randomBytes(32);

  seal(flow: Flow): string {
    const iv = randomBytes(ivBytes);
    const cipher = createCipheriv('aes-256-gcm', this.#key, iv);
    const text = Buffer.concat([cipher.update(JSON.stringify(flow), 'utf8'), cipher.final()]);
    return Buffer.concat([iv, cipher.getAuthTag(), text]).toString('base64url');
  }

  /** `null` for what was not sealed here. */
  open(sealed: string): Flow | null {
    const bytes = Buffer.from(sealed, 'base64url');
    // Base64 of another spelling would be the same flow under another name.
    if (bytes.length <= ivBytes + tagBytes || bytes.toString('base64url') !== sealed) return null;
    const decipher = createDecipheriv('aes-256-gcm', this.#key, bytes.subarray(0, ivBytes));
    decipher.setAuthTag(bytes.subarray(ivBytes, ivBytes + tagBytes));
    try {
      const text = Buffer.concat([decipher.update(bytes.subarray(ivBytes + tagBytes)), decipher.final()]);
      return JSON.parse(text.toString('utf8')) as Flow;
    } catch {
      // The tag is not ours.
      return null;
    }
  }
}
