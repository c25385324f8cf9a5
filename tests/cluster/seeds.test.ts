import { isDeepStrictEqual } from 'node:util';
import { type ChatClient, createChatClient, type Timeline } from '@everywire/chat-client';
import { createRandom, type SeededRandom } from '@everywire/testkit';
import { describe, expect, it } from 'vitest';
import { assertsFigures, wideUnless } from '../lane.js';
import { type Cluster, startCluster } from './cluster.js';

/*
 * Three chat servers over one store, with people on all of them, while messages between the servers are lost, late,
 * repeated and cut off. At the end every device shows what a new device would.
 */

const quickSeeds = 20;
const seeds = 200;
const names = ['ann', 'bob', 'cy', 'di', 'eve'];
/** Number of random actions in a run. */
const deeds = 25;
/** The most milliseconds after the last fault until all devices show the same. */
const sameWithinMs = 4_000;

/** One random run, which the seed determines. */
class Run {
  readonly #random: SeededRandom;
  readonly #cluster: Cluster;
  readonly #clients: ChatClient[] = [];
  #conversations: readonly number[] = [];
  #texts = 0;

  private constructor(random: SeededRandom, cluster: Cluster) {
    this.#random = random;
    this.#cluster = cluster;
  }

  static async start(seed: number): Promise<Run> {
    const run = new Run(createRandom(seed), await startCluster({ nodes: 3, people: names }));
    for (const person of names.keys()) run.#clients.push(await run.#join(person, person % 3));
    const [ann, bob] = run.#clients as [ChatClient, ChatClient];
    const others = run.#clients.slice(1).map((client) => client.getSnapshot().me.id);
    run.#conversations = [
      await ann.createGroup('small', others.slice(0, 2)),
      await ann.createGroup('large', others),
      await bob.createDirect(others[2]!),
    ];
    return run;
  }

  async #join(person: number, node: number): Promise<ChatClient> {
    const { id, name, token } = this.#cluster.people[person]!;
    const { url } = this.#cluster.nodes[node]!.place;
    const client = createChatClient({ url, me: { id, name, displayName: name }, token });
    await until(() => client.getSnapshot().connection.state === 'open' || 'not open');
    client.watchPresence(
      this.#cluster.people.map((each) => each.id),
      () => undefined,
    );
    return client;
  }

  /** Performs one action of a person; a refusal, because they are no longer a member, is ignored. */
  async deed(): Promise<void> {
    const random = this.#random;
    const client = random.pick(this.#clients);
    const conversation = random.pick(this.#conversations);
    const other = random.pick(this.#cluster.people).id;
    const roll = random.next();
    if (roll < 0.5) this.#send(client, conversation);
    else if (roll < 0.6) await client.removeMember(conversation, other).catch(() => undefined);
    else if (roll < 0.7) await client.addMembers(conversation, [other]).catch(() => undefined);
    else if (roll < 0.8) await client.rename(conversation, `name ${this.#texts++}`).catch(() => undefined);
    else if (roll < 0.9) client.openTimeline(conversation).markRead();
    else this.#fault();
  }

  #send(client: ChatClient, conversation: number): void {
    const entry = client.getSnapshot().conversations.find(({ id }) => id === conversation);
    if (entry?.member) client.openTimeline(conversation).send(`text ${this.#texts++}`);
  }

  /** Injects a fault into the messages between the nodes. */
  #fault(): void {
    const { broker } = this.#random.pick(this.#cluster.nodes);
    const replay = this.#random.chance(0.3);
    this.#random.pick([
      () => broker.lose(1 + this.#random.below(3)),
      () => broker.repeat(),
      () => broker.cut(),
      () => broker.repair({ replay }),
      () => broker.delay(),
      () => broker.takeUp(),
    ])();
  }

  /** Ends all faults and waits until everything that people wrote is committed. */
  async endFaults(): Promise<void> {
    for (const { broker } of this.#cluster.nodes) {
      broker.repair();
      broker.takeUp();
    }
    const isSending = (client: ChatClient): boolean =>
      client.getSnapshot().conversations.some(({ preview }) => preview?.pending === true && preview.failed !== true);
    await until(() => !this.#clients.some(isSending) || 'still sending');
  }

  /** Returns what each person's device shows, next to what a new device at another node shows. */
  async views(): Promise<readonly (readonly [seen: () => unknown, fresh: () => unknown])[]> {
    const fresh = await Promise.all(names.map((_, person) => this.#join(person, (person + 1) % 3)));
    this.#clients.push(...fresh);
    const people = this.#cluster.people.map(({ id }) => id);
    return names.map((_, person) => [
      () => viewOf(this.#clients[person]!, people),
      () => viewOf(fresh[person]!, people),
    ]);
  }

  async stop(): Promise<void> {
    await Promise.all(this.#clients.map((client) => client.close()));
    await this.#cluster.stop();
  }
}

/** Returns list, rows and people, without the state of the device itself. */
function viewOf(client: ChatClient, people: readonly number[]): unknown {
  const conversations = client.getSnapshot().conversations.toSorted((a, b) => a.id - b.id);
  return {
    conversations: conversations.map(({ id, title, memberCount, membersAt, role, unread, member, ended }) => ({
      id,
      title,
      memberCount,
      membersAt,
      role,
      unread,
      member,
      ended,
    })),
    rows: conversations.map(({ id }) => rowsOf(client.openTimeline(id))),
    presence: people.map((id) => client.presence(id).state),
  };
}

/** Polls, because other tests run at the same time. @throws Error with its last result */
async function until(holds: () => true | string): Promise<void> {
  const deadline = performance.now() + 60_000;
  for (let said = holds(); said !== true; said = holds()) {
    if (performance.now() > deadline) throw new Error(said);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

/** Returns the messages. A gap is filled as a page does when it is visible. */
function rowsOf(timeline: Timeline): unknown {
  const { rows } = timeline.getSnapshot();
  for (const row of rows) if (row.type === 'gap') timeline.fillGap(row.key);
  return rows.flatMap((row) => (row.type === 'message' && row.sequence !== null ? [[row.sequence, row.text]] : []));
}

const numbers = (from: number, to: number): readonly number[] =>
  Array.from({ length: to - from }, (_, at) => from + at);

describe.concurrent.each([
  { some: numbers(1, 1 + quickSeeds), quick: true },
  { some: numbers(1 + quickSeeds, 1 + seeds), quick: false },
])('three servers over one store, and faults between them', ({ some, quick }) => {
  const options = { timeout: 240_000, tags: wideUnless(quick) };

  it.each(some)(
    '[CH-16.2] [SN-26.6] every device finally shows what a new device shows: seed %i',
    options,
    async (seed) => {
      const run = await Run.start(seed);
      try {
        for (let times = 0; times < deeds; times += 1) await run.deed();
        await run.endFaults();
        const begun = performance.now();
        for (const [seen, fresh] of await run.views()) {
          await until(
            () => isDeepStrictEqual(seen(), fresh()) || `${JSON.stringify(seen())}\n${JSON.stringify(fresh())}`,
          );
        }
        if (assertsFigures) expect(performance.now() - begun).toBeLessThan(sameWithinMs);
      } finally {
        await run.stop();
      }
    },
  );
});
