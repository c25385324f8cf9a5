import { isDeepStrictEqual } from 'node:util';
import { type ChatClient, createChatClient, type Timeline } from '@everywire/chat-client';
import { createRandom, type SeededRandom } from '@everywire/testkit';
import type { Cluster } from './cluster.js';

/** The people of a cluster for random runs. */
export const people = ['ann', 'bob', 'cy', 'di', 'eve'];
/** The number of random actions in a run. */
const deeds = 25;

/** The most milliseconds that the next action waits for one that a fault holds up. */
const deedMs = 500;

/** The faults of a run. */
export interface Faults {
  /** Injects a random fault. */
  inject(random: SeededRandom): Promise<void>;
  /** Ends all faults. */
  end(): Promise<void>;
}

/** One random run, which the seed determines: people at three servers, and faults between or below the servers. */
export class RandomRun {
  readonly #random: SeededRandom;
  readonly #cluster: Cluster;
  readonly #faults: Faults;
  readonly #clients: ChatClient[] = [];
  #conversations: readonly number[] = [];
  #texts = 0;
  /** The actions that have not ended. */
  readonly #actions = new Set<Promise<void>>();

  private constructor(random: SeededRandom, cluster: Cluster, faults: Faults) {
    this.#random = random;
    this.#cluster = cluster;
    this.#faults = faults;
  }

  /** Opens a device of each person, and conversations. The cluster has three nodes and `people`. */
  static async start(seed: number, cluster: Cluster, faults: Faults): Promise<RandomRun> {
    const run = new RandomRun(createRandom(seed), cluster, faults);
    for (const person of people.keys()) run.#clients.push(await run.#join(person, person % 3));
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

  /** Performs random actions and injects faults. */
  async perform(): Promise<void> {
    for (let times = 0; times < deeds; times += 1) await this.#deed();
  }

  /** Performs one action of a person; a refusal, because they are no longer a member, is ignored. */
  async #deed(): Promise<void> {
    const random = this.#random;
    const client = random.pick(this.#clients);
    const conversation = random.pick(this.#conversations);
    const other = random.pick(this.#cluster.people).id;
    const roll = random.next();
    if (roll < 0.5) this.#send(client, conversation);
    else if (roll < 0.6) await this.#act(client.removeMember(conversation, other));
    else if (roll < 0.7) await this.#act(client.addMembers(conversation, [other]));
    else if (roll < 0.8) await this.#act(client.rename(conversation, `name ${this.#texts++}`));
    else if (roll < 0.9) client.openTimeline(conversation).markRead();
    else await this.#faults.inject(random);
  }

  /** Waits for an action, but not until a fault ends. */
  async #act(action: Promise<unknown>): Promise<void> {
    const ended: Promise<void> = action
      .then(
        () => undefined,
        () => undefined,
      )
      .finally(() => this.#actions.delete(ended));
    this.#actions.add(ended);
    await Promise.race([ended, new Promise((resolve) => setTimeout(resolve, deedMs))]);
  }

  #send(client: ChatClient, conversation: number): void {
    const entry = client.getSnapshot().conversations.find(({ id }) => id === conversation);
    if (entry?.member) client.openTimeline(conversation).send(`text ${this.#texts++}`);
  }

  /** Ends all faults and waits until everything that people wrote is committed. */
  async endFaults(): Promise<void> {
    await this.#faults.end();
    await Promise.all(this.#actions);
    const isSending = (client: ChatClient): boolean =>
      client.getSnapshot().conversations.some(({ preview }) => preview?.pending === true && preview.failed !== true);
    await until(() => !this.#clients.some(isSending) || 'still sending');
  }

  /** Waits until each person's device shows what a new device shows at another node. */
  async expectSame(): Promise<void> {
    const fresh = await Promise.all(people.map((_, person) => this.#join(person, (person + 1) % 3)));
    const devices = [...this.#clients];
    this.#clients.push(...fresh);
    const ids = this.#cluster.people.map(({ id }) => id);
    for (const person of people.keys()) {
      await until(() => {
        const [seen, shown] = [devices[person]!, fresh[person]!].map((client) => viewOf(client, ids));
        return isDeepStrictEqual(seen, shown) || `${JSON.stringify(seen)}\n${JSON.stringify(shown)}`;
      });
    }
  }

  /** Returns the texts that a device shows twice. */
  repeatedTexts(): readonly unknown[] {
    return this.#clients.flatMap((client) => {
      const { conversations } = client.getSnapshot();
      const texts = conversations.flatMap(({ id }) => rowsOf(client.openTimeline(id)).map(([, text]) => text));
      return texts.filter((text, at) => texts.indexOf(text) !== at);
    });
  }

  async stop(): Promise<void> {
    await Promise.all(this.#clients.map((client) => client.close()));
  }
}

/** Returns list, rows and people, without the state of the device itself. */
function viewOf(client: ChatClient, ids: readonly number[]): unknown {
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
    presence: ids.map((id) => client.presence(id).state),
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
function rowsOf(timeline: Timeline): readonly (readonly [sequence: number, text: string])[] {
  const { rows } = timeline.getSnapshot();
  for (const row of rows) if (row.type === 'gap') timeline.fillGap(row.key);
  return rows.flatMap((row) => (row.type === 'message' && row.sequence !== null ? [[row.sequence, row.text]] : []));
}
