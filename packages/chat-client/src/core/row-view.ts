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
import type { Receipt } from '../chat-client.js';
import type { Deed } from './deed-book.js';
import type { WaitingFile } from './waiting-file.js';

/** What a quote shows (CH-22). */
export type CoreQuote =
  | {
      readonly state: 'shown';
      readonly sequence: number;
      readonly sender: UserId;
      readonly text: string;
      readonly files: readonly FileRef[];
      readonly mentions: Mentions | null;
    }
  /** Recalled, hidden, or not this person's to see. */
  | { readonly state: 'unavailable' }
  | { readonly state: 'loading' };

/** A message, with user ids where the page wants people. */
export interface CoreMessage {
  readonly type: 'message';
  /** Never changes, not when an echo becomes a message. */
  readonly key: string;
  /** `null` while it waits in the outbox. */
  readonly sequence: number | null;
  readonly sender: UserId;
  readonly own: boolean;
  readonly text: string;
  readonly files: readonly FileRef[];
  /** Of a message in the outbox: what has not gone up yet. */
  readonly waitingFiles?: readonly WaitingFile[];
  readonly sentAt: number;
  /** `null` for others' messages. */
  readonly receipt: Receipt | null;
  readonly quote: CoreQuote | null;
  readonly mentions: Mentions | null;
  readonly mentionsMe: boolean;
  /** Replies in its thread. */
  readonly replies: number;
  /** Those of them that are unread, where the thread is followed. */
  readonly repliesUnread: number;
  readonly forwarded: MessageMarks['forwarded'] | null;
  /** What an edit of it is based on. */
  readonly edition: number;
  readonly editedAt: number | null;
  readonly pinned: MessageMarks['pinned'] | null;
  readonly reactions: readonly Reaction[];
  /** Something was done to it here that the server has not taken yet. */
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

/** What a row of the log looks like. */
export type RowView = CoreMessage | CoreService | CoreRecalled;

/** What a row's view is made of besides the row. */
export interface RowSources {
  readonly me: UserId;
  readonly quoted: (sequence: number) => MessageRow | null | undefined;
  readonly receipt: Receipt | null;
  readonly repliesUnread: number;
  /** On this row, in order. */
  readonly deeds: readonly Deed[];
}

/** Made of what the sending device knew from the start, so that it outlives the echo. */
export function messageKey(row: Pick<MessageRow, 'sender' | 'commandId'>): string {
  return `${row.sender}-${row.commandId}`;
}

export function viewRow(held: MessageRow, sources: RowSources): RowView {
  const { me, deeds } = sources;
  const row = deeds.reduce((each, deed) => afterDeed(each, deed, me), held);
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
    edition: edited?.modification ?? 0,
    editedAt: edited?.at ?? null,
    pinned,
    reactions,
    pending: deeds.length > 0,
  };
}

export function viewQuote({ sequence }: MessageName, quoted: RowSources['quoted']): CoreQuote {
  const row = quoted(sequence);
  if (row === undefined) return { state: 'loading' };
  if (row === null || row.body.kind !== 'text') return { state: 'unavailable' };
  const { sender, body, mentions = null } = row;
  return { state: 'shown', sequence, sender, text: body.text, files: body.files ?? [], mentions };
}

/** The row as it will be, as far as that is known here. */
function afterDeed(row: MessageRow, deed: Deed, me: UserId): MessageRow {
  switch (deed.command) {
    case 'edit':
      if (row.body.kind !== 'text') return row;
      return {
        ...row,
        body: { ...row.body, text: deed.text },
        edited: { at: row.edited?.at ?? row.sentAt, modification: deed.base, count: 1 },
      };
    case 'recall':
      return { ...row, body: { kind: 'recalled', by: me } };
    case 'react':
      return { ...row, reactions: reactionsAfter(row.reactions ?? [], deed.emoji, deed.set, me) };
    case 'pin': {
      const { pinned, ...rest } = row;
      return deed.set ? { ...rest, pinned: pinned ?? { by: me, at: row.sentAt } } : rest;
    }
    case 'hide':
      return row;
  }
}

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
