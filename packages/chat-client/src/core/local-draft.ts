import type { ConversationId, SetDraft } from '@everywire/chat';

/** The text of one composer of this device. */
export interface LocalDraft {
  readonly text: string;
  /**
   * The revision on which this text is based: the one it may replace, and that sending it clears. `null` until an entry
   * provides one.
   */
  readonly base: number | null;
  /** `changed`: must be sent. `settled`: sent, but not shown by the entry yet. `refused`: the server does not accept it. */
  readonly state: 'changed' | 'settled' | 'refused';
  /** Revision of another device's draft that conflicted with it and was not overwritten. */
  readonly met?: number;
  /** Versions sent without an answer, the last ones: in flight, or lost with a connection of this run or an earlier one. */
  readonly sent: readonly SetDraft[];
  /** Order of the last change; rises. */
  readonly position: number;
}

/** The text of one composer as stored between runs; JSON. */
export interface KeptDraft extends LocalDraft {
  readonly conversation: ConversationId;
}
