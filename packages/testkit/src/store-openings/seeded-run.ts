import type { ConversationId, Entry, KeyedCommand, UserId } from '@everywire/chat';
import type { SeededRandom } from '../seeded-random.js';
import type { DriverOutcome, StoreDriver, Unkeyed } from '../store-driver.js';
import type { DrivenOpening, Openings } from './race.js';

/** The users of a run. */
export const people: readonly UserId[] = [1, 2, 3, 4, 5];
/** The owner of every group, who never leaves. */
export const OWNER: UserId = 1;
const STEPS = 150;
/** The most concurrent changes; above it, all of them are released. */
const UNDER_WAY_MAX = 24;

/** The result of one attempt of a command. */
export interface AnsweredCommand {
  readonly user: UserId;
  readonly command: KeyedCommand;
  readonly outcome: DriverOutcome;
}

/** A conversation list kept by cursor, like that of a device. */
export interface List {
  cursor: string | null;
  readonly entries: Map<ConversationId, Entry>;
}

/**
 * Runs random changes of a few conversations at two openings. Each change is held between its decision and its commit and released in random order. Records
 * what was acknowledged, but no expectations.
 */
export class SeededRun {
  readonly #openings: Openings;
  readonly #random: SeededRandom;
  readonly #underWay = new Set<Promise<unknown>>();
  readonly #failures: unknown[] = [];
  readonly #tried: (readonly [UserId, KeyedCommand])[] = [];
  readonly answered: AnsweredCommand[] = [];
  readonly conversations: Set<ConversationId> = new Set();
  /** The highest acknowledged read position by (person, conversation). */
  readonly reads: Map<string, number> = new Map();
  readonly #lists = new Map<UserId, List>(people.map((user) => [user, { cursor: null, entries: new Map() }]));
  readonly #heads = new Map<ConversationId, number>();
  #texts = 0;

  constructor(openings: Openings, random: SeededRandom) {
    this.#openings = openings;
    this.#random = random;
  }

  async run(): Promise<void> {
    const { driver, here, there } = this.#openings;
    for (const members of [[2], [2, 3], [2, 3, 4, 5]]) this.#learn(await driver.group(OWNER, members), 1);
    for (const { gate } of [here, there]) gate.hold();
    for (let step = 0; step < STEPS; step += 1) {
      this.#act(this.#random.pick([here, there]));
      await this.#letSomeGo();
      if (this.#random.chance(0.2)) await this.look(this.#random.pick(people), this.#random.pick([here, there]).driver);
    }
    await this.#letAllGo();
    if (this.#failures.length > 0) throw this.#failures[0];
  }

  /** Fetches the changes for this person since the last call, as a device does. */
  async look(user: UserId, driver: StoreDriver): Promise<List> {
    const list = this.#lists.get(user) as List;
    const answer = await driver.listAll(user, list.cursor);
    list.cursor = answer.cursor;
    for (const entry of answer.entries) list.entries.set(entry.conversation, entry);
    return list;
  }

  async #letSomeGo(): Promise<void> {
    const { here, there } = this.#openings;
    await Promise.all([here.rest(), there.rest()]);
    const { gate } = this.#random.pick([here, there]);
    if (this.#random.chance(0.7)) gate.commit(this.#random.below(Math.max(1, gate.count)));
    if (this.#underWay.size <= UNDER_WAY_MAX) return;
    await this.#letAllGo();
    for (const opening of [here, there]) opening.gate.hold();
  }

  async #letAllGo(): Promise<void> {
    for (const { gate } of [this.#openings.here, this.#openings.there]) gate.release();
    while (this.#underWay.size > 0) await Promise.all(this.#underWay);
  }

  #act(at: DrivenOpening): void {
    const random = this.#random;
    const [user, other] = [random.pick(people), random.pick(people)];
    const conversation = random.pick([...this.conversations]);
    const head = this.#heads.get(conversation) ?? 1;
    const sequence = 1 + random.below(head);
    const roll = random.next();
    if (roll < 0.3) this.#command(at, user, { command: 'send', conversation, text: `${this.#texts++}` });
    else if (roll < 0.4) this.#again(at);
    else if (roll < 0.54) this.#read(at, user, conversation, sequence);
    else if (roll < 0.58) this.#member(at.driver.delivered(user, conversation, sequence));
    else if (roll < 0.62) this.#command(at, user, { command: 'arrange', conversation, place: random.pick(places) });
    else if (roll < 0.68) this.#command(at, OWNER, { command: 'add', conversation, users: [other] });
    else if (roll < 0.73 && other !== OWNER) this.#command(at, OWNER, { command: 'remove', conversation, user: other });
    else if (roll < 0.76 && user !== OWNER) this.#command(at, user, { command: 'leave', conversation });
    else if (roll < 0.8 && user !== other) this.#command(at, user, { command: 'createDirect', peer: other });
    else this.#react(at, user, conversation, Math.max(1, head - random.below(2)));
  }

  #command(at: DrivenOpening, user: UserId, command: Unkeyed): void {
    const named = { ...command, id: at.driver.mintId() } as KeyedCommand;
    this.#tried.push([user, named]);
    this.#follow(user, named, at.driver.run(user, named));
  }

  /** Repeats a command at either opening, sometimes with its id but another text. */
  #again(at: DrivenOpening): void {
    if (this.#tried.length === 0) return;
    const [user, command] = this.#random.pick(this.#tried);
    const isOther = command.command === 'send' && this.#random.chance(0.3);
    const asked = isOther ? { ...command, text: `${this.#texts++}` } : command;
    this.#follow(user, asked, at.driver.run(user, asked));
  }

  #follow(user: UserId, command: KeyedCommand, running: Promise<DriverOutcome>): void {
    this.#note(
      running.then((outcome) => {
        this.answered.push({ user, command, outcome });
        if (outcome.outcome === 'refused') return;
        const named = { ...command, ...outcome.result };
        if ('conversation' in named) this.#learn(named.conversation, 'sequence' in named ? named.sequence : 1);
      }),
    );
  }

  #read(at: DrivenOpening, user: UserId, conversation: ConversationId, sequence: number): void {
    const name = `${user} ${conversation}`;
    const reading = at.driver.read(user, conversation, sequence);
    this.#member(
      reading.then(() => {
        this.reads.set(name, Math.max(sequence, this.reads.get(name) ?? 0));
      }),
    );
  }

  #react(at: DrivenOpening, user: UserId, conversation: ConversationId, sequence: number): void {
    const reacting = async (): Promise<void> => {
      const row = await at.driver.store.page(user, conversation, {
        anchor: { at: 'before', sequence: sequence + 1 },
        limit: 1,
        check: null,
      });
      const message = row.outcome === 'page' ? row.rows[0] : undefined;
      if (message === undefined) return;
      const named = { conversation, message: { sequence: message.sequence, id: message.id } };
      this.#command(at, user, { command: 'react', ...named, emoji: '🎣', set: this.#random.chance(0.9) });
    };
    this.#note(reacting());
  }

  /** Runs a change of a member's own row; ignores the rejection of a former member. */
  #member(running: Promise<unknown>): void {
    const refused = (error: unknown): void => {
      if (!(error instanceof Error && error.message.includes('was refused'))) throw error;
    };
    this.#note(running.catch(refused));
  }

  #note(running: Promise<unknown>): void {
    const noted = running
      .catch((error: unknown) => this.#failures.push(error))
      .finally(() => this.#underWay.delete(noted));
    this.#underWay.add(noted);
  }

  #learn(conversation: ConversationId, head: number): void {
    this.conversations.add(conversation);
    this.#heads.set(conversation, Math.max(head, this.#heads.get(conversation) ?? 1));
  }
}

const places = ['normal', 'pinned', 'archived'] as const;
