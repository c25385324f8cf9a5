import type { ReceiptView, ServiceChangeView, TimelineRow, TimelineSnapshot } from '@everywire/chat-client';
import { fit, plain, widthOf, wrap } from './cells.js';
import { accent, alarm, bold, dim } from './screen.js';
import type { TerminalWords } from './words.js';

/** One line of a timeline, drawn. `row` is what it shows a part of; empty for what belongs to no row. */
export interface TimelineLine {
  readonly row: string;
  readonly text: string;
  /** Whether it stands for history that is not loaded yet. */
  readonly gap: boolean;
}

/** The time within which messages of one person are grouped under one name, ms. */
const TOGETHER_MS = 300_000;
/** The width of the receipt after an own message, cells. */
const RECEIPT_CELLS = 4;

/** Renders a timeline as lines of exactly `width` cells, oldest first. */
export function timelineLines(
  snapshot: TimelineSnapshot,
  width: number,
  words: TerminalWords,
): readonly TimelineLine[] {
  const lines: TimelineLine[] = [];
  const put = (row: string, text: string, gap = false): void => void lines.push({ row, text, gap });
  put('', dim(centred(snapshot.atStart ? words.beginning : words.olderLoading, width)));
  let before: TimelineRow | null = null;
  for (const row of snapshot.rows) {
    if (isDated(row) && !isSameDay(before, row)) put('', dim(ruled(dayOf(row.sentAt), width)));
    if (row.key === snapshot.unreadKey) put('', alarm(ruled(words.unreadFrom, width)));
    putRow(row, before, { width, words, put });
    before = row;
  }
  return lines;
}

interface Drawing {
  readonly width: number;
  readonly words: TerminalWords;
  readonly put: (row: string, text: string, gap?: boolean) => void;
}

function putRow(row: TimelineRow, before: TimelineRow | null, { width, words, put }: Drawing): void {
  if (row.type === 'gap') {
    put(row.key, dim(centred(words.gap, width)), true);
    return;
  }
  if (row.type !== 'message') {
    for (const line of wrap(noticeText(row, words), width - 2)) {
      put(row.key, dim(centred(line, width)));
    }
    return;
  }
  if (!isTogether(before, row)) {
    const name = plain(row.own ? words.you : row.sender.displayName);
    put(
      row.key,
      fitStyled(
        `${(row.own ? accent : bold)(name)} ${dim(timeOf(row.sentAt))}`,
        `${name} ${timeOf(row.sentAt)}`,
        width,
      ),
    );
  }
  const texts = wrap(row.text, width - 2 - RECEIPT_CELLS);
  for (const [at, text] of texts.entries()) {
    const receipt = at === texts.length - 1 && row.receipt !== null ? receiptText(row.receipt) : '';
    put(row.key, `  ${fit(text, widthOf(text))}${receipt === '' ? '' : ` ${receipt}`}`);
  }
}

function receiptText(receipt: ReceiptView): string {
  switch (receipt.state) {
    case 'waiting':
    case 'sending':
      return dim('…');
    case 'sent':
      return dim('✓');
    case 'delivered':
      return dim('✓✓');
    case 'read':
      return accent('✓✓');
    case 'failed':
      return alarm('✗');
  }
}

function noticeText(
  row: Extract<TimelineRow, { type: 'service' | 'recalled' | 'damaged' }>,
  words: TerminalWords,
): string {
  if (row.type === 'damaged') return words.damaged;
  if (row.type === 'recalled') return `${row.by.displayName} ${words.recalled}`;
  return `${row.sender.displayName} ${changeText(row.change, words)}`;
}

function changeText(change: ServiceChangeView, words: TerminalWords): string {
  switch (change.change) {
    case 'added':
    case 'removed':
      return `${words[change.change]} ${change.people.map(({ displayName }) => displayName).join(', ')}`;
    case 'role':
      return `${words.role[change.role]} ${change.person.displayName}`;
    case 'renamed':
      return `${words.renamed} ${change.name}`;
    case 'picture':
      return change.set ? words.pictureSet : words.pictureRemoved;
    default:
      return words[change.change];
  }
}

function isTogether(before: TimelineRow | null, row: Extract<TimelineRow, { type: 'message' }>): boolean {
  return before?.type === 'message' && before.sender.id === row.sender.id && row.sentAt - before.sentAt < TOGETHER_MS;
}

type DatedRow = Exclude<TimelineRow, { type: 'gap' | 'damaged' }>;

function isDated(row: TimelineRow): row is DatedRow {
  return row.type !== 'gap' && row.type !== 'damaged';
}

function isSameDay(before: TimelineRow | null, row: DatedRow): boolean {
  return before !== null && isDated(before) && dayOf(before.sentAt) === dayOf(row.sentAt);
}

function timeOf(at: number): string {
  const date = new Date(at);
  return `${two(date.getHours())}:${two(date.getMinutes())}`;
}

function dayOf(at: number): string {
  const date = new Date(at);
  return `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`;
}

function two(number: number): string {
  return String(number).padStart(2, '0');
}

/** Returns the styled line, or the cut plain one if it is too long. */
function fitStyled(text: string, bare: string, width: number): string {
  return widthOf(bare) <= width ? text : fit(bare, width);
}

function centred(text: string, width: number): string {
  const own = plain(text);
  return fit(`${' '.repeat(Math.max(0, Math.floor((width - widthOf(own)) / 2)))}${own}`, width);
}

function ruled(text: string, width: number): string {
  const side = Math.max(1, Math.floor((width - widthOf(text) - 2) / 2));
  return fit(`${'─'.repeat(side)} ${text} ${'─'.repeat(side)}`, width);
}
