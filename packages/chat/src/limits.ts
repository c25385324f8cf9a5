/**
 * Limits of the chat domain. All are maximum values unless stated otherwise. A server may change them; clients learn about them from
 * refusals.
 */
export interface ChatLimits {
  /**
   * Open members up to which a conversation is small. In a small one, each member's row is stamped, and each member is notified by name
   * (CH-13).
   */
  readonly smallMembersMax: number;
  /** Open members of a group. */
  readonly groupMembersMax: number;
  /** Open members of a channel. */
  readonly channelMembersMax: number;
  /** Usable invitations of one conversation. */
  readonly invitesMax: number;
  /** Users whom one user may block. */
  readonly blockedUsersMax: number;
  /** Groups of one `directory` answer. */
  readonly directoryPageMax: number;
  /** Large conversations of which a user may be an open member. Bounded because a resume reads each of them (CH-13). */
  readonly largeConversationsMax: number;
  /** Users that one `add` or `create` may name. Bounds the rows of one change. */
  readonly addUsersMax: number;
  /** Visible sequences of one page (CH-9). */
  readonly pageRowsMax: number;
  /** Rows of one `changes` answer (CH-10). */
  readonly changesRowsMax: number;
  /** Modifications behind the head above which `changes` answers `reset` without a scan (CH-10). */
  readonly changesBumpsMax: number;
  /** Entries of one `list` or `listPage` answer. */
  readonly listEntriesMax: number;
  /** Changed entries above which `list` answers `limited` (CH-15). */
  readonly listChangedMax: number;
  /** Entries in the first answer to `list`, and in a limited or reset one. */
  readonly bootstrapEntries: number;
  /**
   * Guests and suspended users who are skipped when an owner leaves and a new owner is chosen. If there are more, one of them may become
   * the owner.
   */
  readonly heirsAvoidedMax: number;
  /** Members of one `members` answer. */
  readonly membersPageMax: number;
  /** Message names of one `messages` request, and user ids of one `people` request. */
  readonly namesMax: number;
  /** Periods (stays) kept for one member. A further one drops the oldest. */
  readonly periodsMax: number;
  /** Rows that one change may request. */
  readonly needsRowsMax: number;
  /** UTF-8 bytes of a message's text. */
  readonly textBytesMax: number;
  /** Milliseconds after sending during which its sender may recall a message. */
  readonly recallMs: number;
  /** Milliseconds after sending during which a message may be edited. */
  readonly editMs: number;
  /** Edits of one message. Bounds its history. */
  readonly editsMax: number;
  /** Different emojis on one message. */
  readonly reactionEmojisMax: number;
  /** Reactions on one message. Bounds its row. */
  readonly reactionsMax: number;
  /** UTF-8 bytes of one emoji; the longest in use, a family with skin tones, has 41. */
  readonly emojiBytesMax: number;
  /** Pinned messages of a conversation. */
  readonly pinsMax: number;
  /** Users that one message may mention. */
  readonly mentionsMax: number;
  /** Files of one message. */
  readonly filesMax: number;
  /** Unread mentions that are counted exactly. If there are more, the count is this number plus one (CH-20). */
  readonly mentionsShownMax: number;
  /** Threads that a member may follow in one conversation. */
  readonly followsMax: number;
  /** Unread followed threads that an entry lists. */
  readonly entryThreadsMax: number;
  /** Steps back from the head in the search for the preview (CH-24). */
  readonly previewStepsMax: number;
  /** Messages of one `search` answer, and conversations of one `findConversations` answer. */
  readonly searchRowsMax: number;
  /** Threads of one `threads` answer. */
  readonly threadsPageMax: number;
  /** Characters of one search. */
  readonly searchCharactersMax: number;
  /** UTF-8 bytes of a draft. */
  readonly draftBytesMax: number;
  /** Code points of a group's name. */
  readonly nameCharactersMax: number;
  /** Days for which a repeated command id returns the first result (CH-18). */
  readonly commandKeyDays: number;
  /** Days after which an unused credential expires. */
  readonly credentialDays: number;
  /**
   * Sign-ins of one user. A further one ends the one that was unused for longest. Bounds the list of sign-ins and the storage for one
   * account.
   */
  readonly credentialsMax: number;
  /** Users of one `searchUsers` answer. */
  readonly usersPageMax: number;
  /** Conversations one session may watch for receipts and typing. */
  readonly watchedConversationsMax: number;
  /** Users whose presence one session may watch. */
  readonly watchedUsersMax: number;
  /** Milliseconds until a presence lease (the report that a user is present) ends unless it is renewed. */
  readonly presenceLeaseMs: number;
  /** Presence leases that one node keeps. */
  readonly presenceLeasesMax: number;
  /** Milliseconds until a typing notice expires; the client repeats it while the user types. */
  readonly typingExpiryMs: number;
  /** Minimum milliseconds between two `delivered` or `read` commands of one session for one conversation. */
  readonly receiptIntervalMs: number;
}

/** The default of each limit. */
export const chatLimits: ChatLimits = {
  smallMembersMax: 200,
  groupMembersMax: 10_000,
  channelMembersMax: 100_000,
  invitesMax: 50,
  blockedUsersMax: 1_000,
  directoryPageMax: 50,
  largeConversationsMax: 500,
  addUsersMax: 200,
  pageRowsMax: 100,
  changesRowsMax: 200,
  changesBumpsMax: 1_000,
  listEntriesMax: 100,
  listChangedMax: 300,
  bootstrapEntries: 30,
  heirsAvoidedMax: 100,
  membersPageMax: 200,
  namesMax: 100,
  periodsMax: 32,
  needsRowsMax: 1_000,
  textBytesMax: 16_384,
  recallMs: 24 * 3_600_000,
  editMs: 48 * 3_600_000,
  editsMax: 100,
  reactionEmojisMax: 50,
  reactionsMax: 1_000,
  emojiBytesMax: 64,
  pinsMax: 50,
  mentionsMax: 50,
  filesMax: 20,
  mentionsShownMax: 100,
  followsMax: 1_000,
  entryThreadsMax: 20,
  previewStepsMax: 200,
  searchRowsMax: 20,
  threadsPageMax: 20,
  searchCharactersMax: 200,
  draftBytesMax: 16_384,
  nameCharactersMax: 100,
  commandKeyDays: 30,
  credentialDays: 90,
  credentialsMax: 100,
  usersPageMax: 100,
  watchedConversationsMax: 8,
  watchedUsersMax: 200,
  presenceLeaseMs: 90_000,
  presenceLeasesMax: 100_000,
  typingExpiryMs: 6_000,
  receiptIntervalMs: 1_000,
};
