import type { CommitEvent, ConversationId, Edit, MessageName, MessageRow, Recall } from '@everywire/chat';
import { messageRow } from '@everywire/chat/internal';
import { ann, bob, seated, type Table } from './scenario-table.js';
import { worldLimits } from './world-limits.js';

/**
 * Scenarios of messages: exchanges that random runs meet too seldom. Each runs step by step and returns the violated
 * rules of `docs/spec/chat.md`, such as CH-3, or an empty list.
 *
 * The `table` is Bob's simulated device next to a store; Ann acts through `driver`, directly on the store. `core.resume`
 * lets the device fetch all changes, and `table.answer` answers its requests.
 */
export const messageScenarios: Readonly<Record<string, () => Promise<readonly string[]>>> = {
  'a conversation that becomes large': crossing,
  'a reply already counted by a newer page': countedReply,
  'another message with the same sequence in another history': otherMessage,
  'a message that is hidden before its event arrives': lateHidden,
  'a message that is hidden and then recalled': hiddenAndRecalled,
  'a thread from an earlier stay': otherStay,
  'a quote of a message edited later': editedQuote,
  'an edit as the only change': () =>
    loneTouch((message) => ({ command: 'edit', message, base: 0, text: 'edited' }), 'edited'),
  'a recall as the only change': () => loneTouch((message) => ({ command: 'recall', message }), null),
  'replies between two stays': repliesBetween,
};

/** Returns the live event that announces a new message. */
async function newRow(table: Table, conversation: ConversationId, row: MessageRow): Promise<CommitEvent> {
  const head = (sequence: number) => ({ sequence, modification: 0 });
  const [before, after] = [head(row.sequence - 1), head(row.sequence)];
  const epoch = await table.store.epoch();
  return {
    event: 'commit',
    epoch,
    conversation,
    before,
    after,
    membersAt: 1,
    large: false,
    row,
    count: 4,
    memberCount: 2,
    activity: 0,
  };
}

/** CH-8: the event of a reply changes the reply count of a row that was read before it, but not of a row read after it. */
async function countedReply(): Promise<readonly string[]> {
  const { table, id } = await seated(true);
  const { core, driver, store } = table;
  const root = (await driver.page(ann, id)).rows.at(-1);
  if (root === undefined) throw new Error('an empty page');
  const thread = { sequence: root.sequence, id: root.id };
  const first = await driver.sendWith(ann, id, { thread });
  await driver.sendWith(ann, id, { thread });
  core.resume();
  await table.answer('changes');
  core.applyEvent(
    {
      event: 'commit',
      epoch: await store.epoch(),
      conversation: id,
      membersAt: 1,
      large: false,
      before: { sequence: first.sequence - 1, modification: 0 },
      after: { sequence: first.sequence, modification: 1 },
      row: null,
      root: root.sequence,
      count: 3,
      memberCount: 2,
      activity: 0,
    },
    0,
  );
  const shown = core.timeline(id).rows.find((row) => row.type === 'message' && row.sequence === root.sequence);
  const replies = shown?.type === 'message' ? shown.replies : 0;
  return replies === 2 ? [] : [`CH-8: ${replies} replies of 2 are counted`];
}

/**
 * CH-13: the commit that makes a conversation large must be found by a resume, though the members' rows are not updated
 * from then on.
 */
async function crossing(): Promise<readonly string[]> {
  const { table, id } = await seated(false);
  const others = Array.from({ length: worldLimits.smallMembersMax }, (_, index) => index + 3);
  await table.driver.add(ann, id, ...others);
  table.core.resume();
  await table.answer();
  const [shown] = table.core.entries();
  return shown?.entry.large ? [] : ['CH-13: a resume does not see that the conversation became large'];
}

/** CH-26: a message is identified by its id, because its sequence holds another message in another history. */
async function otherMessage(): Promise<readonly string[]> {
  const { table, id } = await seated(false);
  const message = { sequence: 2, id: '0'.repeat(16) };
  const code = await table.driver.code(bob, { command: 'react', conversation: id, message, emoji: '👍', set: true });
  return code === 'not_found' ? [] : [`CH-26: a message of another history was reacted to: ${code}`];
}

/** CH-3: a message that was hidden on another device stays hidden, even if its event or a page with it arrives late. */
async function lateHidden(): Promise<readonly string[]> {
  const { table, id } = await seated(true);
  const { core, driver } = table;
  await driver.send(ann, id, 'unwanted');
  const row = (await driver.page(ann, id)).rows.at(-1);
  if (row === undefined) throw new Error('an empty page');
  const messages = [{ sequence: row.sequence, id: row.id }];
  await driver.do(bob, { command: 'hide', conversation: id, messages });
  core.resume();
  await table.answer('page');
  core.applyEvent(await newRow(table, id, messageRow(row)), 0);
  table.release();
  await table.answer();
  return table.rows(id).includes(row.sequence) ? ['CH-3: a hidden message is shown'] : [];
}

/** CH-19: a message that is hidden and then recalled reduces the unread count by one, not by two. */
async function hiddenAndRecalled(): Promise<readonly string[]> {
  const { table, id } = await seated(false);
  const { driver } = table;
  const before = (await driver.entry(bob, id)).unread;
  const { sequence, id: message } = await driver.send(ann, id);
  const name = { sequence, id: message };
  await driver.do(bob, { command: 'hide', conversation: id, messages: [name] });
  await driver.do(ann, { command: 'recall', conversation: id, message: name });
  const { unread } = await driver.entry(bob, id);
  return unread === before ? [] : [`CH-19: ${unread} unread instead of ${before}`];
}

/**
 * CH-21: following ends when a member leaves; replies after their return do not concern them until they write there
 * again.
 */
async function otherStay(): Promise<readonly string[]> {
  const { table, id } = await seated(false);
  const { driver } = table;
  const root = await driver.send(ann, id);
  const thread = { sequence: root.sequence, id: root.id };
  await driver.sendWith(bob, id, { thread });
  await driver.remove(ann, id, bob);
  await driver.add(ann, id, bob);
  await driver.sendWith(ann, id, { thread });
  const { threadsUnread } = await driver.entry(bob, id);
  return threadsUnread === 0 ? [] : [`CH-21: ${threadsUnread} unread in a thread of another stay`];
}

/** CH-22: a quote is updated with its message, even if that message is not held. */
async function editedQuote(): Promise<readonly string[]> {
  const { table, id } = await seated(false);
  const { core, driver } = table;
  const quoted = (await driver.page(ann, id)).rows[1];
  if (quoted === undefined) throw new Error('a short page');
  const message = { sequence: quoted.sequence, id: quoted.id };
  await driver.sendMany(ann, id, 4);
  await driver.sendWith(ann, id, { quote: message });
  // Unread messages would be fetched automatically, and the quoted message with them.
  await driver.read(bob, id, 9);
  core.resume();
  await table.answer();
  core.open(id);
  await table.answer();
  await driver.do(ann, { command: 'edit', conversation: id, message, base: 0, text: 'edited' });
  core.resume();
  await table.answer();
  const row = core.timeline(id).rows.at(-1);
  const shown = row?.type === 'message' && row.quote?.state === 'shown' ? row.quote.text : null;
  return shown === 'edited' ? [] : [`CH-22: the quote says ${shown}`];
}

/** A command that changes a message, without the conversation and the id. */
type Touch = Pick<Edit, 'command' | 'message' | 'base' | 'text'> | Pick<Recall, 'command' | 'message'>;

/** CH-12: a resume finds a change whose event was lost, though no message was sent since. */
async function loneTouch(touch: (message: MessageName) => Touch, wanted: string | null): Promise<readonly string[]> {
  const { table, id } = await seated(true);
  const { core, driver } = table;
  const last = (await driver.page(ann, id)).rows.at(-1);
  if (last === undefined) throw new Error('an empty page');
  await driver.do(ann, { ...touch({ sequence: last.sequence, id: last.id }), conversation: id });
  core.resume();
  await table.answer();
  const row = core.timeline(id).rows.at(-1);
  const shown = row?.type === 'message' ? row.text : null;
  return shown === wanted ? [] : [`CH-12: the changed message says ${shown}, not ${wanted}`];
}

/** CH-21: of the replies during an absence, only visible ones are counted. */
async function repliesBetween(): Promise<readonly string[]> {
  const { table, id } = await seated(false);
  const { driver } = table;
  const root = await driver.send(ann, id);
  const thread = { sequence: root.sequence, id: root.id };
  await driver.sendWith(ann, id, { thread });
  await driver.remove(ann, id, bob);
  await driver.sendWith(ann, id, { thread });
  await driver.add(ann, id, bob);
  const replies = (await driver.row(bob, id, root.sequence))?.replies;
  return replies === 1 ? [] : [`CH-21: ${replies} replies are counted`];
}
