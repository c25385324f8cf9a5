import type {
  BytesMax,
  ChatLimits,
  ConversationId,
  Entry,
  ListAnswer,
  ListPageAnswer,
  ListPosition,
  Member,
  Store,
  UserId,
} from '@everywire/chat';
import { AnswerBytes, assembleEntry, type FollowedThread, findPreview, unreadOf } from '@everywire/chat/internal';
import { peerOf } from './conversation-table.js';
import type { Tables } from './tables.js';

type ListReads = {
  readonly [Method in 'list' | 'listPage' | 'entry']: (
    ...question: Parameters<Store[Method]>
  ) => Awaited<ReturnType<Store[Method]>>;
};

/**
 * Creates the reads of the port about a user's list. Each call is one snapshot, because no write can run between its
 * statements.
 */
export function createListReads(tables: Tables, limits: ChatLimits): ListReads {
  const { epoch, listOrder } = tables;

  const findEntry = (user: UserId, id: ConversationId): Entry | null => {
    const conversation = tables.conversations.get(id);
    const member = conversation && tables.members.get(id, user);
    if (conversation === null || member === null) return null;
    const preview = findPreview(conversation, member, {
      get: (sequence) => tables.log.find(id, sequence),
      isHidden: (sequence) => tables.hidden.isHidden(member, sequence),
      stepsMax: limits.previewStepsMax,
    });
    const peerUser = peerOf(conversation, user);
    const peer = peerUser === null ? null : tables.members.get(id, peerUser);
    const outside = { root: 0, read: member.read };
    const hidden = tables.hidden.count(member, outside);
    const mentions = tables.mentions.above(id, user, outside, limits.mentionsShownMax + 1);
    const threads = findThreads(member);
    const blocked = peerUser !== null && tables.privacy.blocks(user, peerUser);
    return assembleEntry({ conversation, member, preview, peer, blocked, hidden, mentions, threads }, limits);
  };
  /** Mentions and hidden messages are read only if something is unread. */
  const findThreads = (member: Member): readonly FollowedThread[] =>
    tables.threads
      .follows(member.conversation, member.user)
      .filter(({ follow, count }) => unreadOf({ ...follow, count, hidden: 0 }) > 0)
      .map(({ follow, count }) => ({
        follow,
        count,
        hidden: tables.hidden.count(member, follow),
        mentions: tables.mentions.above(member.conversation, member.user, follow, limits.mentionsShownMax + 1).length,
      }));
  /** Returns entries of the first rows that fit. `looked` is their number. */
  const findEntries = (
    user: UserId,
    rows: ReadonlyArray<{ readonly conversation: ConversationId }>,
    bytesMax: BytesMax | undefined,
  ): { readonly entries: readonly Entry[]; readonly looked: number } => {
    const bytes = new AnswerBytes(bytesMax);
    const entries: Entry[] = [];
    for (const [looked, { conversation }] of rows.entries()) {
      const entry = findEntry(user, conversation);
      if (entry === null) continue;
      if (!bytes.fits(entry)) return { entries, looked };
      entries.push(entry);
    }
    return { entries, looked: rows.length };
  };

  const takePage = (
    user: UserId,
    after: ListPosition | null,
    size: number,
    bytesMax: BytesMax | undefined,
  ): ListPageAnswer => {
    const positions = listOrder.page(user, after, size + 1);
    const { entries, looked } = findEntries(user, positions.slice(0, size), bytesMax);
    return { epoch, entries, more: positions.length > looked };
  };
  const firstPage = (
    user: UserId,
    outcome: 'limited' | 'reset',
    cursor: string,
    bytesMax: BytesMax | undefined,
  ): ListAnswer => {
    const { entries, more } = takePage(user, null, limits.bootstrapEntries, bytesMax);
    return { outcome, epoch, cursor, entries, more };
  };

  return {
    list: (user, cursor, limit, bytesMax) => {
      const size = Math.min(limit, limits.listEntriesMax);
      const next = tables.lastStamp() + 1;
      const since = parseCursor(epoch, cursor);
      if (since === null || since > next) return firstPage(user, 'reset', formatCursor(epoch, next), bytesMax);
      const changed = listOrder.changedSince(user, since, limits.listChangedMax + 1);
      if (changed.length > limits.listChangedMax)
        return firstPage(user, 'limited', formatCursor(epoch, next), bytesMax);
      const { entries, looked } = findEntries(user, changed.slice(0, size), bytesMax);
      const more = changed.length > looked;
      // Each stamp belongs to one conversation, so the page may end between any two entries.
      const end = more ? (changed[looked - 1]?.stamp ?? since - 1) + 1 : next;
      return { outcome: 'changed', epoch, cursor: formatCursor(epoch, end), entries, more };
    },
    listPage: (user, after, limit, bytesMax) => takePage(user, after, Math.min(limit, limits.listEntriesMax), bytesMax),
    entry: (user, conversation) => ({ epoch, entry: findEntry(user, conversation) }),
  };
}

/** Formats a cursor: the lowest stamp not sent yet, with its epoch (CH-14). */
function formatCursor(epoch: string, stamp: number): string {
  return `${epoch}.${stamp}`;
}

/** Parses a cursor; returns `null` if it is not one of this epoch. */
function parseCursor(epoch: string, cursor: string | null): number | null {
  const digits = cursor?.startsWith(`${epoch}.`) ? cursor.slice(epoch.length + 1) : '';
  return /^\d{1,15}$/.test(digits) ? Number(digits) : null;
}
