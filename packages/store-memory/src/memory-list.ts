import type {
  BytesMax,
  ChatLimits,
  ConversationsAnswer,
  Entry,
  ListAnswer,
  ListPageAnswer,
  ListPosition,
  UserId,
} from '@everywire/chat';
import {
  assembleEntry,
  compareListPositions,
  entryActivity,
  findPreview,
  isDismissed,
  isMemberOf,
  isOpen,
  isSearchPlace,
  takeFitting,
} from '@everywire/chat/internal';
import { choicesOf } from './memory-privacy.js';
import { peerOf } from './memory-rows.js';
import {
  type MemoryConversation,
  type MemoryState,
  type MemoryTables,
  oldestRunning,
  type StampedMember,
} from './memory-tables.js';
import { countHidden, followedThreads, hiddenBy, mentionsOf } from './memory-threads.js';

/** One conversation of a user's list. */
interface Listed {
  readonly table: MemoryConversation;
  readonly row: StampedMember;
  /** The list stamp, wherever it is stored (CH-13). */
  readonly stamp: number;
}

interface EntriesWanted {
  readonly limit: number;
  readonly bytesMax: BytesMax | undefined;
  readonly limits: ChatLimits;
}

/** A parsed cursor. `after` is set between the pages of one answer; `next` is the cursor after the last page. */
interface Cursor {
  readonly since: number;
  readonly next: number;
  readonly after: { readonly stamp: number; readonly conversation: number } | null;
}

/**
 * Returns the entries of a user's list that changed since the cursor `text`, or the start of the list if the cursor
 * is missing, invalid or followed by too many changes.
 */
export function listChanged(
  state: MemoryState,
  user: UserId,
  text: string | null,
  { limit, bytesMax, limits }: EntriesWanted,
): ListAnswer {
  const cursor = parseCursor(state, text);
  const all = listed(state, user);
  if (cursor === null) return firstEntries('reset', state, all, { bytesMax, limits });
  const changed = all.filter(({ stamp }) => stamp >= cursor.since);
  if (cursor.after === null && changed.length > limits.listChangedMax)
    return firstEntries('limited', state, all, { bytesMax, limits });
  const { after } = cursor;
  const size = Math.min(limit, limits.listEntriesMax);
  const left = changed
    .filter(
      ({ stamp, table }) =>
        after === null || stamp > after.stamp || (stamp === after.stamp && table.conversation.id > after.conversation),
    )
    .sort((a, b) => a.stamp - b.stamp || a.table.conversation.id - b.table.conversation.id);
  const entries = fittingEntries(state, left.slice(0, size), { bytesMax, limits });
  const last = left[entries.length - 1];
  const more = left.length > entries.length && last !== undefined;
  return {
    outcome: 'changed',
    epoch: state.epoch,
    cursor: more
      ? formatCursor(state, {
          since: cursor.since,
          next: cursor.next,
          after: { stamp: last.stamp, conversation: last.table.conversation.id },
        })
      : formatCursor(state, { since: cursor.next, next: 0, after: null }),
    entries,
    more,
  };
}

/** Returns a page of a user's list in the visible order, after a position; `null` for the start. */
export function listPage(
  state: MemoryState,
  user: UserId,
  after: ListPosition | null,
  { limit, bytesMax, limits }: EntriesWanted,
): ListPageAnswer {
  const left = inOrder(listed(state, user)).filter(
    (item) => after === null || compareListPositions(positionOf(item), after) > 0,
  );
  const size = Math.min(limit, limits.listEntriesMax);
  const entries = fittingEntries(state, left.slice(0, size), { bytesMax, limits });
  return { epoch: state.epoch, entries, more: left.length > entries.length };
}

/** Returns the conversations of a user whose name contains `name`, or whose other member is one of `peers`. */
export function findConversations(
  state: MemoryState,
  user: UserId,
  {
    name,
    peers,
    after,
    limit,
    bytesMax,
  }: {
    readonly name: string;
    readonly peers: readonly UserId[];
    readonly after: ListPosition | null;
    readonly limit: number;
    readonly bytesMax?: BytesMax;
  },
  limits: ChatLimits,
): ConversationsAnswer {
  const left = inOrder(listed(state, user))
    .filter(({ row, table }) => {
      const peer = peerOf(table, user)?.user ?? null;
      return isMemberOf(table.conversation, row.member) && isSearchPlace(table.conversation, peer, [{ name, peers }]);
    })
    .filter((item) => after === null || compareListPositions(after, positionOf(item)) < 0);
  const entries = fittingEntries(state, left.slice(0, limit), { bytesMax, limits });
  const last = left.length > entries.length ? left[entries.length - 1] : undefined;
  return { epoch: state.epoch, entries, next: last === undefined ? null : positionOf(last) };
}

/** Returns a conversation as it appears in a user's list; `null` if the user was never a member. */
export function entryOf(state: MemoryState, user: UserId, conversation: number, limits: ChatLimits): Entry | null {
  const table = state.tables.conversations.get(conversation);
  const row = table?.members.get(user);
  return table === undefined || row === undefined ? null : entryFor(state.tables, { table, row, stamp: 0 }, limits);
}

function firstEntries(
  outcome: 'reset' | 'limited',
  state: MemoryState,
  all: readonly Listed[],
  { bytesMax, limits }: Omit<EntriesWanted, 'limit'>,
): ListAnswer {
  const ordered = inOrder(all);
  const entries = fittingEntries(state, ordered.slice(0, limits.bootstrapEntries), { bytesMax, limits });
  return {
    outcome,
    epoch: state.epoch,
    cursor: formatCursor(state, { since: oldestRunning(state.transactions), next: 0, after: null }),
    entries,
    more: ordered.length > entries.length,
  };
}

function fittingEntries(
  { tables }: MemoryState,
  items: readonly Listed[],
  { bytesMax, limits }: Omit<EntriesWanted, 'limit'>,
): readonly Entry[] {
  return takeFitting(
    items.map((item) => entryFor(tables, item, limits)),
    bytesMax,
  );
}

function listed({ tables }: MemoryState, user: UserId): readonly Listed[] {
  const found: Listed[] = [];
  for (const id of tables.conversationsOf.get(user) ?? []) {
    const table = tables.conversations.get(id);
    const row = table?.members.get(user);
    if (table === undefined || row === undefined) continue;
    const stamp = isOpen(row.member) ? Math.max(row.stamp, table.stamp) : row.stamp;
    found.push({ table, row, stamp });
  }
  return found;
}

function entryFor(tables: MemoryTables, { table, row: { member } }: Listed, limits: ChatLimits): Entry {
  const { conversation } = table;
  const peer = peerOf(table, member.user);
  const isBlocked = peer !== null && choicesOf(tables, member.user).blocked.has(peer.user);
  const hidden = hiddenBy(table, member.user);
  const outside = { root: 0, read: member.read };
  const shown = limits.mentionsShownMax + 1;
  return assembleEntry(
    {
      conversation,
      member,
      preview: findPreview(conversation, member, {
        get: (sequence) => table.messages[sequence - 1] ?? null,
        isHidden: (sequence) => hidden.has(sequence),
        stepsMax: limits.previewStepsMax,
      }),
      peer,
      blocked: isBlocked,
      hidden: countHidden(table, member.user, outside),
      mentions: mentionsOf(table, member.user, outside).slice(0, shown),
      threads: followedThreads(table, member).map((thread) => ({
        ...thread,
        mentions: Math.min(thread.mentions, shown),
      })),
    },
    limits,
  );
}

function inOrder(all: readonly Listed[]): readonly Listed[] {
  const shown = all.filter(({ table, row }) => !isDismissed(table.conversation, row.member));
  return shown.sort((a, b) => compareListPositions(positionOf(a), positionOf(b)));
}

function positionOf({ table, row }: Listed): ListPosition {
  const { conversation } = table;
  const { place } = row.member;
  return { place, activity: entryActivity(conversation, row.member), conversation: conversation.id };
}

function formatCursor({ epoch }: MemoryState, { since, next, after }: Cursor): string {
  return [epoch, since, ...(after === null ? [] : [next, after.stamp, after.conversation])].join('.');
}

/** Parses a cursor. Returns `null` for a missing, foreign, future or invalid cursor; each leads to a reset (CH-25). */
function parseCursor({ epoch, transactions }: MemoryState, text: string | null): Cursor | null {
  const [of, ...parts] = (text ?? '').split('.');
  const [since, next, stamp, conversation] = parts.map(Number);
  if (of !== epoch || since === undefined || !parts.every((part) => /^\d{1,15}$/.test(part))) return null;
  if (since > transactions.next) return null;
  if (parts.length === 1) return { since, next: oldestRunning(transactions), after: null };
  if (parts.length !== 4 || next === undefined || stamp === undefined || conversation === undefined) return null;
  return { since, next, after: { stamp, conversation } };
}
