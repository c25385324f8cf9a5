import type { ConversationId, Entry, UserId } from '@everywire/chat';
import { describe, expect, it } from 'vitest';
import { LogModel } from './log-model.js';
import { createRandom, type SeededRandom } from './seeded-random.js';
import type { StoreDriver } from './store-driver.js';
import type { OpenStore } from './store-under-test.js';
import { lowLimits } from './touch-message.js';

const users: readonly UserId[] = [1, 2, 3, 4, 5];
const OWNER: UserId = 1;

/** Compares random commands with a model that counts everything by full scans. */
export function describeStoreRandom(open: OpenStore): void {
  describe('against a model', () => {
    for (const seed of [1, 2, 3, 4]) {
      it(`[CH-2] [CH-19.1] agrees after every step, and a list continued by cursor equals a fresh one (seed ${seed})`, async () => {
        const { driver } = await open(lowLimits({ smallMembersMax: 3, listEntriesMax: 2 }));
        await runSeed(driver, createRandom(seed));
      });
    }
  });
}

async function runSeed(driver: StoreDriver, random: SeededRandom): Promise<void> {
  const models = new Map<ConversationId, LogModel>();
  const lists = new Map(
    users.map((user) => [user, { cursor: null as string | null, entries: new Map<ConversationId, Entry>() }]),
  );
  for (let index = 0; index < 3; index += 1) {
    const id = await driver.group(OWNER, [2, 3]);
    const model = new LogModel();
    model.append(OWNER, false);
    for (const user of [OWNER, 2, 3]) model.join(user);
    models.set(id, model);
  }
  for (let step = 0; step < 120; step += 1) {
    const [id, model] = random.pick([...models]);
    await act(driver, random, { id, model });
    const user = random.pick(users);
    await checkMember(driver, random, { id, model, user });
    if (step % 4 === 0) await checkList(driver, user, lists.get(user) ?? { cursor: null, entries: new Map() });
  }
}

interface Target {
  readonly id: ConversationId;
  readonly model: LogModel;
}

async function act(driver: StoreDriver, random: SeededRandom, { id, model }: Target): Promise<void> {
  const open = users.filter((user) => model.isOpen(user));
  const user = random.pick(open);
  const outside = users.filter((other) => !model.isOpen(other));
  const roll = random.next();
  if (roll < 0.4) {
    await driver.send(user, id);
    model.append(user, true);
  } else if (roll < 0.6) {
    const sequence = random.below(model.sequence + 3);
    await driver.read(user, id, sequence);
    model.read(user, sequence);
  } else if (roll < 0.75) {
    const sequence = 1 + random.below(model.sequence);
    await driver.touch(id, sequence);
    model.touch(sequence);
  } else if (roll < 0.88 && outside.length > 0) {
    const joining = random.pick(outside);
    await driver.add(user, id, joining);
    model.append(user, false);
    model.join(joining);
  } else if (user !== OWNER) {
    await (random.chance(0.5) ? driver.leave(user, id) : driver.remove(OWNER, id, user));
    model.append(user, false);
    model.end(user);
  }
}

async function checkMember(
  driver: StoreDriver,
  random: SeededRandom,
  { id, model, user }: Target & { readonly user: UserId },
): Promise<void> {
  if (!model.isOpen(user)) {
    expect((await driver.store.page(user, id, { anchor: { at: 'end' }, limit: 5, check: null })).outcome).toBe(
      'not_member',
    );
    return;
  }
  expect(await driver.entry(user, id)).toMatchObject({
    sequence: model.sequence,
    modification: model.modification,
    unread: model.unread(user),
  });
  const seen: number[] = [];
  let before = model.sequence + 1;
  while (before > 1) {
    const page = await driver.page(user, id, {
      anchor: { at: 'before', sequence: before },
      limit: 1 + random.below(7),
    });
    expect(page.covers?.[1]).toBe(before - 1);
    seen.unshift(...page.rows.map((row) => row.sequence));
    before = page.covers?.[0] ?? 1;
  }
  expect(seen).toEqual(model.visible(user));
  const since = random.below(model.modification + 1);
  const changes = await driver.store.changes(user, id, since, 200);
  expect(changes.outcome === 'changes' ? changes.rows.map((row) => row.sequence) : changes.outcome).toEqual(
    model.touched(user, since),
  );
}

async function checkList(
  driver: StoreDriver,
  user: UserId,
  list: { cursor: string | null; readonly entries: Map<ConversationId, Entry> },
): Promise<void> {
  const answer = await driver.listAll(user, list.cursor);
  list.cursor = answer.cursor;
  for (const entry of answer.entries) list.entries.set(entry.conversation, entry);
  const fresh = await driver.listAll(user, null);
  const byId = (a: Entry, b: Entry): number => a.conversation - b.conversation;
  expect([...list.entries.values()].sort(byId)).toEqual(fresh.entries.toSorted(byId));
}
