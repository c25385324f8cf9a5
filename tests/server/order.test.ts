import type { WireSession } from '@everywire/server';
import { describe, expect, it } from 'vitest';
import { eventually, HandClient, listen } from './hand-client.js';

const ROOMS = ['x', 'y', 'z'];
const SESSIONS = 40;
const STEPS = 3_000;

/** Small, seeded, printed with a failure: the same run again. */
function createRandom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) | 0;
    return (state >>> 0) / 4_294_967_296;
  };
}

interface Member {
  readonly client: HandClient;
  readonly session: WireSession;
  rooms: readonly string[];
  readonly wanted: string[];
}

/**
 * What a benchmark passes over: order across several rooms, own sends among them, membership that changes in mid-turn,
 * readers that stand still. Each session must get exactly what was sent to it, in the order of the calls (SN-1, SN-27).
 */
describe('order', () => {
  it.each([1, 2, 3])('[SN-27] is that of the calls for every session, random run of seed %i', async (seed) => {
    const random = createRandom(seed);
    const opened: WireSession[] = [];
    const server = await listen({ limits: { heartbeatMs: 1_500 }, onSession: (session) => void opened.push(session) });
    const members: Member[] = [];
    for (let i = 0; i < SESSIONS; i++) {
      const client = await HandClient.join(server.port);
      const session = opened.at(-1) as WireSession;
      const rooms = ROOMS.filter((_, at) => (i % 8) & (1 << at));
      for (const room of rooms) session.join(room);
      members.push({ client, session, rooms, wanted: [] });
    }

    function publish(room: string, text: string, except?: Member): void {
      server.wire.publish(room, text, except === undefined ? {} : { except: except.session });
      for (const member of members) if (member !== except && member.rooms.includes(room)) member.wanted.push(text);
    }

    function change(member: Member): void {
      const room = ROOMS[Math.floor(random() * ROOMS.length)] as string;
      if (member.rooms.includes(room)) {
        member.session.leave(room);
        member.rooms = member.rooms.filter((other) => other !== room);
      } else {
        member.session.join(room);
        member.rooms = [...member.rooms, room];
      }
    }

    for (let step = 0; step < STEPS; step++) {
      const member = members[Math.floor(random() * SESSIONS)] as Member;
      const text = `${step} ${(random() < 0.05 ? 'é' : 'p').repeat(Math.floor(random() * 300))}`;
      const dice = random();
      if (dice < 0.3) {
        member.session.send(text);
        member.wanted.push(text);
      } else if (dice < 0.85) {
        publish(ROOMS[Math.floor(random() * ROOMS.length)] as string, text, random() < 0.2 ? member : undefined);
      } else if (dice < 0.95) {
        publish('x', text);
        publish('z', `${text} twice`);
      } else if (dice < 0.98) {
        change(member);
      } else {
        member.client.socket.pause();
        setTimeout(() => member.client.socket.resume(), random() * 100);
      }
      // Turns of different sizes: from one message to some dozens.
      if (random() < 0.1) await new Promise((resolve) => setImmediate(resolve));
    }
    for (const { client } of members) client.socket.resume();
    // A busy machine may not look like a fault: no link was ended, so nothing was repeated either.
    const cut = (): boolean => members.some(({ client }) => client.closeCode !== 0);
    await eventually(() => members.every(({ client, wanted }) => client.got.length >= wanted.length) || cut(), 20_000);
    expect(cut()).toBe(false);
    for (const { client, wanted } of members) expect(client.got).toEqual(wanted);
    // One more heartbeat: pings state the last number of each link, and the clients compare.
    const pings = members.map(({ client }) => client.records.filter((record) => record['t'] === 'ping').length);
    await eventually(() =>
      members.every(
        ({ client }, at) => client.records.filter((record) => record['t'] === 'ping').length > (pings[at] as number),
      ),
    );
    expect(server.wire.sessions()).toHaveLength(SESSIONS);
    await server.end();
  });
});
