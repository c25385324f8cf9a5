import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';

/** The identity of this node (server process), and the key that all nodes of an installation share. */
export interface NodeIdentity {
  /** 1 to 32 letters, digits, `-` or `_`; unique among the nodes. */
  readonly name: string;
  /** At least 16 bytes. A party that knows it can create locators, but gets no access to any session. */
  readonly secret: string | Uint8Array;
}

/**
 * Names the node that created a session. It is the part of a session id after the secret. Contains no network address
 * (SN-20).
 */
interface Locator {
  readonly node: string;
  /** Identifies the process. A restarted node has another incarnation. */
  readonly incarnation: string;
}

/** Bytes of the authentication code, which are enough to prevent guessing. */
const MAC_BYTES = 12;

/** Creates this node's locator, and verifies the locators of all nodes of the installation. */
export class LocatorCodec {
  /** The part after the secret in each session id of this process: `.node.incarnation.code`. */
  readonly own: string;
  readonly #node: string;
  readonly #secret: string | Uint8Array;

  /** @throws TypeError for an invalid name or secret */
  constructor({ name, secret }: NodeIdentity = { name: randomWord(), secret: randomBytes(32) }) {
    if (!/^[\w-]{1,32}$/.test(name)) throw new TypeError('node.name: 1 to 32 letters, digits, - or _');
    if (Buffer.byteLength(secret) < 16) throw new TypeError('node.secret: at least 16 bytes');
    this.#node = name;
    this.#secret = secret;
    const place = `${name}.${randomWord()}`;
    this.own = `.${place}.${this.#codeOf(place)}`;
  }

  /** Returns the locator in a session id; `null` if no node of this installation created it. */
  read(id: string): Locator | null {
    const match = /^[\w-]{22}\.(([\w-]{1,32})\.([\w-]{1,16}))\.([\w-]{16})$/.exec(id);
    if (match === null) return null;
    const [, place, node, incarnation, code] = match as unknown as readonly [string, string, string, string, string];
    return timingSafeEqual(Buffer.from(this.#codeOf(place)), Buffer.from(code)) ? { node, incarnation } : null;
  }

  /** Returns the node that created the session; `null` if this node created it or no node did. */
  elsewhere(id: string): string | null {
    const node = this.read(id)?.node;
    return node === undefined || node === this.#node ? null : node;
  }

  #codeOf(place: string): string {
    return createHmac('sha256', this.#secret).update(place).digest().subarray(0, MAC_BYTES).toString('base64url');
  }
}

/** Returns 48 random bits as 8 characters. */
function randomWord(): string {
  return randomBytes(6).toString('base64url');
}
