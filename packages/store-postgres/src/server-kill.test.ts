import { createSecretKey, randomBytes } from 'node:crypto';
import { type ConversationId, chatLimits, type KeyedCommand, StoreError, type UserId } from '@everywire/chat';
import { createRandom, type DriverOutcome, type SeededRandom, StoreDriver } from '@everywire/testkit';
import { type PostgresServer, startPostgres } from '@everywire/testkit/postgres-server';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createPostgresStore, type PostgresStore } from './opening/postgres-store.js';

// Kills PostgreSQL again and again while two server nodes send messages, and then checks that the store has each
// acknowledged message once, and none that was refused with busy.

const commandKey = createSecretKey(randomBytes(32));
/** The number of kills. */
const kills = process.env['EVERYWIRE_LONG'] === '1' ? 50 : 5;
const people: readonly UserId[] = [1, 2, 3];
const senders = 24;
/** The fewest acknowledged sends between two kills. */
const sendsPerLife = 150;

/** A message whose sender got an answer. */
interface Acknowledged {
  readonly conversation: ConversationId;
  readonly sequence: number;
  readonly text: string;
}

interface Node {
  readonly store: PostgresStore;
  readonly driver: StoreDriver;
}

describe('a server that is killed', { tags: ['wide'] }, () => {
  let server: PostgresServer;
  beforeAll(async () => {
    server = await startPostgres({ max_connections: '60' });
  });
  afterAll(() => server?.stop());

  it(`[CH-1.1] loses no acknowledged command and executes none twice, over ${kills} kills with two nodes`, async () => {
    const seed = Date.now() % 1_000_000;
    const url = await server.createDatabase();
    const nodes: Node[] = [];
    for (const number of [1, 2]) {
      const store = await createPostgresStore({
        url,
        commandKey,
        onLimitsDiffer: (error) => {
          throw error;
        },
      });
      nodes.push({ store, driver: new StoreDriver(store, chatLimits, { firstId: number * 1e9 }) });
    }
    const random = createRandom(seed);
    const [first] = nodes as [Node, Node];
    const groups: ConversationId[] = [];
    for (let made = 0; made < 8; made += 1) groups.push(await first.driver.group(1, [2, 3]));
    const acknowledged: Acknowledged[] = [];
    const refused: string[] = [];
    const run = { nodes, groups, random, acknowledged, refused, isOver: false };
    const sending = Promise.all(Array.from({ length: senders }, () => sendOn(run)));
    for (let life = 0; life < kills; life += 1) {
      const enough = acknowledged.length + sendsPerLife;
      await expect.poll(() => acknowledged.length, { timeout: 60_000, interval: 5 }).toBeGreaterThan(enough);
      await server.killAndStart();
    }
    run.isOver = true;
    await sending;
    expect(acknowledged.length, `seed ${seed}`).toBeGreaterThan(kills * sendsPerLife);
    for (const group of groups) await check(nodes, group, run);
    for (const { store } of nodes) await store.close();
  }, 1_200_000);
});

interface Run {
  readonly nodes: readonly Node[];
  readonly groups: readonly ConversationId[];
  readonly random: SeededRandom;
  readonly acknowledged: Acknowledged[];
  /** The texts of sends that were refused with `busy`. */
  readonly refused: string[];
  isOver: boolean;
}

async function sendOn(run: Run): Promise<void> {
  const { nodes, groups, random, acknowledged, refused } = run;
  while (!run.isOver) {
    const conversation = random.pick(groups);
    const id = random.pick(nodes).driver.mintId();
    const command = { command: 'send', id, conversation, text: id } as const;
    const outcome = await untilAnswered(run, random.pick(people), command);
    if (outcome === 'busy') {
      refused.push(id);
      continue;
    }
    if (outcome.outcome === 'refused') throw new Error(`${outcome.code}`);
    const { sequence } = outcome.result as { readonly sequence: number };
    acknowledged.push({ conversation, sequence, text: id });
  }
}

/**
 * Runs a command at any node. When the answer is `busy`, nothing was changed; when it is `unknown`, repeats the command
 * until it is answered, as a client does.
 */
async function untilAnswered(
  { nodes, random }: Run,
  user: UserId,
  command: KeyedCommand,
): Promise<DriverOutcome | 'busy'> {
  for (let isFirst = true; ; isFirst = false) {
    try {
      return await random.pick(nodes).driver.run(user, command);
    } catch (error) {
      if (!(error instanceof StoreError) || !['busy', 'unknown'].includes(error.code)) throw error;
      await new Promise((resolve) => setTimeout(resolve, 20));
      if (isFirst && error.code === 'busy') return 'busy';
    }
  }
}

async function check(nodes: readonly Node[], group: ConversationId, { acknowledged, refused }: Run): Promise<void> {
  const [{ driver, store }] = nodes as [Node];
  const texts = new Map<number, string>();
  for (let after = 0; ; ) {
    const anchor = { at: 'after', sequence: after } as const;
    const page = await store.page(1, group, { anchor, limit: 100, check: null });
    if (page.outcome !== 'page') throw new Error(page.outcome);
    for (const { sequence, body } of page.rows) texts.set(sequence, body.kind === 'text' ? body.text : '');
    const reached = page.covers?.[1] ?? after;
    if (reached === after) break;
    after = reached;
  }
  expect([...texts.keys()]).toEqual(Array.from(texts, (_, at) => at + 1));
  const own = acknowledged.filter(({ conversation }) => conversation === group);
  expect(own.filter(({ sequence, text }) => texts.get(sequence) !== text)).toEqual([]);
  expect(refused.filter((text) => [...texts.values()].includes(text))).toEqual([]);
  // Every other command was repeated until it was answered, so the log has each text exactly once and no other.
  expect(texts.size - 1).toBe(own.length);
  expect(new Set(texts.values()).size).toBe(texts.size);
  for (const user of people) {
    const entry = await driver.entry(user, group);
    expect(entry).toMatchObject({ sequence: texts.size, count: own.length });
    expect(entry.unread + entry.sent).toBe(own.length);
  }
}
