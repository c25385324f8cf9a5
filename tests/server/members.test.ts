import type { MembersChange, WireSession } from '@everywire/server';
import { afterEach, describe, expect, it } from 'vitest';
import { eventually, HandClient, type Listening, listen } from './hand-client.js';

let server: Listening;
let opened: WireSession[];
afterEach(() => server.end());

async function start(options: Parameters<typeof listen>[0] = {}): Promise<void> {
  opened = [];
  server = await listen({ onSession: (session) => void opened.push(session), ...options });
}

/** Opens sessions and returns them in the order of their serial numbers. */
async function sessions(count: number): Promise<readonly WireSession[]> {
  const before = opened.length;
  await Promise.all(Array.from({ length: count }, () => HandClient.join(server.port)));
  await eventually(() => opened.length === before + count);
  // They are confirmed in any order.
  return opened.slice(before).sort((a, b) => a.serial - b.serial);
}

const serials = (list: readonly { readonly session: WireSession }[]): number[] =>
  list.map(({ session }) => session.serial);

describe('the members of a topic', () => {
  it('members are counted and listed page by page, with claims and info, while others join and leave', async () => {
    await start({ authenticate: () => ({ subject: 'ann' }) });
    const all = await sessions(10);
    // Not in the order of their serials.
    for (const session of [...all].reverse()) session.join('room', { info: { seat: session.serial } });
    expect(server.wire.members('nowhere')).toEqual({ count: 0, members: [], next: null });
    const first = server.wire.members('room', { limit: 4 });
    expect([first.count, serials(first.members)]).toEqual([10, all.slice(0, 4).map((session) => session.serial)]);
    expect(first.members[0]).toMatchObject({ claims: { subject: 'ann' }, info: { seat: all[0]?.serial } });
    all[3]?.leave('room');
    all[1]?.leave('room');
    all[1]?.join('room', { info: 'again' });
    const second = server.wire.members('room', { after: first.next ?? 0, limit: 4 });
    const third = server.wire.members('room', { after: second.next ?? 0, limit: 4 });
    expect(serials([...second.members, ...third.members])).toEqual(all.slice(4).map((session) => session.serial));
    expect(third.next).toBeNull();
    expect(server.wire.members('room', { limit: 2 }).members[1]).toMatchObject({ info: 'again' });
  });

  it('a page of members is limited in size', async () => {
    await start({ limits: { membersPageMax: 3 } });
    for (const session of await sessions(5)) session.join('room');
    expect(server.wire.members('room', { limit: 100 }).members).toHaveLength(3);
    expect(server.wire.members('room').next).not.toBeNull();
  });

  it('changes of members are reported once per tick, without members who joined and left within it', async () => {
    await start();
    const changes: MembersChange[] = [];
    const stop = server.wire.watchMembers('room', (change) => changes.push(change));
    const [a, b, c] = (await sessions(3)) as [WireSession, WireSession, WireSession];
    a.join('room', { info: 1 });
    b.join('room');
    c.join('room');
    c.leave('room');
    await eventually(() => changes.length === 1);
    expect(changes[0]).toMatchObject({ count: 2, left: [], complete: true });
    expect(changes[0]?.joined.map(({ session, info }) => [session.serial, info])).toEqual([
      [a.serial, 1],
      [b.serial, undefined],
    ]);
    a.end('policy');
    await eventually(() => changes.length === 2);
    expect(changes[1]).toMatchObject({ count: 1, joined: [], left: [{ info: 1 }] });
    stop();
    c.join('room');
    server.wire.publish('room', 'x');
    await new Promise((done) => setImmediate(() => setImmediate(done)));
    expect(changes).toHaveLength(2);
  });

  it('changes of members above the limit are reported without names, and a listener that throws harms no one', async () => {
    await start({ limits: { memberChangesMax: 2, watchesMax: 1 } });
    const changes: MembersChange[] = [];
    server.wire.watchMembers('room', (change) => {
      changes.push(change);
      throw new Error('of the application');
    });
    expect(() => server.wire.watchMembers('room', () => undefined)).toThrow(
      expect.objectContaining({ code: 'watched' }),
    );
    expect(() => server.wire.watchMembers('x', () => undefined)).toThrow(
      expect.objectContaining({ code: 'too_many_watches' }),
    );
    for (const session of await sessions(4)) session.join('other');
    for (const session of opened) session.join('room');
    await eventually(() => changes.length === 1);
    expect(changes[0]).toMatchObject({ count: 4, complete: false });
    expect(changes[0]?.joined).toHaveLength(2);
    await eventually(() => server.notices.some(({ code }) => code === 'handler_failed'));
  });
});
