import {
  type Answers,
  type ConversationId,
  isKeyedCommand,
  isQuery,
  type Notice,
  type Query,
  type ServerEvent,
  type UserId,
} from '@everywire/chat';
import { ChatCore, coreLimits, type OutgoingRequest } from '@everywire/chat-client/internal';
import { MemoryStore } from '@everywire/store-memory';
import { StoreDriver } from '@everywire/testkit';
import { type Reply, ServerNode } from './server-node.js';
import { worldLimits } from './world-limits.js';

export const ann: UserId = 1;
export const bob: UserId = 2;

/**
 * A simulated device of Bob next to a store, for scenarios that run step by step. The scenario decides when the device's
 * requests are answered. `driver` runs commands of other users directly on the store.
 */
export class Table {
  store: MemoryStore;
  driver: StoreDriver;
  readonly core = new ChatCore({ me: bob, limits: { ...coreLimits, pageRows: 3 } });
  readonly #node = new ServerNode({
    store: () => this.store,
    limits: worldLimits,
    mintId: () => '0',
    users: [ann, bob],
    links: { publish: () => undefined, sendToNodes: () => undefined, onFault: () => undefined },
  });
  /** Answers that the device receives only at `release`. */
  #held: { readonly outgoing: OutgoingRequest; readonly reply: Reply }[] = [];

  constructor(epoch = '1') {
    this.store = new MemoryStore({ epoch, limits: worldLimits });
    this.driver = new StoreDriver(this.store, worldLimits);
  }

  /** Replaces the store, as after a restore of a backup. Time continues, and new ids differ from all earlier ones. */
  use(store: MemoryStore): void {
    this.store = store;
    const { now } = this.driver;
    this.driver = new StoreDriver(store, worldLimits);
    this.driver.pass(now);
    // More ids than a scenario uses before.
    for (let skipped = 0; skipped < 500; skipped += 1) this.driver.mintId();
  }

  /** Answers the device's requests until none is left. Holds the answers to requests of the name `late`. */
  async answer(late: Query['command'] | null = null): Promise<void> {
    for (let rounds = 0; rounds < 50; rounds += 1) {
      const requests = this.core.takeRequests();
      if (requests.length === 0) return;
      for (const outgoing of requests) {
        const reply = await this.#reply(outgoing);
        if (outgoing.request.command === late) this.#held.push({ outgoing, reply });
        else this.#give(outgoing, reply);
      }
    }
    throw new Error('no end of asking');
  }

  /** Delivers the held answers, as they were when held. */
  release(): void {
    for (const { outgoing, reply } of this.#held.splice(0)) this.#give(outgoing, reply);
  }

  /** Sends a message of Ann and returns its events. */
  async sent(conversation: ConversationId): Promise<readonly ServerEvent[]> {
    const command = { command: 'send', conversation, text: 'text', id: this.driver.mintId() } as const;
    const outcome = await this.driver.run(ann, command);
    return outcome.outcome === 'committed' ? eventsOf(outcome.notices) : [];
  }

  /** Returns the sequences that the device shows, in order. A gap is `null`. */
  rows(conversation: ConversationId): readonly (number | null)[] {
    return this.core.timeline(conversation).rows.map((row) => (row.type === 'gap' ? null : row.sequence));
  }

  async #reply({ request }: OutgoingRequest): Promise<Reply> {
    if (isQuery(request)) return this.#node.query(bob, request, this.driver.now);
    if (request.command === 'draft')
      return { ok: await this.driver.draft(bob, request.conversation, request.text, request.base) };
    if (!isKeyedCommand(request)) return { ok: {} };
    const outcome = await this.driver.run(bob, request);
    if (outcome.outcome === 'refused') throw new Error(`${request.command} was refused: ${outcome.code}`);
    return { ok: { ...outcome.result, epoch: await this.store.epoch() } as Answers[keyof Answers] };
  }

  #give({ token }: OutgoingRequest, reply: Reply): void {
    if ('ok' in reply) this.core.answered(token, reply.ok);
    else this.core.refused(token, 'busy', false);
  }
}

/**
 * Returns Bob's device, connected, with a group of Ann and Bob that has four messages: the service message of its
 * creation (sequence 1) and three texts. With `open`, the conversation is on screen.
 */
export async function seated(open: boolean): Promise<{ readonly table: Table; readonly id: ConversationId }> {
  const table = new Table();
  const id = await table.driver.group(ann, [bob]);
  await table.driver.sendMany(ann, id, 3);
  table.core.connected();
  if (open) table.core.open(id);
  await table.answer();
  return { table, id };
}

/** Returns the events of notices, without their recipients. */
export function eventsOf(notices: readonly Notice[]): readonly ServerEvent[] {
  return notices.map((notice) => notice.event);
}
