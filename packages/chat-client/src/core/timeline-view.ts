import type { ChatErrorCode, ConversationId, Entry, MessageRow, UserId } from '@everywire/chat';
import type { ReceiptView } from '../chat-client.js';
import { type CachedLog, seeksUnread } from './log-cache.js';
import type { MessageAction } from './optimistic-actions.js';
import type { OutboxItem } from './outbox.js';
import { type CoreMessage, messageKey, type RowSources, type RowView, viewQuote, viewRow } from './row-view.js';
import { isWaiting, uploadedOf } from './waiting-file.js';

/** One row of a timeline. */
export type CoreRow =
  | RowView
  /** A gap: the sequences from `low` up to the next row are not held. */
  | { readonly type: 'gap'; readonly key: string; readonly low: number; readonly loading: boolean }
  /** Messages from `sequence` on that the server cannot read. */
  | { readonly type: 'damaged'; readonly key: string; readonly sequence: number };

/** The view of a conversation or thread: everything that its timeline on the page shows. */
export interface CoreTimeline {
  readonly rows: readonly CoreRow[];
  /** Whether the first row is the start of the history. */
  readonly atStart: boolean;
  /** Whether the first page, or an older one, is being requested. */
  readonly loading: boolean;
  /** Whether the server has no such conversation for this user. */
  readonly absent: boolean;
  /** Why a page was refused for good; `null` if it was not. The page is not requested again automatically. */
  readonly refused: ChatErrorCode | null;
  /**
   * Key of the first row that was unread when the conversation was opened; `null` if there is none or it is not held
   * yet.
   */
  readonly unreadKey: string | null;
  /** Whether the first unread row is being requested. */
  readonly unreadSought: boolean;
  /** Pinned messages, whether they are among `rows` or not. */
  readonly pins: readonly CoreMessage[];
}

/** Everything that a timeline depends on. */
export interface TimelineSources {
  readonly me: UserId;
  readonly entry: Entry | null;
  readonly cachedLog: CachedLog | null;
  readonly absent: boolean;
  /**
   * Messages of the outbox for this conversation or thread, in order. They are called echoes: the page shows a message
   * before the server has it.
   */
  readonly echoes: readonly OutboxItem[];
  /** The user's pending changes to messages of this conversation, in order. */
  readonly actions: readonly MessageAction[];
  readonly connected: boolean;
  /**
   * Returns whether a page is being requested: for the gap that begins at `low`, or for the older history if `low` is
   * `null`.
   */
  readonly isLoading: (low: number | null) => boolean;
}

/**
 * Returns the view of one conversation or thread: the held rows, with gaps between their spans, and then the echoes.
 */
export function viewTimeline(sources: TimelineSources): CoreTimeline {
  const { me, entry, cachedLog, absent } = sources;
  const shown = cachedLog !== null && entry?.member ? cachedLog : null;
  const inThread = shown?.log.root ?? null;
  const all = shown?.log.rows() ?? [];
  // Replies are part of the log, but are shown in their threads (CH-21).
  const held = inThread === null ? all.filter((row) => row.thread === undefined) : all;
  const rows = [...heldRows(sources, shown, held), ...echoRows(sources, all)];
  const unread = shown === null ? undefined : firstUnread(shown, held, me);
  const former = entry !== null && !entry.member;
  const refused = shown?.log.refused ?? null;
  return {
    rows,
    absent,
    atStart: former || (shown?.log.atStart ?? false),
    refused,
    loading: !former && !absent && (isFirstPageAwaited(shown) || sources.isLoading(null)),
    unreadKey: unread === undefined ? null : messageKey(unread),
    unreadSought: shown !== null && seeksUnread(shown),
    pins: viewPins(sources, shown),
  };
}

function isFirstPageAwaited(shown: CachedLog | null): boolean {
  return shown === null || (shown.log.modification === null && shown.log.refused === null);
}

/**
 * Returns the first message of another user after the read position, provided that no row between the two is missing;
 * otherwise `undefined`. Recalled messages do not count as unread (CH-19).
 */
function firstUnread(
  { log, readAtOpening }: CachedLog,
  held: readonly MessageRow[],
  me: UserId,
): MessageRow | undefined {
  if (readAtOpening === null) return undefined;
  const span = log.held.find(([low, high]) => low <= readAtOpening + 1 && high > readAtOpening);
  return held.find(
    ({ sequence, sender, body }) =>
      sequence > readAtOpening && sequence <= (span?.[1] ?? 0) && sender !== me && body.kind === 'text',
  );
}

/**
 * Returns the views of the held rows, with a gap row between two spans and with rows for damaged spans (messages that
 * the server cannot read).
 */
function heldRows(
  sources: TimelineSources,
  cachedLog: CachedLog | null,
  held: readonly MessageRow[],
): readonly CoreRow[] {
  if (cachedLog === null) return [];
  const receipts = ownReceipts(sources, cachedLog, held);
  const view = rowViewer(sources, cachedLog, receipts, (row, made) => cachedLog.views.view(row, made));
  const rows: CoreRow[] = [];
  const damaged = [...cachedLog.log.damaged];
  /** Adds the damaged spans before a sequence that are not shown yet. */
  const addDamaged = (before: number): void => {
    for (let [span] = damaged; span !== undefined && span[0] < before; [span] = damaged) {
      rows.push({ type: 'damaged', key: `damaged-${span[0]}`, sequence: span[0] });
      damaged.shift();
    }
  };
  let next = 0;
  for (const [index, [, high]] of cachedLog.log.held.entries()) {
    const low = (cachedLog.log.held[index - 1]?.[1] ?? 0) + 1;
    if (index > 0) rows.push({ type: 'gap', key: `gap-${low}`, low, loading: sources.isLoading(low) });
    for (let row = held[next]; row !== undefined && row.sequence <= high; row = held[next]) {
      addDamaged(row.sequence);
      rows.push(...view(row));
      next += 1;
    }
    addDamaged(high + 1);
  }
  return rows;
}

/**
 * Returns a function that returns the view of a row as an array with one element. The array is empty for a row that the
 * user is hiding.
 */
function rowViewer(
  { me, entry, actions }: TimelineSources,
  cachedLog: CachedLog,
  receipts: ReadonlyMap<number, ReceiptView>,
  viewOf: (row: MessageRow, made: RowSources) => RowView,
): (row: MessageRow) => readonly RowView[] {
  const hiding = new Set(
    actions.flatMap((action) => (action.command === 'hide' ? action.messages : [])).map(sequenceOf),
  );
  const unread = new Map(entry?.threads.map((thread) => [thread.root, thread.unread]));
  return (row) => {
    const { sequence } = row;
    if (hiding.has(sequence)) return [];
    const sources: RowSources = {
      me,
      quoted: (quoted) => cachedLog.log.quoted(quoted),
      receipt: receipts.get(sequence) ?? null,
      repliesUnread: unread.get(sequence) ?? 0,
      actions: actions.filter((action) => action.command !== 'hide' && action.message.sequence === sequence),
    };
    return [viewOf(row, sources)];
  };
}

function sequenceOf({ sequence }: { readonly sequence: number }): number {
  return sequence;
}

/**
 * Returns the pinned messages. Uses the row of the log where one is held, because it may be newer than the pinned one.
 */
function viewPins(sources: TimelineSources, cachedLog: CachedLog | null): readonly CoreMessage[] {
  if (cachedLog === null) return [];
  const view = rowViewer(sources, cachedLog, new Map(), viewRow);
  return cachedLog.pins.rows
    .map((row) => cachedLog.log.row(row.sequence) ?? row)
    .flatMap(view)
    .flatMap((row) => (row.type === 'message' && row.pinned !== null ? [row] : []));
}

/** Returns the receipts of the user's own held messages, by sequence. */
function ownReceipts(
  { me, entry }: TimelineSources,
  cachedLog: CachedLog,
  held: readonly MessageRow[],
): ReadonlyMap<number, ReceiptView> {
  const own = held.filter((row) => row.sender === me && row.body.kind === 'text').map((row) => row.sequence);
  const peer = entry?.peer ?? null;
  if (peer !== null) {
    return new Map(
      own.map((sequence) => [sequence, receiptOf(Number(peer.delivered >= sequence), Number(peer.shown >= sequence))]),
    );
  }
  const reach = cachedLog.receipts.reach(own, me);
  return new Map(
    own.map((sequence, index) => [sequence, receiptOf(reach[index]?.delivered ?? 0, reach[index]?.read ?? 0)]),
  );
}

/** Returns the receipt of a message that so many other members have received and read. */
function receiptOf(delivered: number, read: number): ReceiptView {
  if (read > 0) return { state: 'read', count: read };
  return delivered > 0 ? { state: 'delivered' } : { state: 'sent' };
}

/** Returns the views of the echoes, without those whose message has arrived in the log. */
function echoRows(
  { me, echoes, connected, cachedLog }: TimelineSources,
  logRows: readonly MessageRow[],
): readonly CoreRow[] {
  const arrived = new Set(logRows.filter((row) => row.sender === me).map((row) => row.commandId));
  return echoes.flatMap(({ command, createdAt, failed, held: reason, files = [] }): readonly CoreRow[] => {
    if (command.command !== 'send' || arrived.has(command.id)) return [];
    const sending: ReceiptView = reason === undefined ? { state: 'sending' } : { state: 'waiting', code: reason };
    const waiting: ReceiptView = connected ? sending : { state: 'waiting' };
    const { quote, mentions = null } = command;
    return [
      {
        type: 'message',
        key: messageKey({ sender: me, commandId: command.id }),
        sequence: null,
        sender: me,
        own: true,
        text: command.text,
        files: uploadedOf(files),
        ...(files.some(isWaiting) && { waitingFiles: files.filter(isWaiting) }),
        sentAt: createdAt,
        receipt: failed === null ? waiting : { state: 'failed', code: failed },
        quote: quote === undefined ? null : viewQuote(quote, (sequence) => cachedLog?.log.quoted(sequence)),
        mentions,
        mentionsMe: false,
        replies: 0,
        repliesUnread: 0,
        forwarded: null,
        textVersion: 0,
        editedAt: null,
        pinned: null,
        reactions: [],
        pending: true,
      },
    ];
  });
}

/** Returns the command id that a row's key contains (see `messageKey`). `retry` and `discard` need the id. */
export function commandIdOf(key: string): string {
  return key.slice(key.indexOf('-') + 1);
}

/**
 * Returns the last echo of each conversation, without replies in threads. The list shows the echo instead of the
 * preview.
 */
export function lastEchoes(items: readonly OutboxItem[]): ReadonlyMap<ConversationId, OutboxItem> {
  const last = new Map<ConversationId, OutboxItem>();
  for (const item of items) {
    const { command } = item;
    if (command.command === 'send' && command.thread === undefined) last.set(command.conversation, item);
  }
  return last;
}
