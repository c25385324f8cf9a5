import type { ConversationId, Entry, UserId } from '@everywire/chat';
import { checkLogs } from './check-logs.js';
import { checkScrolling } from './check-views.js';
import type { Device } from './device.js';
import { headOf, isOpen, openUsers, type TrueConversation } from './truth.js';
import { attentionOf } from './truth-messages.js';
import { isDismissed } from './truth-own.js';
import type { World } from './world.js';
import { worldLimits } from './world-limits.js';

/**
 * Checks a quiet point of the simulation. Delivers everything in flight and lets every device fetch all changes. Then
 * compares the state of each device and of the store with the truth, which is the expected state.
 */
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

/** Connects all devices and delivers everything in flight. Then each device resumes, that is, fetches all changes. */
async function settleAll(world: World): Promise<void> {
  for (const device of world.devices) if (!device.online) world.connect(device);
  await world.drain();
  // Several rounds, because a retried command may cause further requests.
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

/**
 * CH-11: if an entry of the conversation list has the same version as the server's entry, both are equal, even if the
 * device updated its entry from events. Called before the devices fetch anything again.
 */
async function checkVersions(world: World, device: Device): Promise<void> {
  const version = ({ sequence, modification, revision }: Entry): string => [sequence, modification, revision].join();
  for (const { entry } of device.core.entries()) {
    const fresh = (await world.store.entry(device.user, entry.conversation)).entry;
    if (fresh === null || version(fresh) !== version(entry)) continue;
    if (JSON.stringify(sorted(entry)) !== JSON.stringify(sorted(fresh)))
      world.fail('CH-11', differing(device, entry, fresh));
  }
}

/** Describes how the entry that a device has differs from the server's entry. */
function differing(device: Device, entry: Entry, fresh: Entry | null): string {
  return `entry ${entry.conversation} of ${device.name}\n    has   ${JSON.stringify(sorted(entry))}\n    truth ${JSON.stringify(sorted(fresh))}`;
}

/** CH-4, CH-12: while nothing changes, the list of changes since a device's cursor is empty. */
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

/**
 * CH-2, CH-11, CH-13, CH-19: each entry equals the entry that a new device would receive. Its unread counts equal the
 * numbers of such messages in the truth.
 */
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

/** Returns the fields of an entry in alphabetical order, so that the order of fields does not matter. */
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
        picture: conversation.picture,
        read: conversation.members.get(user)?.read,
        large: conversation.large,
        kind: conversation.kind,
        role: conversation.members.get(user)?.role,
        settings: conversation.settings,
        memberCount: openUsers(conversation).length,
        ...attentionOf(conversation, user),
        own: trueOwn(conversation, user),
        draft: conversation.members.get(user)?.draft,
      }
    : { member: false, sequence: conversation.members.get(user)?.periods.at(-1)?.to, unread: 0, preview: null };
  const { member, sequence, modification, name, picture, read, large, kind, role, memberCount } = entry;
  const { send, add, rename, join } = entry.settings;
  const settings = { send, add, rename, join };
  const has = open
    ? {
        member,
        sequence,
        modification,
        name,
        picture,
        read,
        large,
        kind,
        role,
        settings,
        memberCount,
        unread,
        mentions: entry.mentions,
        mentionAt: entry.mentionAt,
        threads: entry.threads,
        preview: entry.preview?.sequence ?? null,
        own: ownOf(entry),
        draft: entry.draft,
      }
    : { member, sequence, unread, preview: entry.preview };
  if (JSON.stringify(has) !== JSON.stringify(expected)) {
    world.fail(
      'CH-19',
      `entry ${entry.conversation} of ${user}\n    has   ${JSON.stringify(has)}\n    truth ${JSON.stringify(expected)}`,
    );
  }
}

/** Returns the personal settings in an entry. Comparable with `trueOwn`. */
function ownOf({ place, mute, notify, mark, cleared, dismissed }: Entry): unknown {
  return { place, mute, notify, mark, cleared, dismissed };
}

/** Returns the expected personal settings of the user; `null` for a user who was never a member. */
function trueOwn(conversation: TrueConversation, user: UserId): unknown {
  const own = conversation.members.get(user)?.own;
  if (own === undefined) return null;
  const { place, mute, mark, cleared } = own;
  const notify = own.notify ?? (conversation.kind === 'group' || conversation.kind === 'channel' ? 'mentions' : 'all');
  return { place, mute, notify, mark, cleared, dismissed: isDismissed(conversation, user, isOpen(conversation, user)) };
}

/** CH-15, CH-24: the list is in order, and contains the newest entries. */
async function checkOrder(world: World, device: Device): Promise<void> {
  let listed = shownBy(device);
  const entries = await wholeList(world, device);
  const all = entries.map((entry) => entry.conversation);
  const places = entries.map(({ place }) => ['pinned', 'normal', 'archived'].indexOf(place));
  if (places.join() !== places.toSorted().join()) world.fail('CH-24', `the list of ${device.name} has ${places}`);
  const newest = all.slice(0, worldLimits.bootstrapEntries);
  // Entries that moved up when others were archived are not held yet, and load by scrolling.
  while (device.core.moreEntries && newest.some((id) => !listed.includes(id))) {
    device.core.loadMoreEntries();
    world.settle(device);
    await world.drain();
    listed = shownBy(device);
  }
  const missing = newest.filter((id) => !listed.includes(id));
  if (missing.length > 0) world.fail('CH-15', `the list of ${device.name} lacks ${missing} of ${newest}`);
  const expected = all.filter((id) => listed.includes(id));
  if (listed.join() !== expected.join())
    world.fail('CH-15', `the list of ${device.name} is ${listed}, not ${expected}`);
}

/** Reads the user's whole conversation list from the store. */
async function wholeList(world: World, { user }: Device): Promise<readonly Entry[]> {
  const entries: Entry[] = [];
  for (let more = true; more; ) {
    const page = await world.store.listPage(user, entries.at(-1) ?? null, worldLimits.listEntriesMax);
    entries.push(...page.entries);
    more = page.more;
  }
  return entries;
}

function shownBy(device: Device): readonly ConversationId[] {
  return device.core.entries().map(({ entry }) => entry.conversation);
}

/**
 * CH-1: every message that the device sent is in the truth once, in the order in which it was entered. The outbox
 * (stored commands that the server has not answered) is empty.
 */
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

/**
 * CH-1, CH-5, CH-18: the store's logs equal those of the truth, without gaps or repetitions. A deleted conversation
 * leaves no messages behind (CH-36).
 */
function checkTruth(world: World): void {
  const { tables } = world.store.backup();
  for (const [id, conversation] of world.truth.conversations) {
    const stored = tables.conversations.get(id);
    const storedMessages = stored?.messages.map((message) =>
      [message.sequence, message.sender, message.commandId, message.modification].join(),
    );
    const remaining = conversation.deletedFrom === null ? conversation.messages : [];
    const expected = remaining.map((message, index) =>
      [index + 1, message.sender, message.commandId, message.modification].join(),
    );
    if (storedMessages?.join(' ') !== expected.join(' '))
      world.fail('CH-5', `log ${id} is ${storedMessages?.join(' ')}, not ${expected.join(' ')}`);
    const commands = conversation.messages.map((message) => `${message.sender} ${message.commandId}`);
    if (new Set(commands).size !== commands.length) world.fail('CH-18', `log ${id} has a command twice`);
  }
}
