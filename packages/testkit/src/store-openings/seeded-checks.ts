import type { ConversationId, KeyedCommand, Message, UserId } from '@everywire/chat';
import { expect } from 'vitest';
import type { StoreDriver } from '../store-driver.js';
import type { Openings } from './race.js';
import { OWNER, people, type SeededRun } from './seeded-run.js';

/** Checks that every acknowledged change exists once, and that every count equals a recount. */
export async function checkSeededRun(run: SeededRun, openings: Openings): Promise<void> {
  const committed = checkAnswers(run);
  const { driver } = openings;
  for (const conversation of run.conversations) {
    const members = await membersOf(driver, conversation);
    const rows = await rowsOf(driver, members[0] ?? OWNER, conversation);
    checkLog(rows, conversation, committed);
    checkReactions(run, rows, conversation);
    for (const user of members) await checkMember(run, openings, { conversation, user, rows, members });
  }
  await checkDirects(run, driver);
  for (const user of people) {
    const seen = [...(await run.look(user, openings.here.driver)).entries.values()];
    const fresh = (await openings.there.driver.listAll(user, null)).entries;
    const byId = (a: { conversation: number }, b: { conversation: number }): number => a.conversation - b.conversation;
    expect([user, seen.toSorted(byId)]).toEqual([user, fresh.toSorted(byId)]);
  }
}

type Committed = ReadonlyMap<string, { readonly command: KeyedCommand; readonly result: object }>;

/** Checks that each command was executed at most once and that all its results are equal (CH-18). */
function checkAnswers({ answered }: SeededRun): Committed {
  const committed = new Map<string, { readonly command: KeyedCommand; readonly result: object }>();
  for (const { user, command, outcome } of answered) {
    if (outcome.outcome !== 'committed') continue;
    const name = `${user} ${command.id}`;
    expect([name, committed.get(name)]).toEqual([name, undefined]);
    committed.set(name, { command, result: outcome.result });
  }
  for (const { user, command, outcome } of answered) {
    const known = committed.get(`${user} ${command.id}`);
    if (outcome.outcome === 'repeated') expect({ command, result: outcome.result }).toEqual(known);
    if (outcome.outcome === 'refused' && outcome.code === 'id_reused') {
      expect(known).toBeDefined();
      expect(known?.command).not.toEqual(command);
    }
  }
  return committed;
}

function checkLog(rows: readonly Message[], conversation: ConversationId, committed: Committed): void {
  expect(rows.map(({ sequence }) => sequence)).toEqual(rows.map((_, at) => at + 1));
  const sent = new Map<UserId, number>();
  let ordinal = 0;
  for (const row of rows) {
    if (row.body.kind !== 'service') {
      ordinal += 1;
      sent.set(row.sender, (sent.get(row.sender) ?? 0) + 1);
      expect([row.sequence, row.senderOrdinal]).toEqual([row.sequence, sent.get(row.sender)]);
    }
    expect([row.sequence, row.ordinal]).toEqual([row.sequence, ordinal]);
  }
  const said = rows.flatMap(({ sequence, body }) => (body.kind === 'text' ? [[sequence, body.text]] : []));
  const acknowledged = [...committed.values()].flatMap(({ command, result }) =>
    command.command === 'send' && command.conversation === conversation && 'sequence' in result
      ? [[Number(result.sequence), command.text] as const]
      : [],
  );
  expect(said).toEqual(acknowledged.toSorted(([a], [b]) => a - b));
}

/** Checks that a reaction that was only ever set exists, and that one that was only ever removed does not. */
function checkReactions({ answered }: SeededRun, rows: readonly Message[], conversation: ConversationId): void {
  const wanted = new Map<string, Set<boolean>>();
  for (const { user, command, outcome } of answered) {
    if (outcome.outcome !== 'committed' || command.command !== 'react' || command.conversation !== conversation)
      continue;
    const name = `${command.message.sequence} ${user}`;
    wanted.set(name, (wanted.get(name) ?? new Set()).add(command.set));
  }
  const there = new Set(
    rows.flatMap(({ sequence, reactions = [] }) =>
      reactions.flatMap(({ users }) => users.map((user) => `${sequence} ${user}`)),
    ),
  );
  for (const [name, [set, another]] of wanted)
    if (another === undefined) expect([name, there.has(name)]).toEqual([name, set]);
}

interface Place {
  readonly conversation: ConversationId;
  readonly user: UserId;
  readonly rows: readonly Message[];
  readonly members: readonly UserId[];
}

async function checkMember(run: SeededRun, openings: Openings, { conversation, user, rows, members }: Place) {
  const entry = await openings.driver.entry(user, conversation);
  for (const { driver } of [openings.here, openings.there])
    expect(await driver.entry(user, conversation)).toEqual(entry);
  const counting = rows.filter(({ body }) => body.kind !== 'service');
  const ofOthers = counting.filter(({ sender, sequence }) => sender !== user && sequence > entry.read);
  const own = counting.filter(({ sender }) => sender === user);
  expect([conversation, user, entry]).toMatchObject([
    ...[conversation, user],
    {
      sequence: rows.length,
      count: counting.length,
      sent: own.length,
      unread: ofOthers.length,
      memberCount: members.length,
    },
  ]);
  expect(entry.modification).toBeGreaterThanOrEqual(Math.max(...rows.map(({ modification }) => modification)));
  expect(entry.read).toBeGreaterThanOrEqual(run.reads.get(`${user} ${conversation}`) ?? 0);
}

/** Checks that two people share one direct conversation. */
async function checkDirects({ conversations }: SeededRun, driver: StoreDriver): Promise<void> {
  const pairs: string[] = [];
  for (const conversation of conversations) {
    const [one] = await membersOf(driver, conversation);
    const { kind, peer } = await driver.entry(one ?? OWNER, conversation);
    if (kind === 'direct') pairs.push(`${one} ${peer?.user}`);
  }
  expect(pairs).toEqual([...new Set(pairs)]);
}

async function membersOf(driver: StoreDriver, conversation: ConversationId): Promise<readonly UserId[]> {
  const entries = await Promise.all(
    people.map(async (user) => ({ user, entry: (await driver.store.entry(user, conversation)).entry })),
  );
  return entries.filter(({ entry }) => entry?.member === true).map(({ user }) => user);
}

async function rowsOf(driver: StoreDriver, user: UserId, conversation: ConversationId): Promise<readonly Message[]> {
  const rows: Message[] = [];
  for (let after = 0; ; ) {
    const page = await driver.page(user, conversation, { anchor: { at: 'after', sequence: after }, limit: 100 });
    rows.push(...page.rows);
    const reached = page.covers?.[1] ?? after;
    if (reached === after) return rows;
    after = reached;
  }
}
