import { MemoryStore } from '@everywire/store-memory';
import { askingScenarios } from './asking-scenarios.js';
import { hintScenarios } from './hint-scenarios.js';
import { messageScenarios } from './message-scenarios.js';
import { ann, bob, eventsOf, seated, type Table } from './scenario-table.js';
import { groupScenarios } from './scenarios-of-groups.js';
import { worldLimits } from './world-limits.js';

/**
 * Exchanges that random runs meet too seldom. Each runs step by step and returns the violated rules of
 * `docs/spec/chat.md`, such as CH-26, or an empty list.
 *
 * The `table` is Bob's simulated device next to a store; Ann acts through `driver`, directly on the store. `core` is the
 * product's core of the chat client. `core.resume` lets the device fetch all changes. `table.answer` answers its
 * requests, and holds those of the named kind until `table.release`.
 */
export const scenarios: Readonly<Record<string, () => Promise<readonly string[]>>> = {
  'a diverged history with the same epoch': otherHistory,
  'a late page for a former member': latePage,
  'an event of another epoch': otherEpoch,
  'a late entry': lateEntry,
  'a late row': lateRow,
  'a late older page': lateOlderPage,
  ...groupScenarios,
  'a draft newer than a queued message': draftNewerThanSend,
  'a text based on an older draft': staleText,
  'a reset list': limitedList,
  'an entry older than the reset list': entryBeforeReset,
  ...messageScenarios,
  ...askingScenarios,
  ...hintScenarios,
};

/**
 * CH-26: a store is restored from a backup, but wrongly with the same epoch (id of its history). The sequences agree, so
 * only the id of the last message shows the device that it holds messages of another history.
 */
async function otherHistory(): Promise<readonly string[]> {
  const { table, id } = await seated(true);
  const backup = table.store.backup();
  await table.driver.sendMany(ann, id, 2);
  table.core.resume();
  await table.answer();
  table.core.disconnected();
  table.use(new MemoryStore({ epoch: '1', limits: worldLimits, backup }));
  await table.driver.sendMany(ann, id, 8);
  table.core.connected();
  await table.answer();
  for (let pages = 0; pages < 10; pages += 1) {
    const gap = table.core.timeline(id).rows.find((row) => row.type === 'gap');
    if (gap === undefined) table.core.loadOlder(id);
    else table.core.fillGap(id, gap.low);
    await table.answer();
  }
  const shown = table.core.timeline(id).rows.map((row) => row.key);
  const page = await table.driver.page(bob, id);
  const wanted = page.rows.map((row) => `${row.sender}-${row.commandId}`);
  return shown.join() === wanted.join() ? [] : [`CH-26: shows ${shown.slice(-8)}, not ${wanted.slice(-8)}`];
}

/** CH-11: a page that was read during the membership and arrives after the device learned of its end is ignored. */
async function latePage(): Promise<readonly string[]> {
  const { table, id } = await seated(true);
  await table.driver.sendMany(ann, id, 3);
  table.core.resume();
  await table.answer('page');
  await table.driver.remove(ann, id, bob);
  table.core.resume();
  await table.answer();
  table.release();
  const rows = table.core.store()?.logs.flatMap((log) => log.rows) ?? [];
  return rows.length === 0 ? [] : [`CH-11: a former member keeps ${rows.length} rows`];
}

/** CH-25: any answer with another epoch discards everything held, immediately. */
async function otherEpoch(): Promise<readonly string[]> {
  const { table, id } = await seated(true);
  table.core.applyEvent({ event: 'own', epoch: '2', conversation: id, revision: 99 }, 0);
  const remaining = table.core.entries().length + table.rows(id).length;
  return remaining === 0 ? [] : [`CH-25: ${remaining} entries and rows of a lost history are shown`];
}

/** CH-11: a late answer with an older version of a list entry than the device holds is ignored. */
async function lateEntry(): Promise<readonly string[]> {
  const { table, id } = await seated(true);
  table.core.applyEvent({ event: 'own', epoch: '1', conversation: id, revision: 99 }, 0);
  await table.answer('entry');
  await table.driver.send(ann, id);
  table.core.resume();
  await table.answer();
  table.release();
  const [shown] = table.core.entries();
  return shown?.entry.sequence === 5 ? [] : [`CH-11: the entry went back to ${shown?.entry.sequence}`];
}

/**
 * CH-8: a device drops the event of a changed message (a touch) that it does not hold. Once the late event of the message
 * itself fills the gap, the device fetches the current state of the message.
 */
async function lateRow(): Promise<readonly string[]> {
  const { table, id } = await seated(true);
  const late = await table.sent(id);
  for (let count = 0; count < 3; count += 1) await table.sent(id);
  for (const event of await table.sent(id)) table.core.applyEvent(event, 0);
  for (const event of eventsOf(await table.driver.touch(id, 5))) table.core.applyEvent(event, 0);
  for (const event of late) table.core.applyEvent(event, 0);
  await table.answer();
  for (let pages = 0; pages < 5; pages += 1) {
    const gap = table.core.timeline(id).rows.find((row) => row.type === 'gap');
    if (gap !== undefined) table.core.fillGap(id, gap.low);
    await table.answer();
  }
  const shown = table.core.timeline(id).rows.find((row) => row.type === 'message' && row.sequence === 5);
  return shown?.type === 'message' && shown.text === 'touched' ? [] : [`CH-8: shows ${JSON.stringify(shown)}`];
}

/** CH-9: a device drops the event of a changed message that it does not hold, so a page read before is not current. */
async function lateOlderPage(): Promise<readonly string[]> {
  const { table, id } = await seated(false);
  await table.driver.sendMany(ann, id, 3);
  // Unread messages would be fetched automatically.
  await table.driver.read(bob, id, 7);
  table.core.resume();
  await table.answer();
  table.core.open(id);
  await table.answer();
  table.core.loadOlder(id);
  await table.answer('page');
  for (const event of eventsOf(await table.driver.touch(id, 3))) table.core.applyEvent(event, 0);
  table.release();
  await table.answer();
  const shown = table.core.timeline(id).rows.find((row) => row.type === 'message' && row.sequence === 3);
  return shown?.type === 'message' && shown.text === 'touched' ? [] : [`CH-9: shows ${JSON.stringify(shown)}`];
}

/**
 * CH-2: a message waits in the outbox of an offline device while another device may save a newer draft. Only the draft
 * that was sent is cleared.
 */
async function draftNewerThanSend(): Promise<readonly string[]> {
  const failures: string[] = [];
  for (const newer of [null, 'newer']) {
    const { table, id } = await seated(true);
    const { core, driver } = table;
    core.setDraft(id, 'hello');
    core.tick(0);
    await table.answer();
    core.disconnected();
    core.enqueue({ command: 'send', id: driver.mintId(), conversation: id, text: 'hello' }, 0);
    core.setDraft(id, '');
    if (newer !== null) await driver.draft(bob, id, newer, 1);
    core.connected();
    await table.answer();
    core.tick(1);
    await table.answer();
    core.resume();
    await table.answer();
    const drafts = [(await driver.entry(bob, id)).draft.text, core.draft(id)];
    const expected = newer ?? '';
    if (drafts.some((text) => text !== expected)) failures.push(`CH-2: the drafts are ${drafts}, not ${expected}`);
  }
  return failures;
}

/** CH-2: a text that was typed offline, and is later saved and sent, does not overwrite a draft of another device. */
async function staleText(): Promise<readonly string[]> {
  const { table, id } = await seated(true);
  const { core, driver } = table;
  core.disconnected();
  core.setDraft(id, 'mine');
  await driver.draft(bob, id, 'theirs', 0);
  core.connected();
  await table.answer();
  core.tick(0);
  await table.answer();
  core.enqueue({ command: 'send', id: driver.mintId(), conversation: id, text: 'mine' }, 0);
  await table.answer();
  core.resume();
  await table.answer();
  const drafts = [(await driver.entry(bob, id)).draft.text, core.draft(id)];
  return drafts.every((text) => text === 'theirs') ? [] : [`CH-2: the drafts are ${drafts}, not theirs`];
}

/** Changes so many conversations of Bob that the next list of changes is a reset, with only the newest entries. */
async function changeManyOthers(table: Table): Promise<void> {
  for (let index = 0; index <= worldLimits.listChangedMax; index += 1) {
    table.driver.pass(10);
    await table.driver.group(ann, [bob]);
  }
}

/** CH-15: a reset list omits older entries. They may have changed, so the device does not show its old ones. */
async function limitedList(): Promise<readonly string[]> {
  const { table, id } = await seated(false);
  await table.driver.send(ann, id);
  await changeManyOthers(table);
  table.core.resume();
  await table.answer();
  const shown = table.core.entries().find(({ entry }) => entry.conversation === id);
  return shown === undefined || shown.entry.sequence === 5 ? [] : [`CH-15: the entry is at ${shown.entry.sequence}`];
}

/** CH-15: an entry that was read before the list was reset may be older than the list, so it is fetched again. */
async function entryBeforeReset(): Promise<readonly string[]> {
  const { table, id } = await seated(false);
  table.core.applyEvent({ event: 'own', epoch: '1', conversation: id, revision: 99 }, 0);
  await table.answer('entry');
  await table.driver.send(ann, id);
  await changeManyOthers(table);
  table.core.resume();
  await table.answer('entry');
  table.release();
  await table.answer();
  const shown = table.core.entries().find(({ entry }) => entry.conversation === id);
  return shown?.entry.sequence === 5 ? [] : [`CH-15: the entry is at ${shown?.entry.sequence}`];
}
