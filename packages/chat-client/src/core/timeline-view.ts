import type { ConversationId, Entry, MessageRow, ServiceChange, UserId } from '@everywire/chat';
import type { Receipt } from '../chat-client.js';
import type { Volume } from './log-shelf.js';
import type { OutboxItem } from './outbox.js';

/** One row of a timeline, with user ids where the page wants people. `key` never changes, not when an echo becomes a message. */
export type CoreRow =
  | {
      readonly type: 'message';
      readonly key: string;
      /** `null` while it waits in the outbox. */
      readonly sequence: number | null;
      readonly sender: UserId;
      readonly own: boolean;
      readonly text: string;
      readonly sentAt: number;
      /** `null` for others' messages. */
      readonly receipt: Receipt | null;
    }
  | {
      readonly type: 'service';
      readonly key: string;
      readonly sequence: number;
      readonly sender: UserId;
      readonly service: ServiceChange;
      readonly sentAt: number;
    }
  /** Sequences from `low` on that are not held, up to the next row. */
  | { readonly type: 'gap'; readonly key: string; readonly low: number; readonly loading: boolean };

export interface CoreTimeline {
  readonly rows: readonly CoreRow[];
  /** Nothing older exists. */
  readonly atStart: boolean;
  /** The first page, or an older one, is being asked. */
  readonly loading: boolean;
  /** The server knows of no such conversation of this user. */
  readonly absent: boolean;
  /** The first row that was unread when the conversation was opened. */
  readonly unreadKey: string | null;
}

export interface TimelineSources {
  readonly me: UserId;
  readonly entry: Entry | null;
  readonly volume: Volume | null;
  readonly absent: boolean;
  /** Of this conversation, in order, sends only. */
  readonly echoes: readonly OutboxItem[];
  readonly connected: boolean;
  /** Whether the gap from `low` on, or with `null` the older history, is being asked. */
  readonly isLoading: (low: number | null) => boolean;
}

/** What the page shows of one conversation: held rows with gaps between their spans, then what waits in the outbox. */
export function viewTimeline(sources: TimelineSources): CoreTimeline {
  const { me, entry, volume, absent } = sources;
  const shown = volume !== null && entry?.member ? volume : null;
  const held = shown?.log.rows() ?? [];
  const rows = [...heldRows(sources, shown, held), ...echoRows(sources, held)];
  const readAt = shown?.readAtOpening ?? null;
  const unread =
    readAt === null
      ? undefined
      : held.find((row) => row.sequence > readAt && row.sender !== me && row.body.kind === 'text');
  const former = entry !== null && !entry.member;
  return {
    rows,
    absent,
    atStart: former || (shown?.log.atStart ?? false),
    loading: !former && !absent && (shown === null || shown.log.modification === null || sources.isLoading(null)),
    unreadKey: unread === undefined ? null : messageKey(unread),
  };
}

/** Made of what the sending device knew from the start, so that it outlives the echo. */
function messageKey(row: Pick<MessageRow, 'sender' | 'commandId'>): string {
  return `${row.sender}-${row.commandId}`;
}

function heldRows(sources: TimelineSources, volume: Volume | null, held: readonly MessageRow[]): readonly CoreRow[] {
  if (volume === null) return [];
  const receipts = ownReceipts(sources, volume, held);
  const spans = volume.log.held;
  const rows: CoreRow[] = [];
  let span = 0;
  for (const row of held) {
    while (row.sequence > (spans[span]?.[1] ?? row.sequence)) {
      const low = (spans[span]?.[1] ?? 0) + 1;
      rows.push({ type: 'gap', key: `gap-${low}`, low, loading: sources.isLoading(low) });
      span += 1;
    }
    rows.push(viewRow(row, sources.me, receipts.get(row.sequence) ?? null));
  }
  return rows;
}

function viewRow(row: MessageRow, me: UserId, receipt: Receipt | null): CoreRow {
  const { body, sequence, sender, sentAt } = row;
  const key = messageKey(row);
  if (body.kind === 'service') return { type: 'service', key, sequence, sender, service: body.service, sentAt };
  return { type: 'message', key, sequence, sender, own: sender === me, text: body.text, sentAt, receipt };
}

function ownReceipts(
  { me, entry }: TimelineSources,
  volume: Volume,
  held: readonly MessageRow[],
): ReadonlyMap<number, Receipt> {
  const own = held.filter((row) => row.sender === me && row.body.kind === 'text').map((row) => row.sequence);
  const peer = entry?.peer ?? null;
  if (peer !== null) {
    return new Map(
      own.map((sequence) => [sequence, receiptOf(Number(peer.delivered >= sequence), Number(peer.shown >= sequence))]),
    );
  }
  const reach = volume.receipts.reach(own, me);
  return new Map(
    own.map((sequence, index) => [sequence, receiptOf(reach[index]?.delivered ?? 0, reach[index]?.read ?? 0)]),
  );
}

function receiptOf(delivered: number, read: number): Receipt {
  if (read > 0) return { state: 'read', count: read };
  return delivered > 0 ? { state: 'delivered' } : { state: 'sent' };
}

function echoRows({ me, echoes, connected }: TimelineSources, held: readonly MessageRow[]): readonly CoreRow[] {
  const arrived = new Set(held.filter((row) => row.sender === me).map((row) => row.commandId));
  return echoes.flatMap(({ command, createdAt, failed }): readonly CoreRow[] => {
    if (command.command !== 'send' || arrived.has(command.id)) return [];
    const waiting: Receipt = connected ? { state: 'sending' } : { state: 'waiting' };
    return [
      {
        type: 'message',
        key: messageKey({ sender: me, commandId: command.id }),
        sequence: null,
        sender: me,
        own: true,
        text: command.text,
        sentAt: createdAt,
        receipt: failed === null ? waiting : { state: 'failed', code: failed },
      },
    ];
  });
}

/** The command id within a row's key, for `retry` and `discard`. */
export function commandIdOf(key: string): string {
  return key.slice(key.indexOf('-') + 1);
}

/** The last text that waits to be sent in each conversation: what the list shows instead of the preview. */
export function lastEchoes(items: readonly OutboxItem[]): ReadonlyMap<ConversationId, OutboxItem> {
  const last = new Map<ConversationId, OutboxItem>();
  for (const item of items) if (item.command.command === 'send') last.set(item.command.conversation, item);
  return last;
}
