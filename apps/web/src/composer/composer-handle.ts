import type { MessageRowView } from '@everywire/chat-client';

/** A message that was not sent, or is to be said anew. */
export type PutBack = Pick<MessageRowView, 'text'> &
  Partial<Pick<MessageRowView, 'files' | 'mentions'>> & {
    /** Files that have not gone up. */
    readonly local?: readonly File[];
  };

/** What the conversation around a composer does with it. */
export interface ComposerHandle {
  /** Puts it back: its text before what is there, its files beside those that wait. */
  put(back: PutBack): void;
  focus(): void;
}
