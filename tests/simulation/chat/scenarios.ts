import { MemoryStore } from '@everywire/store-memory';
import { askingScenarios } from './asking-scenarios.js';
import { hintScenarios } from './hint-scenarios.js';
import { messageScenarios } from './message-scenarios.js';
import { ann, bob, eventsOf, seated, type Table } from './scenario-table.js';
import { groupScenarios } from './scenarios-of-groups.js';
import { worldLimits } from './world-limits.js';

/**
 * What random runs meet too seldom: each is one exchange, step by step, and answers what went wrong, nothing for nothing.
 */
export const scenarios: Readonly<Record<string, () => Promise<readonly string[]>>> = {
  'a history that went another way under the same epoch': otherHistory,
  'a page that is late for a former member': latePage,
  'an event of another epoch': otherEpoch,
  'an entry that is late': lateEntry,
  'a row that is late': lateRow,
  'an older page that is late': lateOlderPage,
  ...groupScenarios,
  'a draft newer than a message that waited': draftNewerThanSend,
  'a text that grew from an older draft': staleText,
  'a list that began anew': limitedList,
  'an entry older than the list that began anew': entryBeforeReset,
  ...messageScenarios,
  ...askingScenarios,
  ...hintScenarios,
};

/** CH-26: the epoch was copied along, the sequences agree, and only the id of the last message tells. */
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

/** CH-11: the page was read while a member, and arrives when it is known that this has ended. */
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
  await table.driver.send(ann, id);
  table.core.resume();
  await table.answer();
  table.release();
  const [shown] = table.core.entries();
  return shown?.entry.sequence === 5 ? [] : [`CH-11: the entry went back to ${shown?.entry.sequence}`];
}

/** CH-8: its touch was dropped, because the row was not held: once it is in its gap, what it has become is asked for. */
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

/** CH-9: a touch of a row that was not held yet is dropped, so a page from before it takes the log back. */
async function lateOlderPage(): Promise<readonly string[]> {
  const { table, id } = await seated(false);
  await table.driver.sendMany(ann, id, 3);
  // What is unread would be fetched by itself.
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

/** A message waits without a connection; meanwhile another device takes its draft further. Only the draft that was sent goes with it. */
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
    const kept = [(await driver.entry(bob, id)).draft.text, core.draft(id)];
    const wanted = newer ?? '';
    if (kept.some((text) => text !== wanted)) failures.push(`CH-2: the drafts are ${kept}, not ${wanted}`);
  }
  return failures;
}

/** What was typed without a connection, and is sent or told when another device's draft is known, takes its place neither way. */
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
  const kept = [(await driver.entry(bob, id)).draft.text, core.draft(id)];
  return kept.every((text) => text === 'theirs') ? [] : [`CH-2: the drafts are ${kept}, not theirs`];
}

/** So much that the next list begins anew. */
async function others(table: Table): Promise<void> {
  for (let index = 0; index <= worldLimits.listChangedMax; index += 1) {
    table.driver.pass(10);
    await table.driver.group(ann, [bob]);
  }
}

/** CH-15: what a limited list leaves out may be anything by now, so it is not shown. */
async function limitedList(): Promise<readonly string[]> {
  const { table, id } = await seated(false);
  await table.driver.send(ann, id);
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
  await table.driver.send(ann, id);
  await others(table);
  table.core.resume();
  await table.answer('entry');
  table.release();
  await table.answer();
  const shown = table.core.entries().find(({ entry }) => entry.conversation === id);
  return shown?.entry.sequence === 5 ? [] : [`CH-15: the entry is at ${shown?.entry.sequence}`];
}
