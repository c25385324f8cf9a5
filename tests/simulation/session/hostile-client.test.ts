import {
  type Message,
  messageFromText,
  readRecord,
  type ServerLink,
  type ServerSession,
  SessionRegistry,
} from '@everywire/protocol/internal';
import { expect, it } from 'vitest';
import { isSound, someFields, someMessages, type Truth } from './hostile.js';
import { createRandom, type Random } from './random.js';

// A real server session receives random records and messages, as from a client that sends anything. The counts of a
// session (sent, written, acked, received, settled) must stay consistent.

/** Names of records that a client may send. Repeated names are more frequent. */
const names = ['attach', 'attach', 'body', 'from', 'ack', 'pong', 'ping', 'probe', 'hidden', 'fail'];
/** A link whose outputs are ignored. */
const io = { writeRecord: () => undefined, writeMessages: () => undefined, end: () => undefined };

/** One server session whose client sends arbitrary records. */
class Victim {
  now = 0;
  session!: ServerSession;
  /** The code of the session's verdict; `undefined` until it ends. */
  code: string | undefined;
  readonly #random: Random;
  readonly #queue: Message[] = [];
  readonly #links: ServerLink[] = [];
  readonly #registry = new SessionRegistry(
    { schedule: () => undefined, sooner: () => undefined, id: () => 'id' },
    { buffers: { bufferMessagesMax: 64 } },
  );

  constructor(random: Random) {
    this.#random = random;
    const post = this.#registry.link('post', 'post', io);
    this.#registry.open(post, { t: 'open', version: 2, nonce: 'n' }, [], (session) => this.#application(session), 0);
  }

  /** Sends one random input to the session, and lets the application act at random. */
  step(): void {
    this.now += this.#random.below(300);
    this.#receive();
    if (this.#random.chance(0.5)) this.session.send(messageFromText('y'));
    const settled = this.#random.chance(0.2) ? this.#queue.shift() : undefined;
    if (settled) this.session.consumed(settled);
    this.#registry.flush(this.now);
    this.session.tick(this.now);
  }

  #receive(): void {
    const random = this.#random;
    const kind = random.pick(['duplex', 'stream', 'poll', 'post'] as const);
    if (this.#links.length === 0 || random.chance(0.3)) this.#links.push(this.#registry.link(kind, kind, io));
    const link = random.pick(this.#links);
    if (random.chance(0.05)) {
      const open = { t: 'open', version: 2, nonce: 'n', instance: random.below(2) } as const;
      this.#registry.open(link, open, [], (session) => this.#application(session), this.now);
      return;
    }
    if (random.chance(0.3)) {
      link.message(messageFromText('m'), this.now);
      return;
    }
    const messages = random.chance(0.5) ? someMessages(random) : [];
    const record = readRecord({
      ...someFields(random, truthOf(this.session)),
      t: random.pick(names),
      count: messages.length,
    });
    if (typeof record === 'string') link.malformed(this.now);
    else link.record(record as Parameters<ServerLink['record']>[0], messages, this.now);
  }

  #application(session: ServerSession): ReturnType<Parameters<SessionRegistry['open']>[3]> {
    this.session = session;
    return {
      begun: () => undefined,
      confirmed: () => undefined,
      recall: () => [],
      token: () => undefined,
      deliver: (message) => this.#queue.push(message),
      ended: ({ code }) => {
        this.code = code;
      },
      drain: () => undefined,
      changed: () => undefined,
    };
  }
}

/** Returns the counts of the session. */
function truthOf({ flow }: ServerSession): Truth {
  const { sent, written, acked } = flow.outgoing;
  const { received, settled } = flow.incoming;
  return { sent, written, acked, received, settled };
}

it('[SN-3] [SN-22] a client that sends anything makes the server neither throw nor exceed its limits', () => {
  const codes = new Set<string | undefined>();
  for (let seed = 1; seed <= 2000; seed += 1) {
    const victim = new Victim(createRandom(seed));
    const { session } = victim;
    for (let step = 0; step < 60 && !session.done; step += 1) {
      victim.step();
      if (!session.done) expect(isSound(truthOf(session))).toBe(true);
      expect(session.links.old.length).toBeLessThanOrEqual(4);
    }
    codes.add(victim.code);
  }
  expect(codes).toContain('lost');
});
