import type { Receipt, ReceiptEvent, UserId, WireReceipts } from '@everywire/chat';

/** How far one message got, counted over the members of a small group but its author. */
export interface Reach {
  readonly delivered: number;
  readonly read: number;
}

/** When one message reached somebody: at this time or before, milliseconds since the epoch; `null` for not yet. */
export interface Reader {
  readonly user: UserId;
  readonly deliveredAt: number | null;
  readonly readAt: number | null;
}

export function readerOf(receipt: Omit<Receipt, 'from'>, sequence: number): Reader {
  return {
    user: receipt.user,
    deliveredAt: receipt.delivered >= sequence ? receipt.deliveredAt : null,
    readAt: receipt.shown >= sequence ? receipt.shownAt : null,
  };
}

/** The receipts of one small group, as of its last opening and what was told since (CH-23). */
export class ReceiptBook {
  readonly #receipts = new Map<UserId, Receipt>();
  #membersAt = 0;
  #version = 0;

  get version(): number {
    return this.#version;
  }

  /** Of which membership the book is; an entry with a higher one makes it worth asking again. */
  get membersAt(): number {
    return this.#membersAt;
  }

  /** The whole vector. What is higher in the book came later than the snapshot and stays. */
  applyAnswer(answer: WireReceipts): void {
    if (answer.membersAt < this.#membersAt) return;
    const known = new Map(this.#receipts);
    this.#receipts.clear();
    this.#membersAt = answer.membersAt;
    for (const receipt of answer.receipts) this.#put(receipt, known.get(receipt.user));
    this.#version += 1;
  }

  applyEvent({ receipt, membersAt }: ReceiptEvent): void {
    const known = this.#receipts.get(receipt.user);
    if (known === undefined ? membersAt < this.#membersAt : receipt.from < known.from) return;
    this.#put(receipt, known);
    this.#version += 1;
  }

  /** How far each member but the author got with one message, by user id. */
  readersOf(sequence: number, author: UserId): readonly Reader[] {
    return [...this.#receipts.values()]
      .filter((receipt) => receipt.user !== author && receipt.from <= sequence)
      .sort((a, b) => a.user - b.user)
      .map((receipt) => readerOf(receipt, sequence));
  }

  /** For each of the sequences, which rise, how many others it reached: one sweep over both. */
  reach(sequences: readonly number[], author: UserId): readonly Reach[] {
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

/** How many of the spans hold each of the sequences, which rise. */
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
