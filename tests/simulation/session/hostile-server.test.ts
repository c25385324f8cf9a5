import { sessionLimits } from '@everywire/protocol';
import {
  type ClientLinkView,
  ClientSession,
  createRequests,
  type Message,
  messageFromText,
  readRecord,
  type ServerRecord,
} from '@everywire/protocol/internal';
import { expect, it } from 'vitest';
import { isSound, someFields } from './hostile.js';
import { createRandom, type Random } from './random.js';

const names = [
  'opened',
  'opened',
  'attached',
  'attached',
  'answer',
  'ack',
  'ping',
  'pong',
  'probe',
  'superseded',
  'reset',
];
const kinds = ['duplex', 'stream', 'poll'] as const;

/** One client whose server says anything. */
class Victim {
  now = 0;
  ended = 0;
  readonly session: ClientSession;
  readonly #random: Random;
  readonly #links: ClientLinkView[] = [];
  readonly #queue: Message[] = [];

  constructor(random: Random) {
    this.#random = random;
    const nothing = (): void => undefined;
    this.session = new ClientSession(
      {
        choose: () => {
          const kind = random.pick(kinds);
          return { name: kind, kind };
        },
        connect: (link) => this.#links.push(link),
        writeRecord: nothing,
        writeMessages: nothing,
        end: nothing,
        deliver: (message) => this.#queue.push(message),
        ended: () => {
          this.ended += 1;
        },
        drain: nothing,
        changed: nothing,
        proven: nothing,
        failed: nothing,
        reset: nothing,
        schedule: nothing,
        timer: nothing,
        random,
        nonce: () => 'n',
        token: () => undefined,
      },
      { instance: 1, requests: createRequests },
    );
    this.session.start(0);
  }

  step(): void {
    this.now += this.#random.below(300);
    this.#hear(this.#random.pick(this.#links));
    if (this.#random.chance(0.3)) this.session.send(messageFromText('y'));
    const settled = this.#random.chance(0.2) ? this.#queue.shift() : undefined;
    if (settled) this.session.consumed(settled);
    this.session.flush(this.now);
    this.session.tick(this.now);
  }

  #hear(link: ClientLinkView): void {
    const { session, now } = this;
    const random = this.#random;
    const kind = random.below(8);
    if (kind === 0) session.linkOpened(link, now);
    if (kind === 1) session.linkEnded(link, random.chance(0.5), now);
    if (kind === 2) session.message(link, messageFromText('m'), now);
    if (kind < 3) return;
    const t = random.chance(0.02) ? 'closed' : random.pick(names);
    const record = readRecord({ ...someFields(random, session), t, limits: sessionLimits });
    if (typeof record !== 'string') session.record(link, record as ServerRecord, now);
  }
}

it('[SN-3] a server that says anything makes the client neither throw nor keep links without end', () => {
  let ends = 0;
  for (let seed = 1; seed <= 2000; seed += 1) {
    const victim = new Victim(createRandom(seed));
    const { session } = victim;
    for (let step = 0; step < 80 && !session.done; step += 1) {
      victim.step();
      if (!session.done) expect(isSound(session)).toBe(true);
      expect(session.links.size).toBeLessThanOrEqual(12);
    }
    expect(victim.ended).toBe(session.done ? 1 : 0);
    ends += victim.ended;
  }
  expect(ends).toBeGreaterThan(1000);
});
