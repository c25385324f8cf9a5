import { sessionLimits } from '@everywire/protocol';
import {
  type ClientIo,
  type ClientLinkView,
  ClientSession,
  ClientStart,
  type Message,
  messageFromText,
  readRecord,
  type ServerRecord,
} from '@everywire/protocol/internal';
import { expect, it } from 'vitest';
import { isSound, someFields } from './hostile.js';
import { createRandom, type Random } from './random.js';

// A real client session receives random records and messages, as from a server that sends anything. The counts of a
// session (sent, written, acked, received, settled) must stay consistent.

/** Names of records that a server may send. Repeated names are more frequent. */
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

/** One client whose server sends arbitrary records. */
class Victim {
  now = 0;
  /** How often the session reported its end. */
  ended = 0;
  /** The client has two stages. The second one, `ClientSession`, takes over at a random step. */
  session: ClientStart | ClientSession;
  readonly #io: ClientIo;
  readonly #random: Random;
  /** Links that have reported their opening, which happens once for each link. */
  readonly #opened = new Set<ClientLinkView>();
  readonly #links: ClientLinkView[] = [];
  readonly #queue: Message[] = [];

  constructor(random: Random) {
    this.#random = random;
    const nothing = (): void => undefined;
    this.#io = {
      choose: () => {
        const kind = this.session instanceof ClientSession ? random.pick(kinds) : 'duplex';
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
      renew: () => undefined,
    };
    const start = new ClientStart(this.#io, { instance: 1 });
    this.session = random.chance(0.5) ? this.#adopt(start) : start;
    this.session.start(0);
  }

  /** Sends one random input to the session, and lets the application act at random. */
  step(): void {
    this.now += this.#random.below(300);
    this.#receive(this.#random.pick(this.#links));
    if (this.#random.chance(0.3)) this.session.send(messageFromText('y'));
    const settled = this.#random.chance(0.2) ? this.#queue.shift() : undefined;
    if (settled) this.session.consumed(settled);
    this.session.flush(this.now);
    if (this.session instanceof ClientSession) this.session.tick(this.now);
    else if (this.#random.chance(0.05)) this.session = this.#adopt(this.session);
  }

  #adopt(start: ClientStart): ClientSession {
    const session = ClientSession.adopt(start, this.#io, this.now);
    session.manager.requests.allow();
    return session;
  }

  /** Lets a link open, end, or receive a message or a record. */
  #receive(link: ClientLinkView): void {
    const { session, now } = this;
    const random = this.#random;
    const kind = random.below(8);
    if (kind === 0 && !this.#opened.has(link)) session.linkOpened(link, now, random.chance(0.5));
    if (kind === 0) this.#opened.add(link);
    if (kind === 1 && session instanceof ClientSession) session.linkEnded(link, random.chance(0.5), now);
    if (kind === 2) session.message(link, messageFromText('m'), now);
    if (kind < 3) return;
    const t = random.chance(0.02) ? 'closed' : random.pick(names);
    const record = readRecord({ ...someFields(random, session.flow), t, limits: sessionLimits });
    if (typeof record !== 'string') session.record(link, record as ServerRecord, now);
  }
}

it('[SN-3] a server that sends anything makes the client neither throw nor keep an unbounded number of links', () => {
  let ends = 0;
  for (let seed = 1; seed <= 2000; seed += 1) {
    const victim = new Victim(createRandom(seed));
    for (let step = 0; step < 80 && !victim.session.flow.done; step += 1) {
      victim.step();
      const { session } = victim;
      if (!session.flow.done) expect(isSound(session.flow)).toBe(true);
      if (session instanceof ClientSession) expect(session.manager.links.all.size).toBeLessThanOrEqual(12);
    }
    expect(victim.ended).toBe(victim.session.flow.done ? 1 : 0);
    ends += victim.ended;
  }
  expect(ends).toBeGreaterThan(1000);
});
