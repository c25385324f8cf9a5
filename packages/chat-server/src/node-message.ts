import type { MembersNotice, ReceiptEvent, TypingEvent } from '@everywire/chat';

/** What one node tells the others, once for all of them: each picks those of its own people whom it concerns (CH-17). */
export type NodeMessage =
  | { readonly about: 'commit'; readonly notice: MembersNotice }
  | { readonly about: 'receipts'; readonly receipts: readonly ReceiptEvent[] }
  | { readonly about: 'typing'; readonly typing: TypingEvent };
