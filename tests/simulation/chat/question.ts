import type { Answers, Query, UserId } from '@everywire/chat';
import type { Truth } from './truth.js';

/** One item of an answer. */
export interface Item {
  /** Identifies the item, independent of its content. */
  readonly key: string;
  /** The position in the answer: compared part by part, the lowest first. */
  readonly place: PlaceOf;
  /** The visible content; computed only where it is compared. */
  readonly shows: () => unknown;
}

export type PlaceOf = readonly (number | string)[];

/** The true answer: all items in any order, or why there is none. */
export type TrueAnswer = readonly Item[] | { readonly refused: string };

/** One page of an answer, and the cursor of the next; `next` is `null` at the end. */
export interface Part {
  readonly items: readonly Pick<Item, 'key' | 'shows'>[];
  readonly next: { readonly query: Query; readonly place: PlaceOf } | null;
}

/** A query of one person, and its true answer. */
export interface Question {
  readonly rule: string;
  readonly user: UserId;
  readonly query: Query;
  /** The most items in one answer. */
  readonly limit: number;
  readonly truth: (truth: Truth, now: number) => TrueAnswer;
  readonly read: (ok: Answers[keyof Answers]) => Part;
}

export function comparePlaces(a: PlaceOf, b: PlaceOf): number {
  for (const [index, part] of a.entries()) {
    const other = b[index] ?? 0;
    if (part !== other) return part < other ? -1 : 1;
  }
  return 0;
}
