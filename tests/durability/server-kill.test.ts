import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { createRandom, type SeededRandom } from '@everywire/testkit';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { wideUnless } from '../lane.js';
import { LogInspection, unharmed } from './log-inspection.js';
import { Sender } from './sender.js';
import { ServerProcess } from './server-process.js';
import { within } from './within.js';

// Several users send messages while the server is killed again and again. No message may be lost or repeated.

/** Number of members of each group. */
const groupSize = 4;
/** Milliseconds between two messages of a user. */
const pauseMs = 50;
/** Number of kills in `npm test` and in `npm run test:all`. */
const rounds =
  process.env['EVERYWIRE_LONG'] === '1'
    ? [{ kills: 200, people: 20 }]
    : [
        { kills: 2, people: 8 },
        { kills: 10, people: 20 },
      ];
/** The deadline of each wait. Only a test that hangs takes this long. */
const deadlineMs = 600_000;

let data: string;
let server: ServerProcess;
let senders: readonly Sender[];

beforeEach(() => {
  data = mkdtempSync(join(tmpdir(), 'everywire-durability-'));
  server = new ServerProcess(data);
  senders = [];
});

afterEach(async () => {
  await Promise.all(senders.map((sender) => sender.close()));
  await server.kill();
  rmSync(data, { recursive: true });
}, 60_000);

/** Signs users in, with four transports in turn, and adds each to a direct conversation and a group. */
async function gather(people: number): Promise<ReadonlyMap<Sender, readonly number[]>> {
  senders = await Sender.joinMany(server.url, people);
  const places = new Map<Sender, number[]>(senders.map((sender) => [sender, []]));
  const addTo = (members: readonly Sender[], conversation: number): void => {
    for (const sender of members) places.get(sender)?.push(conversation);
  };
  for (let index = 0; index < people; index += 2) {
    const [first, second] = senders.slice(index, index + 2);
    if (first !== undefined && second !== undefined) addTo([first, second], await first.client.createDirect(second.id));
  }
  for (let index = 0; index < people; index += groupSize) {
    const [owner, ...others] = senders.slice(index, index + groupSize);
    if (owner === undefined) continue;
    const ids = others.map(({ id }) => id);
    addTo([owner, ...others], await owner.client.createGroup(`group ${index}`, ids));
  }
  for (const [sender, conversations] of places) for (const conversation of conversations) sender.open(conversation);
  return places;
}

function describeAll(): string {
  return [...senders.map((sender) => sender.describe()), server.lines].join('\n');
}

/** Lets all senders send until `stop` is aborted, whatever the server does. */
async function talk(places: ReadonlyMap<Sender, readonly number[]>, stop: AbortSignal): Promise<void> {
  while (!stop.aborted) {
    for (const [sender, conversations] of places) {
      // Unacknowledged messages wait on the device. A real user also stops after a hundred unanswered ones.
      const conversation = conversations[sender.sent.length % conversations.length];
      if (conversation !== undefined && sender.unacknowledged < 100) sender.send(conversation);
    }
    await delay(pauseMs);
  }
}

/**
 * Kills the server at a random instant: under load, during reconnection, at start, or while it saves its sessions to
 * stop.
 */
async function killOnce(random: SeededRandom): Promise<void> {
  await delay(random.below(1_500));
  const stopped = random.chance(0.4) ? server.stop() : Promise.resolve();
  if (random.chance(0.8)) await Promise.race([stopped, delay(random.below(150))]);
  await server.kill();
  await stopped;
  const damage = new LogInspection(join(data, 'everywire.sqlite')).damage(senders, false);
  expect(damage, server.lines).toEqual(unharmed);
  expect(server.lines).not.toContain('acknowledged_lost');
  const { started } = server.start();
  if (random.chance(0.2)) return; // Then the next kill may hit before the server is ready.
  await started;
  for (const sender of senders) sender.client.retryNow();
}

for (const { kills, people } of rounds) {
  const name = `[CH-1.1] [CH-1.2] ${people} senders lose and repeat no message in ${kills} kills`;
  it(name, { timeout: kills * 60_000 + 3 * deadlineMs, tags: wideUnless(kills === 2) }, async () => {
    const seed = Date.now() % 1_000_000;
    const random = createRandom(seed);
    await server.start().started;
    const places = await within(deadlineMs, 'gathering', gather(people), describeAll);
    const ending = new AbortController();
    const talking = talk(places, ending.signal);
    for (let kill = 1; kill <= kills; kill += 1) await killOnce(random);
    ending.abort();
    await talking;

    await server.kill();
    await server.start().started;
    for (const sender of senders) sender.client.retryNow();
    const drained = Promise.all(senders.map((sender) => sender.drained()));
    await within(deadlineMs, 'emptying the outboxes', drained, describeAll);
    const final = new LogInspection(join(data, 'everywire.sqlite'));
    const shown = [...places].flatMap(([sender, conversations]) =>
      conversations.map((id) => sender.showing(id, final.newest(id, 10))),
    );
    await within(deadlineMs, 'showing the newest messages', Promise.all(shown), describeAll);
    await server.stop();

    const log = new LogInspection(join(data, 'everywire.sqlite'));
    const sent = senders.reduce((sum, sender) => sum + sender.sent.length, 0);
    console.log(`seed ${seed}: ${kills + 1} kills, ${sent} sent, ${log.rows.length} in the log`);
    expect(log.damage(senders, true), `seed ${seed}\n${server.lines}`).toEqual(unharmed);
    expect(log.rows).toHaveLength(sent);
    expect(server.lines).not.toContain('acknowledged_lost');
  });
}
