import type {
  FileRef,
  Mentions,
  MessageMarks,
  MessageName,
  MessageRow,
  Reaction,
  ServiceChange,
  UserId,
} from '@everywire/chat';
import type { ReceiptView } from '../chat-client.js';
import type { MessageAction } from './optimistic-actions.js';
import type { WaitingFile } from './waiting-file.js';

/** The view of a quote (CH-22). */
export type CoreQuote =
  | {
      readonly state: 'shown';
      readonly sequence: number;
      readonly sender: UserId;
      readonly text: string;
      readonly files: readonly FileRef[];
      readonly mentions: Mentions | null;
    }
  /** Recalled, hidden, or not visible to this user. */
  | { readonly state: 'unavailable' }
  | { readonly state: 'loading' };

/**
 * A message as the core shows it. It contains user ids, which the shell (the code around the core) resolves to people.
 */
export interface CoreMessage {
  readonly type: 'message';
  /**
   * Identifies the message in the view. The key stays the same when an echo (a message that waits in the outbox)
   * becomes a message of the log.
   */
  readonly key: string;
  /** `null` while the message waits in the outbox. */
  readonly sequence: number | null;
  readonly sender: UserId;
  readonly own: boolean;
  readonly text: string;
  readonly files: readonly FileRef[];
  /** Attachments of a message in the outbox that are not uploaded yet. */
  readonly waitingFiles?: readonly WaitingFile[];
  readonly sentAt: number;
  /** `null` for others' messages. */
  readonly receipt: ReceiptView | null;
  readonly quote: CoreQuote | null;
  readonly mentions: Mentions | null;
  readonly mentionsMe: boolean;
  /** Replies in its thread. */
  readonly replies: number;
  /** Unread replies, if the thread is followed. */
  readonly repliesUnread: number;
  readonly forwarded: MessageMarks['forwarded'] | null;
  /** The base of an edit: the modification of the last one, 0 for none. */
  readonly textVersion: number;
  readonly editedAt: number | null;
  readonly pinned: MessageMarks['pinned'] | null;
  readonly reactions: readonly Reaction[];
  /** Whether it has local changes that the server has not committed yet. */
  readonly pending: boolean;
}

interface CoreService {
  readonly type: 'service';
  readonly key: string;
  readonly sequence: number;
  readonly sender: UserId;
  readonly service: ServiceChange;
  readonly sentAt: number;
}

interface CoreRecalled {
  readonly type: 'recalled';
  readonly key: string;
  readonly sequence: number;
  readonly sender: UserId;
  readonly own: boolean;
  readonly by: UserId;
  readonly sentAt: number;
  readonly replies: number;
  readonly repliesUnread: number;
}

/** The view of one row of the log. */
export type RowView = CoreMessage | CoreService | CoreRecalled;

/** Everything that the view of a row depends on, in addition to the row. */
export interface RowSources {
  readonly me: UserId;
  readonly quoted: (sequence: number) => MessageRow | null | undefined;
  readonly receipt: ReceiptView | null;
  readonly repliesUnread: number;
  /** The user's pending changes to this row, in order. */
  readonly actions: readonly MessageAction[];
}

/**
 * Returns the key of a message. The sending device knows both parts of the key from the start, so the waiting message
 * in the outbox and the message of the log have the same key.
 */
export function messageKey(row: Pick<MessageRow, 'sender' | 'commandId'>): string {
  return `${row.sender}-${row.commandId}`;
}

/** Returns the view of a row, with this user's pending changes applied. */
export function viewRow(logRow: MessageRow, sources: RowSources): RowView {
  const { me, actions } = sources;
  const row = actions.reduce((each, action) => afterAction(each, action, me), logRow);
  const { sequence, sender, sentAt, body, replies = 0 } = row;
  const key = messageKey(row);
  if (body.kind === 'service') return { type: 'service', key, sequence, sender, service: body.service, sentAt };
  const { repliesUnread } = sources;
  const place = { key, sequence, sender, own: sender === me, sentAt, replies, repliesUnread };
  if (body.kind === 'recalled') return { type: 'recalled', ...place, by: body.by };
  const { edited, forwarded = null, pinned = null, reactions = [] } = row;
  return {
    type: 'message',
    ...place,
    text: body.text,
    files: body.files ?? [],
    receipt: sources.receipt,
    quote: row.quote === undefined ? null : viewQuote(row.quote, sources.quoted),
    mentions: row.mentions ?? null,
    mentionsMe: row.mentions !== undefined && (row.mentions.all || row.mentions.users.includes(me)),
    forwarded,
    textVersion: edited?.modification ?? 0,
    editedAt: edited?.at ?? null,
    pinned,
    reactions,
    pending: actions.length > 0,
  };
}

/** Returns the view of a quoted message. */
export function viewQuote({ sequence }: MessageName, quoted: RowSources['quoted']): CoreQuote {
  const row = quoted(sequence);
  if (row === undefined) return { state: 'loading' };
  if (row === null || row.body.kind !== 'text') return { state: 'unavailable' };
  const { sender, body, mentions = null } = row;
  return { state: 'shown', sequence, sender, text: body.text, files: body.files ?? [], mentions };
}

/** Returns the row as it will be after an action, before the server has confirmed the action. */
function afterAction(row: MessageRow, action: MessageAction, me: UserId): MessageRow {
  switch (action.command) {
    case 'edit':
      if (row.body.kind !== 'text') return row;
      return {
        ...row,
        body: { ...row.body, text: action.text },
        edited: { at: row.edited?.at ?? row.sentAt, modification: action.base, count: 1 },
      };
    case 'recall':
      return { ...row, body: { kind: 'recalled', by: me } };
    case 'react':
      return { ...row, reactions: reactionsAfter(row.reactions ?? [], action.emoji, action.set, me) };
    case 'pin': {
      const { pinned, ...rest } = row;
      return action.set ? { ...rest, pinned: pinned ?? { by: me, at: row.sentAt } } : rest;
    }
    case 'hide':
      return row;
  }
}

/** Returns the reactions after user `me` has set or removed an emoji. Drops reactions without users. */
function reactionsAfter(before: readonly Reaction[], emoji: string, set: boolean, me: UserId): readonly Reaction[] {
  const known = before.some((reaction) => reaction.emoji === emoji);
  const all = known || !set ? before : [...before, { emoji, users: [] }];
  return all
    .map((reaction) => {
      if (reaction.emoji !== emoji) return reaction;
      const others = reaction.users.filter((user) => user !== me);
      return set && reaction.users.includes(me) ? reaction : { emoji, users: set ? [...others, me] : others };
    })
    .filter(({ users }) => users.length > 0);
}
