import type { Answers, Query, UserId } from '@everywire/chat';
import type { Truth } from './truth.js';

/** One item of an answer. */
export interface Item {
  /** Identifies the item, independent of its content. */
  readonly key: string;
  /** The position in the answer, compared part by part. The lowest comes first. */
  readonly place: PlaceOf;
  /** The visible content; computed only where it is compared. */
  readonly shows: () => unknown;
}

/** A position in an answer. */
export type PlaceOf = readonly (number | string)[];

/** The expected answer: all items in any order, or the error code of the refusal. */
export type TrueAnswer = readonly Item[] | { readonly refused: string };

/** One page of an answer, and the cursor of the next; `next` is `null` at the end. */
export interface Part {
  readonly items: readonly Pick<Item, 'key' | 'shows'>[];
  readonly next: { readonly query: Query; readonly place: PlaceOf } | null;
}

/** A query of one user, and its expected answer. */
export interface Question {
  /** The rule of `docs/spec/chat.md` that a wrong answer violates, such as `CH-29`. */
  readonly rule: string;
  readonly user: UserId;
  readonly query: Query;
  /** The most items in one answer. */
  readonly limit: number;
  /** Computes the expected answer from the truth, which is the expected state of all conversations. */
  readonly truth: (truth: Truth, now: number) => TrueAnswer;
  /** Converts the server's answer. */
  readonly read: (ok: Answers[keyof Answers]) => Part;
}

/** Returns a negative number if `a` comes before `b`, a positive number if after, and 0 if they are equal. */
export function comparePlaces(a: PlaceOf, b: PlaceOf): number {
  for (const [index, part] of a.entries()) {
    const other = b[index] ?? 0;
    if (part !== other) return part < other ? -1 : 1;
  }
  return 0;
}
