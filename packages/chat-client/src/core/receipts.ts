import type { Receipt, ReceiptEvent, UserId, WireReceipts } from '@everywire/chat';

/** How many members of a small group have received and read a message. The author does not count. */
export interface ReceiptReach {
  readonly delivered: number;
  readonly read: number;
}

/**
 * When a user received and read a message, in milliseconds since the epoch. The server knows only upper bounds: the
 * event happened at this time or earlier. `null`: not yet.
 */
export interface Reader {
  readonly user: UserId;
  readonly deliveredAt: number | null;
  readonly readAt: number | null;
}

/** Returns how far a user's receipt covers one message. */
export function readerOf(receipt: Omit<Receipt, 'from'>, sequence: number): Reader {
  return {
    user: receipt.user,
    deliveredAt: receipt.delivered >= sequence ? receipt.deliveredAt : null,
    readAt: receipt.shown >= sequence ? receipt.shownAt : null,
  };
}

/**
 * Holds the receipts of one small group (CH-23): how far each member has received and read its messages. In a large
 * group, the server only counts.
 */
export class Receipts {
  readonly #receipts = new Map<UserId, Receipt>();
  #membersAt = 0;
  /** Rises with each change, so that views can be cached. */
  #version = 0;

  get version(): number {
    return this.#version;
  }

  /** Returns the membership version of the receipts. They must be requested again if the entry has a higher one. */
  get membersAt(): number {
    return this.#membersAt;
  }

  /**
   * Replaces all receipts by those of an answer. Keeps a higher position of an event that arrived before the answer.
   * Ignores an answer with an older membership.
   */
  applyAnswer(answer: WireReceipts): void {
    if (answer.membersAt < this.#membersAt) return;
    const known = new Map(this.#receipts);
    this.#receipts.clear();
    this.#membersAt = answer.membersAt;
    for (const receipt of answer.receipts) this.#put(receipt, known.get(receipt.user));
    this.#version += 1;
  }

  /** Applies a receipt event. Ignores an event that is older than the last change of the member's membership. */
  applyEvent({ receipt, membersAt }: ReceiptEvent): void {
    const known = this.#receipts.get(receipt.user);
    if (known === undefined ? membersAt < this.#membersAt : receipt.from < known.from) return;
    this.#put(receipt, known);
    this.#version += 1;
  }

  /**
   * Returns, ordered by user id, when each member except the author received and read one message. Omits members who
   * joined after the message.
   */
  readersOf(sequence: number, author: UserId): readonly Reader[] {
    return [...this.#receipts.values()]
      .filter((receipt) => receipt.user !== author && receipt.from <= sequence)
      .sort((a, b) => a.user - b.user)
      .map((receipt) => readerOf(receipt, sequence));
  }

  /**
   * Returns for each of the ascending sequences how many members, without the author, have received and read the
   * message. Takes one pass over all sequences.
   */
  reach(sequences: readonly number[], author: UserId): readonly ReceiptReach[] {
    const others = [...this.#receipts.values()].filter((receipt) => receipt.user !== author);
    const reads = sweep(
      sequences,
      others.map(({ from, shown }) => [from, shown]),
    );
    const deliveries = sweep(
      sequences,
      others.map(({ from, delivered }) => [from, delivered]),
    );
    return sequences.map((_, index) => ({ delivered: deliveries[index] ?? 0, read: reads[index] ?? 0 }));
  }

  #put(receipt: Receipt, known: Receipt | undefined): void {
    const before = known?.from === receipt.from ? known : null;
    const { shown, shownAt, delivered, deliveredAt } = before ?? receipt;
    this.#receipts.set(receipt.user, {
      ...receipt,
      ...(shown > receipt.shown && { shown, shownAt }),
      ...(delivered > receipt.delivered && { delivered, deliveredAt }),
    });
  }
}

/**
 * Returns for each of the ascending sequences how many spans contain it. This is the number of spans that started at or
 * before the sequence minus the number that ended before it.
 */
function sweep(
  sequences: readonly number[],
  spans: readonly (readonly [from: number, to: number])[],
): readonly number[] {
  const starts = spans.map(([from]) => from).sort((a, b) => a - b);
  const ends = spans.map(([, to]) => to).sort((a, b) => a - b);
  let [started, ended] = [0, 0];
  return sequences.map((sequence) => {
    while ((starts[started] ?? Number.POSITIVE_INFINITY) <= sequence) started += 1;
    while ((ends[ended] ?? Number.POSITIVE_INFINITY) < sequence) ended += 1;
    return started - ended;
  });
}
