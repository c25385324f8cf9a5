import type { ConversationId, Message, PageAnchor, PageRequest } from '@everywire/chat';
import {
  coverReadable,
  fitPage,
  jsonBytes,
  type PagePlan,
  type PageSides,
  planPage,
  planThreadPage,
  type ThreadPlan,
  type VisibleRange,
} from '@everywire/chat/internal';
import type { Queries } from '../database/database.js';
import { readMessages } from './seen-messages.js';

/** $1 the conversation, $2 sequences. Reads the stored size of messages without reading their content. */
const LENGTHS = `SELECT sequence, octet_length(body) + coalesce(octet_length(extra), 0) AS bytes FROM message
  WHERE conversation = $1::int8 AND sequence = ANY($2::int8[])`;

/**
 * $1 the conversation, $2 the root, $3 and $4 the spans that the member may see, $5 the sequence where the page begins,
 * $6 the limit. Finds the root and the replies nearest to the sequence, at or below it (`DOWN`) or at or above it
 * (`UP`).
 */
const THREAD = `SELECT m.sequence FROM message m JOIN unnest($3::int8[], $4::int8[]) AS s(low, high) ON m.sequence BETWEEN s.low AND s.high
  WHERE m.conversation = $1::int8 AND (m.sequence = $2::int8 OR m.root = $2::int8)`;
const THREAD_DOWN = `${THREAD} AND m.sequence <= $5::int8 ORDER BY m.sequence DESC LIMIT $6::int8`;
const THREAD_UP = `${THREAD} AND m.sequence >= $5::int8 ORDER BY m.sequence LIMIT $6::int8`;

/** The part of a log that one member may see. `head` is the last sequence of the conversation. */
export interface SeenPage {
  readonly visible: readonly VisibleRange[];
  readonly head: number;
}

/** The readable part of a page. `covers` is the range that the page answers for; `damaged`, what it lacks in it. */
export interface Readable {
  readonly rows: readonly Message[];
  readonly covers: VisibleRange | null;
  readonly damaged: readonly VisibleRange[];
}

/**
 * Reads a page of the log. First plans the page by the stored sizes of the messages, so that the statement hardly reads
 * more than an answer can hold; then plans it again by the sizes as JSON, which are never smaller.
 */
export async function readLogPage(
  at: Queries,
  id: ConversationId,
  { visible, head }: SeenPage,
  request: PageRequest,
): Promise<Readable> {
  const plan = (sides: PageSides): PagePlan & { readonly sequences: readonly number[] } => {
    const { spans, covers } = planPage(visible, head, request.anchor, sides);
    return { spans, covers, sequences: spans.flatMap(sequencesOf) };
  };
  let looked = fitPage({ ...request, bytesMax: undefined }, { plan, bytesOf: () => 0 });
  if (request.bytesMax !== undefined) {
    const rows = await at.query<{ sequence: number; bytes: number }>(LENGTHS, [id, looked.sequences]);
    const lengths = new Map(rows.map(({ sequence, bytes }) => [sequence, bytes]));
    looked = fitPage(request, { plan, bytesOf: (sequence) => lengths.get(sequence) ?? 0 });
  }
  const rows = await readMessages(at, id, looked.sequences);
  const read = new Set(looked.sequences);
  const bytesOf = (sequence: number) =>
    read.has(sequence) ? bytesOfRow(rows.get(sequence)) : Number.POSITIVE_INFINITY;
  return withinCovers(rows, fitPage(request, { plan, bytesOf }), request.anchor);
}

/** Reads a page of a thread: the root and its replies. */
export async function readThreadPage(
  at: Queries,
  id: ConversationId,
  seen: SeenPage,
  request: PageRequest,
  root: number,
): Promise<Readable> {
  const { anchor, limit } = request;
  const { lowest, highest } = sidesOf(anchor, seen.head);
  const spans = [seen.visible.map(([low]) => low), seen.visible.map(([, high]) => high)];
  const side = async (text: string, from: number): Promise<readonly number[]> =>
    (await at.query<{ sequence: number }>(text, [id, root, ...spans, from, limit + 1])).map(({ sequence }) => sequence);
  const down = highest === null ? [] : (await side(THREAD_DOWN, highest)).toReversed();
  const up = lowest === null ? [] : await side(THREAD_UP, lowest);
  const within = (sequences: readonly number[], [low, high]: VisibleRange) =>
    sequences.filter((each) => each >= low && each <= high);
  const reader = {
    newest: (span: VisibleRange, most: number) => (most <= 0 ? [] : within(down, span).slice(-most)),
    oldest: (span: VisibleRange, most: number) => within(up, span).slice(0, Math.max(0, most)),
  };
  const rows = await readMessages(at, id, [...down, ...up]);
  const plan = (sides: PageSides): ThreadPlan => planThreadPage({ ...seen, anchor, sides }, reader);
  const found = fitPage(request, { plan, bytesOf: (sequence) => bytesOfRow(rows.get(sequence)) });
  const wanted = new Set(found.sequences);
  return withinCovers(new Map([...rows].filter(([sequence]) => wanted.has(sequence))), found, anchor);
}

/**
 * Returns where the two sides of a page begin: the older side at `highest`, downwards, and the newer side at `lowest`,
 * upwards. A side that the page does not have is `null`.
 */
function sidesOf(
  anchor: PageAnchor,
  head: number,
): { readonly highest: number | null; readonly lowest: number | null } {
  switch (anchor.at) {
    case 'end':
      return { highest: head, lowest: null };
    case 'before':
      return { highest: Math.min(anchor.sequence - 1, head), lowest: null };
    case 'after':
      return { highest: null, lowest: Math.max(anchor.sequence + 1, 1) };
    case 'around': {
      const middle = Math.min(Math.max(anchor.sequence, 1), head);
      return { highest: middle, lowest: middle + 1 };
    }
  }
}

function withinCovers(rows: ReadonlyMap<number, Message>, wanted: ThreadPlan, anchor: PageAnchor): Readable {
  const { covers, damaged } = coverReadable(wanted, anchor, (sequence) => rows.has(sequence));
  const isCovered = ({ sequence }: Message): boolean =>
    covers !== null && sequence >= covers[0] && sequence <= covers[1];
  return { rows: [...rows.values()].filter(isCovered).sort((a, b) => a.sequence - b.sequence), covers, damaged };
}

/** Returns the size of a row as JSON with a separator; 0 for an unreadable row. */
function bytesOfRow(row: Message | undefined): number {
  return row === undefined ? 0 : jsonBytes(row) + 1;
}

function sequencesOf([low, high]: VisibleRange): readonly number[] {
  return Array.from({ length: high - low + 1 }, (_, index) => low + index);
}
