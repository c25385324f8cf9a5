import type { ConversationId, Entry } from '@everywire/chat';

/** The part of the core that `markAllRead` uses. */
export interface AllReadCore {
  /** Whether the list is not loaded yet. */
  readonly empty: boolean;
  readonly moreEntries: boolean;
  loadMoreEntries(): void;
  entries(): readonly { readonly entry: Entry; readonly unread: number }[];
  topOf(conversation: ConversationId): number;
  readonly reading: { markRead(conversation: ConversationId, top: number): void };
}

interface Source {
  whenLoaded(intent: (core: AllReadCore) => void): void;
}

/**
 * Marks all conversations as read. Loads the list page by page and processes each page once the core has it, so a lost
 * connection only delays the work. A message that arrives in a conversation after it was processed stays unread.
 *
 * @param unmark removes the user's manual mark of a conversation
 */
export function markAllRead(
  engine: Source,
  subscribe: (listener: () => void) => () => void,
  unmark: (conversation: ConversationId) => void,
): void {
  const seen = new Set<ConversationId>();
  let inside = false;
  const readOne = (core: AllReadCore, { conversation, mark }: Entry, unread: number): void => {
    if (unread > 0) core.reading.markRead(conversation, core.topOf(conversation));
    if (mark) unmark(conversation);
  };
  const read = (core: AllReadCore): void => {
    for (const { entry, unread } of core.entries()) {
      if (!seen.has(entry.conversation) && entry.member) readOne(core, entry, unread);
      seen.add(entry.conversation);
    }
    if (core.moreEntries) core.loadMoreEntries();
    else if (!core.empty) end();
  };
  // `whenLoaded` itself notifies of a change, so a nested call is ignored.
  const look = (): void => {
    if (inside) return;
    inside = true;
    engine.whenLoaded(read);
    inside = false;
  };
  const end = subscribe(look);
  look();
}
