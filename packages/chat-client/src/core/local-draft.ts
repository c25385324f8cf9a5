import type { ConversationId, SetDraft } from '@everywire/chat';

/**
 * The text that the user has typed into the composer (the input field) of one conversation on this device. `Drafts`
 * holds one for each conversation whose text differs from the draft that the server has.
 */
export interface LocalDraft {
  readonly text: string;
  /**
   * Revision of the server's draft on which this text is based. Writing this text replaces that revision, and sending
   * the message clears it. `null` until an entry of the conversation provides a revision.
   */
  readonly base: number | null;
  /**
   * `changed`: the server must still receive this text. `settled`: the server has received the text, but no entry
   * contains it yet. `refused`: the server does not accept the text.
   */
  readonly state: 'changed' | 'settled' | 'refused';
  /** Revision of another device's draft that conflicted with it and was not overwritten. */
  readonly met?: number;
  /**
   * The latest versions that were sent and not answered. They are in flight, or were lost with a connection of this run
   * or of an earlier run of the application.
   */
  readonly sent: readonly SetDraft[];
  /** Number that orders the drafts by their last change. The draft that changed last has the highest number. */
  readonly position: number;
}

/** The text of one composer as stored between runs; JSON. */
export interface KeptDraft extends LocalDraft {
  readonly conversation: ConversationId;
}
