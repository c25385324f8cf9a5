import type { WireSession } from '@everywire/server';
import { describe, expect, it } from 'vitest';
import { eventually, HandClient, type Listening, listen } from './hand-client.js';

// Many sessions in several rooms (topics) receive direct messages and publications. Each must receive them in the order of
// the calls.

const ROOMS = ['x', 'y', 'z'];
const SESSIONS = 40;
const STEPS = 3_000;

/** A small seeded generator, whose seed is printed with a failure, so that the run can be repeated. */
function createRandom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) | 0;
    return (state >>> 0) / 4_294_967_296;
  };
}

/** A session with its client. `wanted` has the messages that it must receive. */
interface Member {
  readonly client: HandClient;
  readonly session: WireSession;
  rooms: readonly string[];
  readonly wanted: string[];
}

/** One random run. Each step sends, publishes, changes a membership, or pauses a reader. */
class Run {
  readonly members: Member[] = [];
  readonly #server: Listening;
  readonly #random: () => number;

  constructor(server: Listening, random: () => number) {
    this.#server = server;
    this.#random = random;
  }

  async enter(session: () => WireSession, rooms: readonly string[]): Promise<void> {
    const client = await HandClient.join(this.#server.port);
    const member = { client, session: session(), rooms, wanted: [] };
    for (const room of rooms) member.session.join(room);
    this.members.push(member);
  }

  /** Performs one random step. */
  step(number: number): void {
    const member = this.#pick(this.members);
    const text = `${number} ${(this.#random() < 0.05 ? 'é' : 'p').repeat(Math.floor(this.#random() * 300))}`;
    const dice = this.#random();
    if (dice < 0.3) this.#send(member, text);
    else if (dice < 0.85) this.#publish(this.#pick(ROOMS), text, this.#random() < 0.2 ? member : undefined);
    else if (dice < 0.95) this.#publishTwice(text);
    else if (dice < 0.98) this.#change(member, this.#pick(ROOMS));
    else this.#pause(member);
  }

  #pick<T>(list: readonly T[]): T {
    return list[Math.floor(this.#random() * list.length)] as T;
  }

  #send(member: Member, text: string): void {
    member.session.send(text);
    member.wanted.push(text);
  }

  #publish(room: string, text: string, except?: Member): void {
    this.#server.wire.publish(room, text, except === undefined ? {} : { except: except.session });
    for (const member of this.members) if (member !== except && member.rooms.includes(room)) member.wanted.push(text);
  }

  #publishTwice(text: string): void {
    this.#publish('x', text);
    this.#publish('z', `${text} twice`);
  }

  /** Lets a member join or leave a room. Publications of earlier calls in the same tick are for the members at that time. */
  #change(member: Member, room: string): void {
    const isIn = member.rooms.includes(room);
    if (isIn) member.session.leave(room);
    else member.session.join(room);
    member.rooms = isIn ? member.rooms.filter((other) => other !== room) : [...member.rooms, room];
  }

  #pause(member: Member): void {
    member.client.socket.pause();
    setTimeout(() => member.client.socket.resume(), this.#random() * 100);
  }
}

/**
 * Cases that benchmarks skip: order across several rooms, with direct sends among them, membership that changes within
 * a tick, and readers that pause. Each session must get exactly what was sent to it, in the order of the calls (SN-1,
 * SN-27).
 */
describe('order', () => {
  it.concurrent.each([1, 2, 3])(
    '[SN-27.1] every session receives in the order of the calls, random run of seed %i',
    async (seed) => {
      const random = createRandom(seed);
      const opened: WireSession[] = [];
      const server = await listen({
        // No heartbeat falls into the run, so that a busy machine cannot end a link.
        limits: { heartbeatMs: 600_000 },
        onSession: (session) => void opened.push(session),
      });
      const run = new Run(server, random);
      for (let i = 0; i < SESSIONS; i++) {
        const rooms = ROOMS.filter((_, at) => (i % 8) & (1 << at));
        await run.enter(() => opened.at(-1) as WireSession, rooms);
      }
      for (let step = 0; step < STEPS; step++) {
        run.step(step);
        // Ticks of different sizes: from one message to some dozens.
        if (random() < 0.1) await new Promise((resolve) => setImmediate(resolve));
      }
      const { members } = run;
      for (const { client } of members) client.socket.resume();
      await eventually(() => members.every(({ client, wanted }) => client.got.length >= wanted.length));
      for (const { client, wanted } of members) expect(client.got).toEqual(wanted);
      // Each pong states the number of the last message on its link, as the server counts.
      for (const { client } of members) client.record({ t: 'ping', at: 0, ...client.counts.block });
      for (const { client, wanted } of members) expect(await client.heard('pong')).toMatchObject({ at: wanted.length });
      expect(server.wire.sessions()).toHaveLength(SESSIONS);
      await server.end();
    },
  );
});
