import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';

/** Which node of an installation this is, and the key all its nodes share. */
export interface NodeIdentity {
  /** 1 to 32 letters, digits, `-` or `_`; no other node has it. */
  readonly name: string;
  /** At least 16 bytes. Who has it can make a locator; it is no key to any session. */
  readonly secret: string | Uint8Array;
}

/** Where a session was made: the part of its id behind the secret. No address: which one the node has is nobody's affair (SN-20). */
interface Locator {
  readonly node: string;
  /** Of the process: a node that was started again has another. */
  readonly incarnation: string;
}

/** Bytes of the code behind it: enough that nobody makes one by trying. */
const MAC_BYTES = 12;

/** Writes this node's locator, and reads those of its installation. */
export class Locators {
  /** What stands behind the secret in every id given here: `.node.incarnation.code`. */
  readonly own: string;
  readonly #node: string;
  readonly #secret: string | Uint8Array;

  /** @throws TypeError for a name or a secret that is none. */
  constructor({ name, secret }: NodeIdentity = { name: randomWord(), secret: randomBytes(32) }) {
    if (!/^[\w-]{1,32}$/.test(name)) throw new TypeError('node.name: 1 to 32 letters, digits, - or _');
    if (Buffer.byteLength(secret) < 16) throw new TypeError('node.secret: at least 16 bytes');
    this.#node = name;
    this.#secret = secret;
    const place = `${name}.${randomWord()}`;
    this.own = `.${place}.${this.#codeOf(place)}`;
  }

  /** Where the session of this id was made; `null` where nobody of this installation gave it out. */
  read(id: string): Locator | null {
    const match = /^[\w-]{22}\.(([\w-]{1,32})\.([\w-]{1,16}))\.([\w-]{16})$/.exec(id);
    if (match === null) return null;
    const [, place, node, incarnation, code] = match as unknown as readonly [string, string, string, string, string];
    return timingSafeEqual(Buffer.from(this.#codeOf(place)), Buffer.from(code)) ? { node, incarnation } : null;
  }

  /** The other node that made it; `null` where none did. */
  elsewhere(id: string): string | null {
    const node = this.read(id)?.node;
    return node === undefined || node === this.#node ? null : node;
  }

  #codeOf(place: string): string {
    return createHmac('sha256', this.#secret).update(place).digest().subarray(0, MAC_BYTES).toString('base64url');
  }
}

/** 48 bits, 8 characters. */
function randomWord(): string {
  return randomBytes(6).toString('base64url');
}
