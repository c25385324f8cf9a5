import { type ConversationId, chatLimits } from '@everywire/chat';
import type { Device } from './device.js';
import { isOpen, type TrueConversation } from './truth.js';
import { messageAt, readersOf, shownTo } from './truth-messages.js';
import type { World } from './world.js';

/**
 * Checks the view of each open conversation and thread against the truth, which is the expected state. CH-4, CH-9:
 * scrolling up reaches the beginning, gaps can be filled, and then every visible message is shown.
 */
export async function checkScrolling(world: World): Promise<void> {
  for (const device of world.devices) {
    for (const conversation of device.opened) await checkConversation(world, device, conversation);
    for (const thread of device.threads) await checkThread(world, device, thread);
  }
}

async function checkConversation(world: World, device: Device, conversation: ConversationId): Promise<void> {
  const truth = world.truth.conversations.get(conversation);
  if (truth === undefined || !isOpen(truth, device.user)) return;
  await scroll(world, device, conversation);
  const view = device.core.timeline(conversation);
  const rows = view.rows.map((row) => (row.type === 'gap' ? 'gap' : row.sequence));
  const shown = shownTo(truth, device.user);
  const expected = shown.filter((sequence) => messageAt(truth, sequence).root === null);
  if (rows.join() !== expected.join())
    world.fail('CH-9', `${device.name} shows ${rows} of ${conversation}, not ${expected}`);
  if (new Set(view.rows.map((row) => row.key)).size !== view.rows.length)
    world.fail('CH-9', `${device.name} ${conversation} repeats a key`);
  checkReceipts(world, device, { conversation: truth, rows: view.rows });
  checkQuotes(world, device, { conversation: truth, rows: view.rows });
  const pins = view.pins.map(({ sequence }) => sequence);
  const pinned = shown.filter((sequence) => messageAt(truth, sequence).pinnedBy !== null);
  if (pins.join() !== pinned.join())
    world.fail('CH-2', `${device.name} shows the pins ${pins} of ${conversation}, not ${pinned}`);
}

/** CH-21: a thread shows its root and its replies, as far as the member may see them. */
async function checkThread(
  world: World,
  device: Device,
  { conversation, root }: { readonly conversation: ConversationId; readonly root: number },
): Promise<void> {
  const truth = world.truth.conversations.get(conversation);
  if (truth === undefined || !isOpen(truth, device.user)) return;
  await scroll(world, device, conversation, root);
  const { rows } = device.core.timeline(conversation, root);
  const sequences = rows.map((row) => (row.type === 'gap' ? 'gap' : row.sequence));
  const expected = shownTo(truth, device.user).filter(
    (sequence) => sequence === root || messageAt(truth, sequence).root === root,
  );
  if (sequences.join() !== expected.join())
    world.fail('CH-21', `${device.name} shows ${sequences} in the thread ${conversation}/${root}, not ${expected}`);
  checkQuotes(world, device, { conversation: truth, rows });
}

/** CH-22: a quote shows its message in the current state, or that it cannot be seen. */
function checkQuotes(
  world: World,
  device: Device,
  { conversation, rows }: { conversation: TrueConversation; rows: ReturnType<Device['core']['timeline']>['rows'] },
): void {
  const shown = new Set(shownTo(conversation, device.user));
  for (const row of rows) {
    if (row.type !== 'message' || row.quote === null || row.sequence === null) continue;
    const quoted = messageAt(conversation, row.sequence).quote ?? 0;
    const { text } = messageAt(conversation, quoted);
    const expected = shown.has(quoted) && text !== null ? text : 'unavailable';
    const shownText = row.quote.state === 'shown' ? row.quote.text : row.quote.state;
    if (shownText !== expected)
      world.fail('CH-22', `${device.name} ${row.sequence} quotes ${quoted} as ${shownText}, not ${expected}`);
  }
}

/** Loads older messages and fills gaps until the whole conversation, or the whole thread of `root`, is loaded. */
async function scroll(
  world: World,
  device: Device,
  conversation: ConversationId,
  root: number | null = null,
): Promise<void> {
  for (let pages = 0; pages < chatLimits.pageRowsMax; pages += 1) {
    const { rows, atStart } = device.core.timeline(conversation, root);
    const gap = rows.find((row) => row.type === 'gap');
    if (atStart && gap === undefined) return;
    if (gap !== undefined) device.core.fillGap(conversation, gap.low, root);
    else device.core.loadOlder(conversation, root);
    world.settle(device);
    await world.drain();
  }
  world.fail('CH-4', `${device.name} never comes to the beginning of ${conversation}`);
}

/** CH-23: the number of readers that a row shows equals the number of members who have read the message. */
function checkReceipts(
  world: World,
  device: Device,
  { conversation, rows }: { conversation: TrueConversation; rows: ReturnType<Device['core']['timeline']>['rows'] },
): void {
  if (conversation.large) return;
  for (const row of rows) {
    if (row.type !== 'message' || row.receipt === null || row.sequence === null) continue;
    const { sequence, receipt } = row;
    const readers = readersOf(conversation, device.user, sequence);
    const shown = receipt.state === 'read' ? receipt.count : 0;
    if (shown !== readers) world.fail('CH-23', `${device.name} sees ${sequence} read by ${shown}, not ${readers}`);
  }
}
