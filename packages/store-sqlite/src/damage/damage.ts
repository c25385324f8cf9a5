/**
 * How a part of the store is damaged.
 *
 * - `unreadable`: SQLite cannot read it (`SQLITE_CORRUPT`).
 * - `missing`: rows of the log are missing.
 * - `altered`: a message differs from what was written; its checksum does not match.
 * - `structure`: SQLite's own check of a table and its indexes failed.
 */
export type DamageKind = 'unreadable' | 'missing' | 'altered' | 'structure';

/** One damaged part of a store, as precisely as it is known. */
export interface Damage {
  readonly kind: DamageKind;
  /** The table; `null` if SQLite does not report it. */
  readonly table: string | null;
  /** For damage to the log: the conversation, and the first and last sequence. Otherwise `null`. */
  readonly conversation: number | null;
  readonly from: number | null;
  readonly to: number | null;
  /** SQLite's message, for `unreadable` and `structure`; otherwise empty. */
  readonly detail: string;
}

/** Texts for one message, and for several. */
const RANGE_WORDS: { readonly [Kind in DamageKind]: readonly [one: string, several: string] } = {
  unreadable: ['cannot be read', 'cannot be read'],
  missing: ['is missing', 'are missing'],
  altered: ['is not what was written', 'are not what was written'],
  structure: ['cannot be read', 'cannot be read'],
};

/** Returns a damaged range of a conversation's log; both ends included. */
export function logDamage(kind: DamageKind, conversation: number, [from, to]: readonly [number, number]): Damage {
  return { kind, table: 'message', conversation, from, to, detail: '' };
}

/** Returns a damaged table, index or file. */
export function tableDamage(kind: DamageKind, table: string | null, detail: string): Damage {
  return { kind, table, conversation: null, from: null, to: null, detail };
}

/** Returns one line for an operator: which table or messages, and how they are damaged. */
export function describeDamage({ kind, table, conversation, from, to, detail }: Damage): string {
  if (conversation !== null && from !== null && to !== null) {
    const [one, several] = RANGE_WORDS[kind];
    if (from === to) return `message ${from} of conversation ${conversation} ${one}`;
    return `messages ${from} to ${to} of conversation ${conversation} ${several}`;
  }
  const what = table === null ? 'a part of the store' : `the table ${table}`;
  return `${what} is damaged: ${detail}`;
}
