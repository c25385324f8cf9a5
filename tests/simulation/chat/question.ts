import type { Answers, Query, UserId } from '@everywire/chat';
import type { Truth } from './truth.js';

/** One thing that a question is answered with. */
export interface Item {
  /** What it is, whatever is said of it. */
  readonly key: string;
  /** Where it comes in the answer: compared part by part, the lowest first. */
  readonly place: PlaceOf;
  /** What is said of it; derived only where it is compared. */
  readonly shows: () => unknown;
}

export type PlaceOf = readonly (number | string)[];

/** What is true: all there is to be had, in any order, or why there is nothing. */
export type TrueAnswer = readonly Item[] | { readonly refused: string };

/** One answer: a part of it, and how to ask on; `next` is `null` at the end. */
export interface Part {
  readonly items: readonly Pick<Item, 'key' | 'shows'>[];
  readonly next: { readonly query: Query; readonly place: PlaceOf } | null;
}

/** A question of one person, and what it is about in words of the truth. */
export interface Question {
  readonly rule: string;
  readonly user: UserId;
  readonly query: Query;
  /** At most so many an answer. */
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
