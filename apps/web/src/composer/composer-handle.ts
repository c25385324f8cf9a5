import type { MessageRowView } from '@everywire/chat-client';

/** A message that goes back into the composer: one that was not sent, or one to be sent again. */
export type RestoredMessage = Pick<MessageRowView, 'text'> &
  Partial<Pick<MessageRowView, 'files' | 'mentions'>> & {
    /** Files that have not been uploaded. */
    readonly local?: readonly File[];
  };

/** What the conversation around a composer can do with it. */
export interface ComposerHandle {
  /** Restores a message: its text goes before the current text, its files are added to the pending ones. */
  put(back: RestoredMessage): void;
  focus(): void;
}
