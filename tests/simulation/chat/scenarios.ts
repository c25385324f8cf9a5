import type { ConversationId, Query, UserId } from '@everywire/chat';
import { ChatCore, coreLimits, type Outgoing } from '@everywire/chat-client/internal';
import { MemoryStore } from '@everywire/store-memory';
import { StoreDriver } from '@everywire/testkit';
import { type Reply, ServerNode } from './server-node.js';
import { worldLimits } from './world-limits.js';

const [ann, bob]: readonly UserId[] = [1, 2];

/**
 * What random runs meet too seldom: each is one exchange, step by step, and answers what went wrong, nothing for nothing.
 */
export const scenarios: Readonly<Record<string, () => Promise<readonly string[]>>> = {
  'a history that went another way under the same epoch': otherHistory,
  'a page that is late for a former member': latePage,
  'an event of another epoch': otherEpoch,
  'an entry that is late': lateEntry,
  'a list that began anew': limitedList,
  'an entry older than the list that began anew': entryBeforeReset,
};

/** One device beside a store, with every answer given by hand. */
class Table {
  store: MemoryStore;
  driver: StoreDriver;
  readonly core = new ChatCore({ me: bob ?? 0, limits: { ...coreLimits, pageRows: 3 } });
  readonly #node = new ServerNode({ limits: worldLimits, mintId: () => '0', users: [] });
  #held: { readonly outgoing: Outgoing; readonly reply: Reply }[] = [];

  constructor(epoch = '1') {
    this.store = new MemoryStore({ epoch, limits: worldLimits });
    this.driver = new StoreDriver(this.store, worldLimits);
  }

  use(store: MemoryStore): void {
    this.store = store;
    const { now } = this.driver;
    this.driver = new StoreDriver(store, worldLimits);
    this.driver.pass(now);
    for (let burnt = 0; burnt < 500; burnt += 1) this.driver.mintId();
  }

  /** Answers everything, again and again, but holds back the answers to `late`. */
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

  /** What was held back arrives, as it was answered then. */
  release(): void {
    for (const { outgoing, reply } of this.#held.splice(0)) this.#give(outgoing, reply);
  }

  rows(conversation: ConversationId): readonly (number | null)[] {
    return this.core.timeline(conversation).rows.map((row) => (row.type === 'gap' ? null : row.sequence));
  }

  async #reply({ request }: Outgoing): Promise<Reply> {
    if (request.command === 'watch') return { ok: {} };
    return this.#node.query(this.store, bob ?? 0, request as Query);
  }

  #give({ token }: Outgoing, reply: Reply): void {
    if ('ok' in reply) this.core.answered(token, reply.ok);
    else this.core.refused(token, 'busy', false);
  }
}

/** Bob knows of a conversation, and has it open where `open`. */
async function seated(open: boolean): Promise<{ readonly table: Table; readonly id: ConversationId }> {
  const table = new Table();
  const id = await table.driver.group(ann ?? 0, [bob ?? 0]);
  await table.driver.sendMany(ann ?? 0, id, 3);
  table.core.connected();
  if (open) table.core.open(id);
  await table.answer();
  return { table, id };
}

/** CH-26: the epoch was copied along, the sequences agree, and only the id of the last message tells. */
async function otherHistory(): Promise<readonly string[]> {
  const { table, id } = await seated(true);
  const backup = table.store.backup();
  await table.driver.sendMany(ann ?? 0, id, 2);
  table.core.resume();
  await table.answer();
  table.core.disconnected();
  table.use(new MemoryStore({ epoch: '1', limits: worldLimits, backup }));
  await table.driver.sendMany(ann ?? 0, id, 8);
  table.core.connected();
  await table.answer();
  for (let pages = 0; pages < 10; pages += 1) {
    const gap = table.core.timeline(id).rows.find((row) => row.type === 'gap');
    if (gap === undefined) table.core.loadOlder(id);
    else table.core.fillGap(id, gap.low);
    await table.answer();
  }
  const shown = table.core.timeline(id).rows.map((row) => row.key);
  const page = await table.driver.page(bob ?? 0, id);
  const wanted = page.rows.map((row) => `${row.sender}-${row.commandId}`);
  return shown.join() === wanted.join() ? [] : [`CH-26: shows ${shown.slice(-8)}, not ${wanted.slice(-8)}`];
}

/** CH-11: the page was read while a member, and arrives when it is known that this has ended. */
async function latePage(): Promise<readonly string[]> {
  const { table, id } = await seated(true);
  await table.driver.sendMany(ann ?? 0, id, 3);
  table.core.resume();
  await table.answer('page');
  await table.driver.remove(ann ?? 0, id, bob ?? 0);
  table.core.resume();
  await table.answer();
  table.release();
  const rows = table.core.store()?.logs.flatMap((log) => log.rows) ?? [];
  return rows.length === 0 ? [] : [`CH-11: a former member keeps ${rows.length} rows`];
}

/** CH-25: whatever brings another epoch ends everything held, at once. */
async function otherEpoch(): Promise<readonly string[]> {
  const { table, id } = await seated(true);
  table.core.applyEvent({ event: 'own', epoch: '2', conversation: id, revision: 99 }, 0);
  const kept = table.core.entries().length + table.rows(id).length;
  return kept === 0 ? [] : [`CH-25: ${kept} entries and rows of a lost history are shown`];
}

/** CH-11: an entry that is lower in its version than the one held says nothing. */
async function lateEntry(): Promise<readonly string[]> {
  const { table, id } = await seated(true);
  table.core.applyEvent({ event: 'own', epoch: '1', conversation: id, revision: 99 }, 0);
  await table.answer('entry');
  await table.driver.send(ann ?? 0, id);
  table.core.resume();
  await table.answer();
  table.release();
  const [shown] = table.core.entries();
  return shown?.entry.sequence === 5 ? [] : [`CH-11: the entry went back to ${shown?.entry.sequence}`];
}

/** So much that the next list begins anew. */
async function others(table: Table): Promise<void> {
  for (let index = 0; index <= worldLimits.listChangedMax; index += 1) {
    table.driver.pass(10);
    await table.driver.group(ann ?? 0, [bob ?? 0]);
  }
}

/** CH-15: what a limited list leaves out may be anything by now, so it is not shown. */
async function limitedList(): Promise<readonly string[]> {
  const { table, id } = await seated(false);
  await table.driver.send(ann ?? 0, id);
  await others(table);
  table.core.resume();
  await table.answer();
  const shown = table.core.entries().find(({ entry }) => entry.conversation === id);
  return shown === undefined || shown.entry.sequence === 5 ? [] : [`CH-15: the entry is at ${shown.entry.sequence}`];
}

/** CH-15: an entry read before the list began anew may be older than the cursor, so it is asked for again. */
async function entryBeforeReset(): Promise<readonly string[]> {
  const { table, id } = await seated(false);
  table.core.applyEvent({ event: 'own', epoch: '1', conversation: id, revision: 99 }, 0);
  await table.answer('entry');
  await table.driver.send(ann ?? 0, id);
  await others(table);
  table.core.resume();
  await table.answer('entry');
  table.release();
  await table.answer();
  const shown = table.core.entries().find(({ entry }) => entry.conversation === id);
  return shown?.entry.sequence === 5 ? [] : [`CH-15: the entry is at ${shown?.entry.sequence}`];
}
