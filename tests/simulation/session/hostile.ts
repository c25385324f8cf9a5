import { type Message, messageFromText } from '@everywire/protocol/internal';
import type { Random } from './random.js';

/** The counts of messages at one end of a session. A hostile peer sends false ones. */
export interface Truth {
  readonly sent: number;
  readonly written: number;
  readonly acked: number;
  readonly received: number;
  readonly settled: number;
}

/** Returns the fields of all records, with numbers that are near the true counts, far from them, or no numbers. */
export function someFields(random: Random, truth: Truth): Record<string, unknown> {
  const near = [truth.sent, truth.written, truth.acked, truth.received, truth.settled];
  const number = (): unknown => {
    if (random.chance(0.05)) return random.pick([-1, 1.5, Number.NaN, undefined, '5', null, 2 ** 53]);
    return random.pick([0, 1, 2, 17, 1e9, Number.MAX_SAFE_INTEGER, ...near, ...near.map((value) => value + 1)]);
  };
  return {
    id: random.chance(0.9) ? 'id' : 'other',
    n: random.chance(0.5) ? 1 + random.below(9) : number(),
    instance: random.below(2),
    first: number(),
    at: number(),
    no: number(),
    pad: 'x',
    topic: 'news',
    hidden: random.chance(0.5),
    same: random.chance(0.9),
    clean: random.chance(0.5),
    code: random.pick(['closed', 'unconfirmed', 'lost']),
    ack: number(),
    received: number(),
    seen: number(),
    sent: number(),
    sum: random.chance(0.5) ? 0 : number(),
    ...(random.chance(0.02) && { last: number() }),
  };
}

/** Returns up to 29 messages of up to 1,999 bytes. */
export function someMessages(random: Random): readonly Message[] {
  return Array.from({ length: random.below(30) }, () => messageFromText('x'.repeat(random.below(2000))));
}

/** Returns whether the counts are consistent. 256 is the default window, that is, the most messages in flight. */
export function isSound({ sent, written, acked, received, settled }: Truth): boolean {
  return acked <= written && written <= sent && settled <= received && received - settled <= 256;
}
