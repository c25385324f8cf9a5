import type { TransportName } from '@everywire/client';
import { type CutHow, createRandom, type Fault, type SeededRandom } from '@everywire/testkit';
import { describe, expect, it } from 'vitest';
import { wideUnless } from '../lane.js';
import { asPromised, Conversation, TEST_TIMEOUT_MS } from './conversation.js';
import { MESSAGES_EACH_WAY } from './numbered-content.js';

/** `EVERYWIRE_SEED` runs only one seed. A repeated run differs a little, because it uses a real network and timers. */
const only = process.env['EVERYWIRE_SEED'];
const count = process.env['EVERYWIRE_LONG'] ? 400 : 16;
const seeds = only ? [Number(only)] : Array.from({ length: count }, (_, at) => at + 1);

const names: readonly TransportName[] = [
  'websocket',
  'tcp',
  'event-stream',
  'fetch-stream',
  'multipart-stream',
  'long-poll',
  'short-poll',
];
const hows: readonly CutHow[] = ['reset', 'end'];
const scopes: readonly object[] = [
  {},
  { only: 'websocket' },
  { only: 'http' },
  { path: '/up' },
  { path: '-stream' },
  { path: '-poll' },
];

/** Draws a fault of any kind. */
function anyFault(random: SeededRandom): Fault {
  const scope = random.pick(scopes);
  return random.pick<() => Fault>([
    () => ({
      kind: 'cut',
      how: random.pick(hows),
      afterBytes: random.below(4000),
      times: 1 + random.below(4),
      ...scope,
    }),
    () => ({ kind: 'cut', how: random.pick(hows), afterMs: random.below(60), times: 1 + random.below(4), ...scope }),
    () => ({ kind: 'refuse' }),
    () => ({ kind: 'silence', ...scope }),
    () => ({ kind: 'delay', ms: random.below(40), ...scope }),
    () => ({ kind: 'dribble', bytes: 1 + random.below(90), ...scope }),
    () => ({ kind: 'withhold' }),
    () => ({ kind: 'block-upgrade', how: random.pick(['forbid', 'strip']) }),
  ])();
}

/** Injects a fault for a while, mostly with a cut, so that it affects new connections. */
function misbehave(talk: Conversation, random: SeededRandom): void {
  const lift = talk.proxy.inject(anyFault(random));
  if (random.chance(0.6)) talk.proxy.cutNow(random.pick(hows));
  setTimeout(() => {
    lift();
    if (random.chance(0.3)) talk.proxy.cutNow(random.pick(hows));
  }, 20 + random.below(900));
}

/** Plans some faults and changes of transport at random moments of a conversation. */
function plan(talk: Conversation, random: SeededRandom): void {
  for (let left = 3 + random.below(5); left > 0; left--) {
    const messages = random.below(MESSAGES_EACH_WAY * 2 - 20);
    const act = random.chance(0.75)
      ? (): void => misbehave(talk, random)
      : (): void => talk.client.use(random.chance(0.2) ? null : random.pick(names));
    talk.at(messages, act);
  }
}

describe('a network with random faults', { timeout: TEST_TIMEOUT_MS }, () => {
  for (const seed of seeds) {
    it.concurrent(`[SN-1] [SN-2] a conversation survives random faults: seed ${seed}`, {
      tags: wideUnless(seed <= 4),
    }, async () => {
      const random = createRandom(seed);
      const talk = await Conversation.start(random.chance(0.5) ? names : [random.pick(names)]);
      try {
        plan(talk, random);
        await talk.finish();
        expect(talk.outcome).toEqual(asPromised);
      } finally {
        await talk.stop();
      }
    });
  }
});
