import { openDatabase } from '@everywire/store-sqlite/internal';
import type { Sender } from './sender.js';

/** The damage in a store. All counts must be 0. */
export interface Damage {
  /** Acknowledged messages that are missing. */
  readonly lost: number;
  /** Messages that are in the log more than once. */
  readonly repeated: number;
  /** Conversations whose messages are not numbered without gaps. */
  readonly gaps: number;
  /** Messages that precede an earlier message of the same sender. */
  readonly disordered: number;
  /** Members without a correct position in the conversation list. */
  readonly unlisted: number;
  readonly integrity: string;
  /** An example, for debugging. */
  readonly first: string | null;
}

/** No damage. */
export const unharmed: Damage = {
  lost: 0,
  repeated: 0,
  gaps: 0,
  disordered: 0,
  unlisted: 0,
  integrity: 'ok',
  first: null,
};

const gaps = `SELECT count(*) FROM conversation c WHERE sequence <>
  (SELECT count(*) FROM message m WHERE m.conversation = c.id)
  OR sequence <> (SELECT max(m.sequence) FROM message m WHERE m.conversation = c.id)`;

/**
 * Counts members without their two correct positions in the list order. A position must match the member's row, or the
 * previous position in a noted move (docs/decisions/0101, 0520).
 */
export const unlisted = `SELECT count(*) FROM member m WHERE 2 <> (SELECT count(*) FROM list_order o
  WHERE o.user = m.user AND o.conversation = m.conversation AND o.value = iif(o.by = 0, m.stamp, -m.activity))
  AND NOT EXISTS (SELECT 1 FROM list_moved n WHERE n.user = m.user AND n.conversation = m.conversation
    AND 2 = (SELECT count(*) FROM list_order o
      WHERE o.user = n.user AND o.conversation = n.conversation AND o.value = iif(o.by = 0, n.stamp, n.value)))`;

/** A text message in the log. */
interface Row {
  readonly conversation: number;
  readonly sequence: number;
  readonly sender: number;
  readonly text: string;
}

/** Reads the log of a stopped server, and compares it with the records of the senders. */
export class LogInspection {
  readonly rows: readonly Row[];
  readonly #numbers: Pick<Damage, 'gaps' | 'unlisted' | 'integrity'>;

  constructor(file: string) {
    const database = openDatabase(file);
    const number = (sql: string): number => Number(database.prepare(sql).pluck().get());
    this.rows = database
      .prepare<[], Row>(
        `SELECT conversation, sequence, sender, body AS text FROM message WHERE kind = 0 ORDER BY conversation, sequence`,
      )
      .all();
    this.#numbers = {
      gaps: number(gaps),
      unlisted: number(unlisted),
      integrity: String(database.pragma('integrity_check', { simple: true })),
    };
    database.close();
  }

  /** Returns the damage. With `all`, every sent message must be there, not only the acknowledged ones. */
  damage(senders: readonly Sender[], all: boolean): Damage {
    const places = new Map<string, Row[]>();
    for (const row of this.rows) places.set(row.text, [...(places.get(row.text) ?? []), row]);
    const lost = senders.flatMap((sender) => [
      ...[...sender.acknowledged.values()]
        .filter(({ text, conversation, sequence }) => {
          const place = places.get(text)?.[0];
          const moved = sequence !== null && place?.sequence !== sequence;
          return place?.conversation !== conversation || place.sender !== sender.id || moved;
        })
        .map(({ text }) => `acknowledged and lost: ${text}`),
      ...(all ? sender.sent.filter(({ text }) => !places.has(text)).map(({ text }) => `never arrived: ${text}`) : []),
    ]);
    const repeated = [...places].filter(([, rows]) => rows.length > 1).map(([text]) => `twice: ${text}`);
    const disordered = senders.flatMap((sender) => outOfOrder(sender, this.rows));
    return {
      ...this.#numbers,
      lost: lost.length,
      repeated: repeated.length,
      disordered: disordered.length,
      first: [...lost, ...repeated, ...disordered][0] ?? null,
    };
  }

  /** Returns the newest texts of a conversation, oldest first. */
  newest(conversation: number, count: number): readonly string[] {
    return this.rows
      .filter((row) => row.conversation === conversation)
      .map(({ text }) => text)
      .slice(-count);
  }
}

/** Checks CH-1: the messages of one user in one conversation are committed in the order of sending. */
function outOfOrder(sender: Sender, rows: readonly Row[]): readonly string[] {
  const order = new Map(sender.sent.map(({ text }, index) => [text, index]));
  const last = new Map<number, number>();
  const wrong: string[] = [];
  for (const row of rows) {
    const index = order.get(row.text);
    if (index === undefined) continue;
    if (index < (last.get(row.conversation) ?? -1)) wrong.push(`out of order: ${row.text}`);
    last.set(row.conversation, index);
  }
  return wrong;
}
