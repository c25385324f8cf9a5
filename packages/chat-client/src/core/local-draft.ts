import type { ConversationId, SetDraft } from '@everywire/chat';

/** What stands in one composer of this device. */
export interface LocalDraft {
  readonly text: string;
  /** The revision this text grew from: what it may take the place of, and what sending it clears. `null` until an entry says one. */
  readonly base: number | null;
  /** `changed`: to be told. `settled`: told; the entry does not show it yet. `refused`: the server will not have it. */
  readonly state: 'changed' | 'settled' | 'refused';
  /** The revision of another device's draft that it met, and left alone. */
  readonly met?: number;
  /** Told, and not known whether it arrived: under way, or gone with a connection, of this run or one before. The last ones. */
  readonly told: readonly SetDraft[];
  /** Order of the last change; rises. */
  readonly position: number;
}

/** What stands in one composer, as it is kept between two runs of the application; JSON. */
export interface KeptDraft extends LocalDraft {
  readonly conversation: ConversationId;
}
