/** Every limit of the chat domain, with its unit. A server may lower or raise them; clients learn of them by refusals. */
export interface ChatLimits {
  /** Open members up to which a conversation is small: fan-out and stamps by member row (CH-13). */
  readonly smallMembersMax: number;
  /** Open members of a group. */
  readonly groupMembersMax: number;
  /** Open members of a channel. */
  readonly channelMembersMax: number;
  /** Invitations of one conversation that somebody can still join by. */
  readonly invitesMax: number;
  /** People one person may block. */
  readonly blockedUsersMax: number;
  /** Groups of one `directory` answer. */
  readonly directoryPageMax: number;
  /** Large conversations a user may be an open member of: a resume reads each by key (CH-13). */
  readonly largeConversationsMax: number;
  /** Users one `add` or `create` may name: bounds the rows of one change. */
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
  /** Entries that a fresh, limited or reset list starts with. */
  readonly bootstrapEntries: number;
  /** Guests and suspended people who are passed over for the owner of a group who leaves; with more in a row, one of them may follow. */
  readonly heirsAvoidedMax: number;
  /** Members of one `members` answer. */
  readonly membersPageMax: number;
  /** Names of one `messages` request; ids of one `people` request. */
  readonly namesMax: number;
  /** Periods kept of one member; at one more the oldest is dropped. */
  readonly periodsMax: number;
  /** Rows that one change may ask for. */
  readonly needsRowsMax: number;
  /** UTF-8 bytes of a message's text. */
  readonly textBytesMax: number;
  /** Milliseconds after sending within which a message may be recalled by its sender. */
  readonly recallMs: number;
  /** Milliseconds after sending within which a message may be edited. */
  readonly editMs: number;
  /** Edits of one message: bounds its history. */
  readonly editsMax: number;
  /** Different emojis on one message. */
  readonly reactionEmojisMax: number;
  /** Reactions on one message: bounds its row. */
  readonly reactionsMax: number;
  /** UTF-8 bytes of one emoji; the longest in use, a family with skin tones, has 41. */
  readonly emojiBytesMax: number;
  /** Pinned messages of a conversation. */
  readonly pinsMax: number;
  /** People that one message may call by name. */
  readonly mentionsMax: number;
  /** Files of one message. */
  readonly filesMax: number;
  /** Unread mentions counted exactly; with more, the count is one higher (CH-20). */
  readonly mentionsShownMax: number;
  /** Threads that a member may follow in one conversation. */
  readonly followsMax: number;
  /** Followed threads with something unread that an entry names. */
  readonly entryThreadsMax: number;
  /** Steps back from the head that the preview is looked for (CH-24). */
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
  /** Days that a command key answers a repeated command (CH-18). */
  readonly commandKeyDays: number;
  /** Days that a credential lives without being used. */
  readonly credentialDays: number;
  /** Sign-ins of one person. At one more the longest unused ends: bounds what a list shows and what one account can store. */
  readonly credentialsMax: number;
  /** Users of one `searchUsers` answer. */
  readonly usersPageMax: number;
  /** Conversations one session may watch for receipts and typing. */
  readonly watchedConversationsMax: number;
  /** Users whose presence one session may watch. */
  readonly watchedUsersMax: number;
  /** A presence lease lasts this long unless renewed, milliseconds. */
  readonly presenceLeaseMs: number;
  /** Leases in one node's presence table. */
  readonly presenceLeasesMax: number;
  /** A typing notice expires after this, milliseconds; the client repeats it while the person goes on. */
  readonly typingExpiryMs: number;
  /** `delivered` and `read` that one session may send for one conversation, milliseconds between two. */
  readonly receiptIntervalMs: number;
}

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
