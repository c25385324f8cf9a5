import type { ConversationId, KeyedCommand, MessageName, MessageRow } from '@everywire/chat';
import type { Device } from './device.js';
import type { World } from './world.js';
import { users } from './world-limits.js';

/** Where a person acts: a device and a conversation. */
export interface Place {
  readonly world: World;
  readonly device: Device;
  readonly conversation: ConversationId;
}

/** `Omit` for each member of a union separately. */
type DistributiveOmit<Each, Key extends PropertyKey> = Each extends unknown ? Omit<Each, Key> : never;

/** Enters a command in this conversation into the outbox of the device, with a new id. */
export function command(
  { world, device, conversation }: Place,
  rest: DistributiveOmit<KeyedCommand, 'id' | 'conversation'>,
): void {
  device.enqueue({ ...rest, conversation, id: world.mintId(32) } as KeyedCommand, world.now);
}

/** Returns a new text. Every fifth millisecond has a link, so that searches for links find some messages. */
export function textOf({ world, device }: Place): string {
  const link = world.now % 5 === 0 ? ' https://example.org/' : '';
  return `text of ${device.name} at ${world.now}${link}`;
}

const emojis = ['👍', '❤️', '😂'];

/** Actions on messages that the device holds. An action is chosen with a probability proportional to its weight. */
export const messageActions: readonly (readonly [weight: number, action: (place: Place) => void])[] = [
  [
    4,
    (place) =>
      onRow(place, isText, (message) => command(place, { command: 'send', text: textOf(place), quote: message })),
  ],
  [3, (place) => command(place, { command: 'send', text: textOf(place), mentions: someMentions(place) })],
  [7, (place) => onRow(place, isText, (message) => reply(place, message))],
  [5, editOwn],
  [3, (place) => onRow(place, (row) => isText(row) && row.sender === place.device.user, recall(place))],
  [1, (place) => onRow(place, isText, recall(place))],
  [9, react],
  [
    3,
    (place) =>
      onRow(place, isText, (message) =>
        command(place, { command: 'pin', message, set: place.world.random.chance(0.6) }),
      ),
  ],
  [
    4,
    (place) =>
      onRow(
        place,
        () => true,
        (message) => command(place, { command: 'hide', messages: [message] }),
      ),
  ],
  [2, forwardSomewhere],
  [4, openSomeThread],
  [3, readSomeThread],
  [1, closeSomeThread],
];

function isText(row: MessageRow): boolean {
  return row.body.kind === 'text';
}

/**
 * Acts on one of the messages that the device holds of this conversation, in half of the cases on the newest. Opens the
 * conversation instead if no held message fits.
 */
function onRow(
  { world, device, conversation }: Place,
  fits: (row: MessageRow) => boolean,
  act: (message: MessageName, row: MessageRow) => void,
): void {
  const log = device.core.store()?.logs.find((each) => each.conversation === conversation);
  const rows = (log?.rows ?? []).filter(fits).toSorted((a, b) => a.sequence - b.sequence);
  if (rows.length === 0) {
    device.open(conversation);
    return;
  }
  const row = world.random.chance(0.5) ? rows.at(-1) : world.random.pick(rows);
  if (row !== undefined) act({ sequence: row.sequence, id: row.id }, row);
}

function someMentions({ world }: Place): { readonly users: readonly number[]; readonly all: boolean } {
  const { random } = world;
  return { users: [random.pick(users), random.pick(users)], all: random.chance(0.3) };
}

function reply(place: Place, thread: MessageName): void {
  const mentions = place.world.random.chance(0.2) ? { mentions: { ...someMentions(place), all: false } } : {};
  command(place, { command: 'send', text: textOf(place), thread, ...mentions });
}

function editOwn(place: Place): void {
  const { world, device } = place;
  onRow(
    place,
    (row) => isText(row) && row.sender === device.user,
    (message, { edited }) => {
      const mentions = world.random.chance(0.3) ? { mentions: { ...someMentions(place), all: false } } : {};
      const base = edited?.modification ?? 0;
      command(place, { command: 'edit', message, base, text: `edited ${world.mintId(4)}`, ...mentions });
    },
  );
}

function recall(place: Place): (message: MessageName) => void {
  return (message) => command(place, { command: 'recall', message });
}

function react(place: Place): void {
  const { random } = place.world;
  onRow(place, isText, (message) =>
    command(place, { command: 'react', message, emoji: random.pick(emojis), set: random.chance(0.7) }),
  );
}

function forwardSomewhere(place: Place): void {
  const { world, device, conversation } = place;
  const known = device.core.entries().map(({ entry }) => entry.conversation);
  onRow(place, isText, (message) => {
    const target = world.random.pick(known);
    const id = world.mintId(32);
    device.enqueue({ command: 'forward', id, conversation: target, from: conversation, message }, world.now);
  });
}

function openSomeThread(place: Place): void {
  const { device, conversation } = place;
  onRow(
    place,
    (row) => row.replies !== undefined || row.thread !== undefined,
    (message, { thread }) => device.openThread(conversation, thread?.root ?? message.sequence),
  );
}

function readSomeThread({ world, device }: Place): void {
  if (device.threads.length === 0) return;
  const { conversation, root } = world.random.pick(device.threads);
  device.core.reading.markThreadRead(conversation, root);
  device.core.tick(world.now);
}

function closeSomeThread({ world, device }: Place): void {
  if (device.threads.length === 0) return;
  const { conversation, root } = world.random.pick(device.threads);
  device.closeThread(conversation, root);
}
