import type { MembersNotice, ReceiptEvent, TypingEvent, UserId } from '@everywire/chat';

/** What one node tells the others, once for all of them. */
export type NodeMessage = HintMessage | { readonly about: 'ended'; readonly ended: EndedAccess };

/** What its people are told: each node picks those of its own whom it concerns (CH-17). */
export type HintMessage =
  | { readonly about: 'commit'; readonly notice: MembersNotice }
  | { readonly about: 'receipts'; readonly receipts: readonly ReceiptEvent[] }
  | { readonly about: 'typing'; readonly typing: TypingEvent };

/** Whose access has ended in the store, so that their sessions and requests end on every node (SN-21). */
export type EndedAccess =
  | { readonly of: 'credentials'; readonly ids: readonly string[] }
  /** All of a person's, those that are being opened included. */
  | { readonly of: 'user'; readonly user: UserId }
  /** A person's tokens that a host application signed and dated until then, milliseconds since the epoch. */
  | { readonly of: 'signed'; readonly user: UserId; readonly until: number };
