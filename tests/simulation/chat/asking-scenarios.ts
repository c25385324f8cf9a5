import type { SearchPosition } from '@everywire/chat';
import { parseSearch } from '@everywire/chat';
import { ann, bob, Table } from './scenario-table.js';

/**
 * Scenarios of queries: exchanges that random runs meet too seldom. Each runs step by step and returns the violated
 * rules of `docs/spec/chat.md`, such as CH-3, or an empty list.
 *
 * Ann and Bob are users. `driver` runs their commands directly on `store`.
 */
export const askingScenarios: Readonly<Record<string, () => Promise<readonly string[]>>> = {
  'earlier texts of a message from before a member joined': strangeVersions,
  'earlier texts in pages of one': severalVersions,
  'a thread with an invisible root': strangeRoot,
  'messages with equal times': oneInstant,
  'an unblocked user': unblocked,
  'an expired invitation before a new one': endedInvite,
};

/** CH-3: a member sees neither a message from before they joined nor its earlier texts. */
async function strangeVersions(): Promise<readonly string[]> {
  const { driver, store } = new Table();
  const id = await driver.group(ann, [3]);
  const message = await driver.send(ann, id, 'said');
  await driver.do(ann, { command: 'edit', conversation: id, message, base: 0, text: 'edited' });
  await driver.add(ann, id, bob);
  const answer = await store.versions(bob, id, message, { before: null, limit: 10 });
  const count = answer.outcome === 'versions' ? answer.versions.length : 0;
  return count === 0 ? [] : [`CH-3: ${count} earlier texts of a message that may not be seen`];
}

/** CH-6: earlier texts are answered from the newest to the oldest, each once, and none after a recall. */
async function severalVersions(): Promise<readonly string[]> {
  const { driver, store } = new Table();
  const id = await driver.group(ann, [bob]);
  const message = await driver.send(ann, id, 'first');
  let base = 0;
  for (const text of ['second', 'third', 'fourth']) {
    const result = await driver.do(ann, { command: 'edit', conversation: id, message, base, text });
    base = 'modification' in result ? result.modification : 0;
  }
  const versions = async (): Promise<string> => {
    const texts: string[] = [];
    for (let before: number | null = null; texts.length < 10; ) {
      const answer = await store.versions(bob, id, message, { before, limit: 1 });
      if (answer.outcome !== 'versions') break;
      texts.push(...answer.versions.map(({ body }) => (body.kind === 'text' ? body.text : '')));
      if (!answer.more) break;
      before = answer.versions.at(-1)?.modification ?? null;
    }
    return texts.join();
  };
  const before = await versions();
  await driver.do(ann, { command: 'recall', conversation: id, message });
  const after = await versions();
  return before === 'third,second,first' && after === ''
    ? []
    : [`CH-6: the earlier texts are ${before}, then ${after}`];
}

/** CH-3, CH-35: a person mentioned in a thread follows it, but does not see a root from before they joined. */
async function strangeRoot(): Promise<readonly string[]> {
  const { driver, store } = new Table();
  const id = await driver.group(ann, [3]);
  const thread = await driver.send(ann, id, 'root');
  await driver.add(ann, id, bob);
  await driver.sendWith(ann, id, { thread, mentions: { users: [bob], all: false } });
  const { threads } = await store.threads(bob, null, 10);
  const roots = threads.map(({ message }) => message?.sequence ?? null);
  return roots.join() === [null].join() && roots.length === 1 ? [] : [`CH-35: threads are shown with ${roots}`];
}

/**
 * CH-33: messages sent at the same time are ordered by conversation and sequence, so that a page may end between them.
 */
async function oneInstant(): Promise<readonly string[]> {
  const { driver, store } = new Table();
  const ids = [await driver.group(ann, [bob]), await driver.group(ann, [bob])];
  const parsed = parseSearch('said', 0);
  if (parsed.outcome !== 'search') throw new Error(parsed.code);
  for (let round = 0; round < 3; round += 1) {
    for (const id of ids) {
      await driver.send(ann, id, 'said');
      // Sets the clock back, so that all messages get the same time.
      driver.pass(-1);
    }
  }
  let found = 0;
  let after: SearchPosition | null = null;
  do {
    const everywhere = { senders: null, places: null, from: null, until: null, limit: 1 };
    const { hits, next } = await store.search(bob, { terms: parsed.query.terms, has: [], ...everywhere, after });
    found += hits.length;
    after = next;
  } while (after !== null);
  return found === 6 ? [] : [`CH-33: ${found} of 6 were found`];
}

/** CH-30: an unblocked person is no longer listed. */
async function unblocked(): Promise<readonly string[]> {
  const { driver, store } = new Table();
  for (const blocked of [true, false]) await driver.do(ann, { command: 'block', user: bob, blocked });
  const { blocked } = await store.privacy(ann);
  return blocked.length === 0 ? [] : [`CH-30: ${blocked} are blocked`];
}

/** CH-29: an expired invitation is refused, and makes room for the next. */
async function endedInvite(): Promise<readonly string[]> {
  const { driver, store } = new Table();
  const id = await driver.group(ann, [3]);
  const invite = { command: 'createInvite', conversation: id, usesMax: null } as const;
  await driver.do(ann, { ...invite, secret: '1'.repeat(32), expiresAt: driver.now + 10 });
  driver.pass(10);
  const code = await driver.code(bob, { command: 'join', conversation: id, secret: '1'.repeat(32) });
  await driver.do(ann, { ...invite, secret: '2'.repeat(32), expiresAt: null });
  const answer = await store.invites(ann, id);
  const count = answer.outcome === 'invites' ? answer.invites.length : 0;
  return code === 'invite_ended' && count === 1
    ? []
    : [`CH-29: joining says ${code}, and ${count} invitations are left`];
}
