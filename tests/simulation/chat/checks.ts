import { type ConversationId, chatLimits, type Entry, type UserId } from '@everywire/chat';
import type { Device } from './device.js';
import { headOf, isOpen, openUsers, type TrueConversation, unreadOf, visible } from './truth.js';
import type { World } from './world.js';
import { worldLimits } from './world-limits.js';

/** Lets everything arrive, has every device ask what it missed, and holds what it then shows to what is true. */
export async function checkQuiet(world: World): Promise<void> {
  await settleAll(world);
  await checkIdleResume(world);
  for (const device of world.devices) {
    for (const conversation of device.core.store()?.logs.map((log) => log.conversation) ?? [])
      device.open(conversation);
    world.settle(device);
  }
  await world.drain();
  for (const device of world.devices) {
    await checkEntries(world, device);
    await checkOrder(world, device);
    checkLogs(world, device);
    checkOutbox(world, device);
  }
  checkTruth(world);
  await checkScrolling(world);
}

async function settleAll(world: World): Promise<void> {
  for (const device of world.devices) if (!device.online) world.connect(device);
  await world.drain();
  for (let round = 0; round < 3; round += 1) {
    for (const device of world.devices) {
      device.core.tick(world.now);
      device.core.retryNow();
      world.settle(device);
    }
    await world.drain();
  }
  for (const device of world.devices) await checkVersions(world, device);
  for (const device of world.devices) {
    device.core.resume();
    world.settle(device);
  }
  await world.drain();
}

/** CH-11: before anything is asked anew, an entry with the server's version is the server's entry, even where events moved it. */
async function checkVersions(world: World, device: Device): Promise<void> {
  const version = ({ sequence, modification, revision }: Entry): string => [sequence, modification, revision].join();
  for (const { entry } of device.core.entries()) {
    const fresh = (await world.store.entry(device.user, entry.conversation)).entry;
    if (fresh === null || version(fresh) !== version(entry)) continue;
    if (JSON.stringify(sorted(entry)) !== JSON.stringify(sorted(fresh)))
      world.fail('CH-11', differing(device, entry, fresh));
  }
}

function differing(device: Device, entry: Entry, fresh: Entry | null): string {
  return `entry ${entry.conversation} of ${device.name}\n    has   ${JSON.stringify(sorted(entry))}\n    truth ${JSON.stringify(sorted(fresh))}`;
}

/** CH-4, CH-12: once nothing changes, asking again costs nothing. */
async function checkIdleResume(world: World): Promise<void> {
  for (const device of world.devices) {
    const cursor = device.core.store()?.list.cursor ?? null;
    if (cursor === null) continue;
    const answer = await world.store.list(device.user, cursor, 100);
    if (answer.outcome !== 'changed' || answer.entries.length > 0) {
      world.fail('CH-12', `an idle list of ${device.name} is ${answer.outcome} with ${answer.entries.length} entries`);
    }
  }
}

/** CH-2, CH-11, CH-13, CH-19: each entry is the one that a new device would be given, and its counts are those that counting gives. */
async function checkEntries(world: World, device: Device): Promise<void> {
  for (const { entry, unread } of device.core.entries()) {
    const id = entry.conversation;
    const fresh = (await world.store.entry(device.user, id)).entry;
    if (JSON.stringify(sorted(entry)) !== JSON.stringify(sorted(fresh)))
      world.fail('CH-2', differing(device, entry, fresh));
    const conversation = world.truth.conversations.get(id);
    if (conversation !== undefined) checkEntry(world, device.user, { entry, unread, conversation });
  }
}

function sorted(value: Entry | null): readonly unknown[] {
  return value === null ? [] : Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
}

function checkEntry(
  world: World,
  user: UserId,
  { entry, unread, conversation }: { entry: Entry; unread: number; conversation: TrueConversation },
): void {
  const open = isOpen(conversation, user);
  const expected = open
    ? {
        member: true,
        sequence: headOf(conversation),
        modification: conversation.modification,
        name: conversation.name,
        read: conversation.members.get(user)?.read,
        unread: unreadOf(conversation, user),
        large: conversation.large,
        memberCount: openUsers(conversation).length,
        preview: headOf(conversation),
      }
    : { member: false, sequence: conversation.members.get(user)?.periods.at(-1)?.to, unread: 0, preview: null };
  const { member, sequence, modification, name, read, large, memberCount } = entry;
  const has = open
    ? { member, sequence, modification, name, read, unread, large, memberCount, preview: entry.preview?.sequence }
    : { member, sequence, unread, preview: entry.preview };
  if (JSON.stringify(has) !== JSON.stringify(expected)) {
    world.fail(
      'CH-19',
      `entry ${entry.conversation} of ${user}\n    has   ${JSON.stringify(has)}\n    truth ${JSON.stringify(expected)}`,
    );
  }
}

/** CH-15: what the list shows is in its order, and the newest are there. */
async function checkOrder(world: World, device: Device): Promise<void> {
  const got = device.core.entries().map(({ entry }) => entry.conversation);
  const all: ConversationId[] = [];
  const { entries } = await world.store.listPage(device.user, null, 1_000);
  all.push(...entries.map((entry) => entry.conversation));
  const newest = all.slice(0, worldLimits.bootstrapEntries);
  const missing = newest.filter((id) => !got.includes(id));
  if (missing.length > 0) world.fail('CH-15', `the list of ${device.name} lacks ${missing} of ${newest}`);
  const wanted = all.filter((id) => got.includes(id));
  if (got.join() !== wanted.join()) world.fail('CH-15', `the list of ${device.name} is ${got}, not ${wanted}`);
}

/** CH-2, CH-8 to CH-11: within what a device holds, it holds everything and nothing else, as it is now. */
function checkLogs(world: World, device: Device): void {
  for (const log of device.core.store()?.logs ?? []) {
    const conversation = world.truth.conversations.get(log.conversation);
    const name = `${device.name} ${log.conversation}`;
    if (conversation !== undefined && isOpen(conversation, device.user)) {
      checkLog(world, name, { log, conversation, wanted: visible(conversation, device.user) });
    } else if (log.rows.length > 0) world.fail('CH-11', `rows are left of a former member: ${name}`);
  }
}

type StoredLog = NonNullable<ReturnType<Device['core']['store']>>['logs'][number];

function checkLog(
  world: World,
  name: string,
  { log, conversation, wanted }: { log: StoredLog; conversation: TrueConversation; wanted: readonly number[] },
): void {
  const top = log.held.at(-1)?.[1] ?? 0;
  if (top !== headOf(conversation)) world.fail('CH-8', `${name} ends at ${top}, not ${headOf(conversation)}`);
  if (log.modification !== conversation.modification) {
    world.fail('CH-10', `${name} is at ${log.modification}, not ${conversation.modification}`);
  }
  const rows = new Map(log.rows.map((row) => [row.sequence, row]));
  const got = [...rows.keys()].toSorted((a, b) => a - b);
  const held = wanted.filter((sequence) => log.held.some(([low, high]) => sequence >= low && sequence <= high));
  if (got.join() !== held.join())
    world.fail('CH-9', `${name} holds ${got}, not ${held} of ${JSON.stringify(log.held)}`);
  for (const sequence of held)
    checkRow(world, name, { row: rows.get(sequence), message: conversation.messages[sequence - 1] });
}

function checkRow(
  world: World,
  name: string,
  {
    row,
    message,
  }: {
    row: { sequence: number; modification: number; body: unknown; commandId: string } | undefined;
    message: TrueConversation['messages'][number] | undefined;
  },
): void {
  if (row === undefined || message === undefined) return;
  const text = typeof row.body === 'object' && row.body !== null && 'text' in row.body ? row.body.text : null;
  if (text === message.text && row.modification === message.modification && row.commandId === message.commandId) return;
  world.fail('CH-10', `${name}/${row.sequence} is ${JSON.stringify(row)}, not ${JSON.stringify(message)}`);
}

/** CH-1: everything sent is there once, in the order it was entered, and nothing waits. */
function checkOutbox(world: World, device: Device): void {
  const places = new Map<string, readonly [ConversationId, number][]>();
  for (const [id, conversation] of world.truth.conversations) {
    conversation.messages.forEach((message, index) => {
      if (message.sender !== device.user) return;
      places.set(message.commandId, [...(places.get(message.commandId) ?? []), [id, index + 1]]);
    });
  }
  for (const [command, { conversation, sequence }] of device.acknowledged) {
    const found = places.get(command) ?? [];
    if (found.length !== 1 || found[0]?.join() !== [conversation, sequence].join()) {
      world.fail(
        'CH-1',
        `${device.name} sent ${command} to ${conversation}/${sequence}, found at ${JSON.stringify(found)}`,
      );
    }
  }
  const last = new Map<ConversationId, number>();
  for (const [command, conversation] of device.entered) {
    const sequence = places.get(command)?.[0]?.[1];
    if (sequence === undefined) {
      world.fail('CH-1', `${device.name} never got ${command} through`);
      continue;
    }
    if (sequence < (last.get(conversation) ?? 0))
      world.fail('CH-1', `${device.name} sent ${command} before what is at ${last.get(conversation)}`);
    last.set(conversation, sequence);
  }
  for (const { pending } of device.core.entries()) {
    if (pending !== null) world.fail('CH-1', `${device.name} still waits with ${JSON.stringify(pending)}`);
  }
}

/** CH-1, CH-5, CH-18: the store's logs are the true ones, without a gap or a repetition. */
function checkTruth(world: World): void {
  const { tables } = world.store.backup();
  for (const [id, conversation] of world.truth.conversations) {
    const stored = tables.conversations.get(id);
    const got = stored?.messages.map((message) =>
      [message.sequence, message.sender, message.commandId, message.modification].join(),
    );
    const wanted = conversation.messages.map((message, index) =>
      [index + 1, message.sender, message.commandId, message.modification].join(),
    );
    if (got?.join(' ') !== wanted.join(' '))
      world.fail('CH-5', `log ${id} is ${got?.join(' ')}, not ${wanted.join(' ')}`);
    const commands = conversation.messages.map((message) => `${message.sender} ${message.commandId}`);
    if (new Set(commands).size !== commands.length) world.fail('CH-18', `log ${id} has a command twice`);
  }
}

/** CH-4, CH-9: scrolling up comes to the beginning, gaps can be filled, and then everything visible is there. */
async function checkScrolling(world: World): Promise<void> {
  for (const device of world.devices) {
    for (const conversation of device.opened) {
      const truth = world.truth.conversations.get(conversation);
      if (truth === undefined || !isOpen(truth, device.user)) continue;
      await scroll(world, device, conversation);
      const view = device.core.timeline(conversation);
      const got = view.rows.map((row) => (row.type === 'gap' ? 'gap' : row.sequence));
      const wanted = visible(truth, device.user);
      if (got.join() !== wanted.join())
        world.fail('CH-9', `${device.name} shows ${got} of ${conversation}, not ${wanted}`);
      if (new Set(view.rows.map((row) => row.key)).size !== view.rows.length)
        world.fail('CH-9', `${device.name} ${conversation} repeats a key`);
      checkReceipts(world, device, { conversation: truth, rows: view.rows });
    }
  }
}

async function scroll(world: World, device: Device, conversation: ConversationId): Promise<void> {
  for (let pages = 0; pages < chatLimits.pageRowsMax; pages += 1) {
    const { rows, atStart } = device.core.timeline(conversation);
    const gap = rows.find((row) => row.type === 'gap');
    if (atStart && gap === undefined) return;
    if (gap !== undefined) device.core.fillGap(conversation, gap.low);
    else device.core.loadOlder(conversation);
    world.settle(device);
    await world.drain();
  }
  world.fail('CH-4', `${device.name} never comes to the beginning of ${conversation}`);
}

/** CH-23: a small group's and a direct peer's receipts, once they were asked for, are those of the members. */
function checkReceipts(
  world: World,
  device: Device,
  { conversation, rows }: { conversation: TrueConversation; rows: ReturnType<Device['core']['timeline']>['rows'] },
): void {
  if (conversation.large) return;
  for (const row of rows) {
    if (row.type !== 'message' || row.receipt === null || row.sequence === null) continue;
    const { sequence, receipt } = row;
    const readers = openUsers(conversation).filter((user) => {
      const member = conversation.members.get(user);
      const from = conversation.kind === 'direct' ? 0 : (member?.periods.at(-1)?.from ?? 0);
      return user !== device.user && from <= sequence && (member?.read ?? 0) >= sequence;
    });
    const shown = receipt.state === 'read' ? receipt.count : 0;
    if (shown !== readers.length)
      world.fail('CH-23', `${device.name} sees ${sequence} read by ${shown}, not ${readers.length}`);
  }
}
