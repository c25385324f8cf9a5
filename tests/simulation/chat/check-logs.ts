import type { MessageRow, UserId } from '@everywire/chat';
import type { Device } from './device.js';
import { headOf, isOpen, type TrueConversation } from './truth.js';
import { messageAt, repliesSeen, shownTo } from './truth-messages.js';
import type { World } from './world.js';

/**
 * CH-2, CH-8 to CH-11: checks a device against the truth, which is the expected state. In every held range (consecutive
 * sequences that the device holds), the device has each message that its user may see, in its current state, and no
 * other.
 */
export function checkLogs(world: World, device: Device): void {
  for (const log of device.core.store()?.logs ?? []) {
    const conversation = world.truth.conversations.get(log.conversation);
    const name = `${device.name} ${log.conversation}`;
    if (conversation !== undefined && isOpen(conversation, device.user)) {
      checkLog(world, device, { log, conversation, name });
    } else if (log.rows.length > 0) world.fail('CH-11', `rows are left of a former member: ${name}`);
  }
}

type StoredLog = NonNullable<ReturnType<Device['core']['store']>>['logs'][number];

function checkLog(
  world: World,
  { user }: Device,
  { log, conversation, name }: { log: StoredLog; conversation: TrueConversation; name: string },
): void {
  const expected = shownTo(conversation, user);
  const top = log.held.at(-1)?.[1] ?? 0;
  if (top !== headOf(conversation)) world.fail('CH-8', `${name} ends at ${top}, not ${headOf(conversation)}`);
  if (log.modification !== conversation.modification) {
    world.fail('CH-10', `${name} is at ${log.modification}, not ${conversation.modification}`);
  }
  const rows = new Map(log.rows.map((row) => [row.sequence, row]));
  const rowSequences = [...rows.keys()].toSorted((a, b) => a - b);
  const held = expected.filter((sequence) => log.held.some(([low, high]) => sequence >= low && sequence <= high));
  if (rowSequences.join() !== held.join())
    world.fail('CH-9', `${name} holds ${rowSequences}, not ${held} of ${JSON.stringify(log.held)}`);
  for (const sequence of held) {
    const has = rowAsSeen(rows.get(sequence));
    const truth = messageAsSeen(conversation, user, sequence);
    if (JSON.stringify(has) !== JSON.stringify(truth))
      world.fail('CH-10', `${name}/${sequence}\n    has   ${JSON.stringify(has)}\n    truth ${JSON.stringify(truth)}`);
  }
}

/** Returns the content of a row that a user sees, without times. Comparable with `messageAsSeen`. */
export function rowAsSeen(row: MessageRow | undefined): unknown {
  if (row === undefined) return null;
  const { body, modification, commandId, quote, mentions, thread, edited, pinned, reactions, replies, forwarded } = row;
  return {
    text: body.kind === 'text' ? body.text : null,
    recalled: body.kind === 'recalled',
    modification,
    commandId,
    quote: quote?.sequence ?? null,
    mentions: mentions ?? null,
    root: thread?.root ?? null,
    edits: [edited?.count ?? 0, edited?.modification ?? 0],
    pinnedBy: pinned?.by ?? null,
    reactions: reactions ?? [],
    replies: replies ?? 0,
    forwardedFrom: forwarded?.sender ?? null,
  };
}

/** Returns the expected content of a message as the user sees it. Comparable with `rowAsSeen`. */
export function messageAsSeen(conversation: TrueConversation, user: UserId, sequence: number): unknown {
  const message = messageAt(conversation, sequence);
  const { text, recalled, modification, commandId, quote, mentions, root, versions, edited } = message;
  return {
    text,
    recalled,
    modification,
    commandId,
    quote,
    mentions,
    root,
    edits: [versions.length, edited],
    pinnedBy: message.pinnedBy,
    reactions: message.reactions,
    replies: repliesSeen(conversation, user, sequence),
    forwardedFrom: message.forwardedFrom,
  };
}
