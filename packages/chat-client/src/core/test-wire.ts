import { type CommitEvent, type Entry, groupSettings, type MessageRow, type WirePage } from '@everywire/chat';

/**
 * Returns a message row for tests. This file creates rows, pages, events and entries, with defaults for everything that
 * a test does not specify.
 */
export function rowAt(sequence: number, changed: Partial<MessageRow> = {}): MessageRow {
  return {
    sequence,
    id: `id ${sequence}`,
    sender: 2,
    commandId: `command ${sequence}`,
    body: { kind: 'text', text: `text ${sequence}` },
    sentAt: sequence,
    modification: 0,
    ordinal: sequence,
    ...changed,
  };
}

/** Returns the answer to a page request, with the rows from `low` to `high`. `head`: the last sequence and modification. */
export function pageOf(
  low: number,
  high: number,
  head: { readonly sequence: number; readonly modification: number },
): WirePage {
  const rows = Array.from({ length: high - low + 1 }, (_, index) => rowAt(low + index));
  return { outcome: 'page', epoch: 'e', rows, covers: [low, high], head, hiddenAt: 0 };
}

/** Returns the event of a new message; `row` is `null` if the event does not carry the message. */
export function newRow(sequence: number, modification = 0, row: MessageRow | null = rowAt(sequence)): CommitEvent {
  return commit({ sequence: sequence - 1, modification }, { sequence, modification }, row);
}

/** Returns the event of a change to the message `sequence`, when the last sequence is `head`. */
export function touched(sequence: number, head: number, modification: number): CommitEvent {
  const row = rowAt(sequence, { modification, body: { kind: 'text', text: `touched ${modification}` } });
  return commit({ sequence: head, modification: modification - 1 }, { sequence: head, modification }, row);
}

function commit(before: CommitEvent['before'], after: CommitEvent['after'], row: MessageRow | null): CommitEvent {
  return {
    event: 'commit',
    epoch: 'e',
    conversation: 7,
    before,
    after,
    membersAt: 1,
    large: false,
    row,
    count: after.sequence,
    memberCount: 3,
    activity: after.sequence * 10,
  };
}

/** Returns the list entry of conversation 7, a group with ten messages that are read; `changed` replaces fields. */
export function entryOf(changed: Partial<Entry> = {}): Entry {
  return {
    conversation: 7,
    kind: 'group',
    sequence: 10,
    modification: 0,
    revision: 1,
    member: true,
    ended: null,
    role: 'member',
    name: 'group',
    picture: null,
    settings: groupSettings,
    membersAt: 1,
    memberCount: 3,
    large: false,
    activity: 100,
    count: 10,
    sent: 0,
    read: 10,
    readOrdinal: 10,
    readSent: 0,
    hidden: 0,
    unread: 0,
    mentions: 0,
    mentionAt: null,
    threads: [],
    threadsUnread: 0,
    pinsAt: 0,
    hiddenAt: 0,
    cleared: 0,
    mark: false,
    place: 'normal',
    mute: 0,
    notify: 'mentions',
    blocked: false,
    dismissed: false,
    draft: { text: '', revision: 0 },
    preview: rowAt(10),
    peer: null,
    ...changed,
  };
}
