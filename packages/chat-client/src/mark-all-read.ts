import type { ConversationId, Entry } from '@everywire/chat';

/** Of the core, what reading everything takes. */
export interface AllReadCore {
  /** The list is not here yet. */
  readonly empty: boolean;
  readonly moreEntries: boolean;
  loadMoreEntries(): void;
  entries(): readonly { readonly entry: Entry; readonly unread: number }[];
  topOf(conversation: ConversationId): number;
  markRead(conversation: ConversationId, top: number): void;
}

interface Source {
  whenLoaded(intent: (core: AllReadCore) => void): void;
}

/**
 * Reads what is there, page by page of the list as pages come. Each step looks at what the core holds after any change, so a lost connection only makes
 * it later; what was read is told by the core, over reconnections too. What arrives in a conversation that was gone through stays unread.
 */
export function markAllRead(
  engine: Source,
  subscribe: (listener: () => void) => () => void,
  unmark: (conversation: ConversationId) => void,
): void {
  const seen = new Set<ConversationId>();
  let inside = false;
  const readOne = (core: AllReadCore, { conversation, mark }: Entry, unread: number): void => {
    if (unread > 0) core.markRead(conversation, core.topOf(conversation));
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
  // Doing what the core wants tells of a change again.
  const look = (): void => {
    if (inside) return;
    inside = true;
    engine.whenLoaded(read);
    inside = false;
  };
  const end = subscribe(look);
  look();
}
