import { type Mutant, mutant } from './mutant.js';
import type { Profile } from './profile.js';

// Files in packages/protocol/src/session that the faults change, without `.ts`.
const load = 'body-load';
const size = 'body-size';
const partial = 'partial-message';
const incoming = 'incoming';
const delivery = 'delivery';

/** Bodies are limited to a small size, and are repeated, delayed and lost. */
const narrow: Partial<Profile> = {
  bodyBytesMax: 1500,
  bodyBytesUntil: Number.POSITIVE_INFINITY,
  bodyCut: false,
  only: 'stream',
  restless: false,
  duplicate: 0.3,
  lose: 0.05,
  late: 0.15,
  rollback: false,
  remove: false,
  handOver: 'never',
  blind: false,
  everyMs: 0,
  closeEarly: false,
  rateMs: 200,
};

/** Only one request at a time passes. */
const sole: Partial<Profile> = { ...narrow, bodyBytesMax: 0, duplicate: 0, lose: 0, late: 0, rateMs: 500, sole: true };

/** Faults of messages in parts, of the size of bodies, and of requests that wait for a connection. */
export const partMutants: readonly Mutant[] = [
  {
    ...mutant('SN-45 accepts a part beyond a gap', 300, partial, 'if (at > this.#held || end', 'if (end'),
    // A client that knows what is held sends no such part, except to a node that holds nothing of the message.
    profile: { ...narrow, handOver: 'sure', handOverMs: 60 },
  },
  {
    ...mutant(
      'SN-45 treats a repeated part as new',
      300,
      partial,
      'if (at > this.#held || end <= this.#held) return true;',
      '',
    ),
    profile: narrow,
  },
  {
    ...mutant(
      'SN-45 treats a late part as part of the next message',
      300,
      incoming,
      "const { first: number, of } = part;\n    if (number <= this.#received) return 'repeated';",
      'const { first: number, of } = part;',
    ),
    profile: narrow,
  },
  {
    ...mutant(
      'SN-45 accepts a message before it is complete',
      300,
      partial,
      'return this.#held === this.#of;',
      'return this.#held >= this.#of / 2;',
    ),
    profile: narrow,
  },
  {
    ...mutant(
      'SN-45 keeps held parts after the message arrives by another carrier',
      300,
      incoming,
      'this.#received = number;\n    this.#partial = null;',
      'this.#received = number;',
    ),
    profile: { ...narrow, only: undefined, restless: true },
  },
  {
    ...mutant(
      'SN-45 delivers a message in parts without counting it',
      300,
      delivery,
      'this.take({ in: record.first }, taking)',
      "(this.#deliver(taking), 'taken')",
    ),
    profile: narrow,
  },
  {
    ...mutant(
      'SN-45 skips a byte that the server does not hold',
      300,
      load,
      'peerHeld < of ? peerHeld : 0;',
      'peerHeld < of ? peerHeld + 1 : 0;',
    ),
    profile: narrow,
  },
  {
    ...mutant('SN-45 assumes that a blind part arrived', 300, load, 'blindHeld <= peerHeld;', 'true;'),
    profile: { ...narrow, blind: true },
  },
  {
    ...mutant(
      'SN-46 learns no size from a refusal',
      300,
      size,
      'this.#most = Math.max(LEAST_BYTES, this.#passed, Math.floor(bytes / (tooLarge || missed ? 2 : 8)));',
      '',
    ),
    profile: narrow,
  },
  {
    ...mutant(
      'SN-46 learns no size from a cut connection',
      300,
      size,
      'if (!tooLarge && !missed && this.#failures % 2 > 0) return;',
      'if (!tooLarge) return;',
    ),
    profile: { ...narrow, bodyCut: true },
  },
  {
    ...mutant(
      'SN-47 never ends a held request to free a connection',
      300,
      'link-manager',
      "if (current?.kind !== 'stream' && !current?.parked) return false;",
      'if (now >= 0) return false;',
    ),
    profile: sole,
  },
  {
    ...mutant(
      'SN-47 starts a held request while another request waits',
      300,
      'link-manager',
      'this.backoff.tryAt(this.#deadline(link));\n    return true;',
      'return true;',
    ),
    profile: sole,
  },
];
