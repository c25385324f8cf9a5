/** Every limit of the SDK's cores, with its unit. */
export interface CoreLimits {
  /** Commands waiting in the outbox; at one more, `enqueue` refuses with `outbox_full`. */
  readonly outboxCommandsMax: number;
  /** Days after which a waiting command fails with `expired`: sooner than the server forgets its key (CH-18). */
  readonly outboxDays: number;
  /** Bytes of all files that wait on the device to go up with their messages; a message that would pass it is refused with `waiting_files_full`. */
  readonly waitingFileBytesMax: number;
  /** Drafts kept on the device; above, the one changed longest ago is not kept any more. It stays where it is until the application ends. */
  readonly draftsKeptMax: number;
  /** UTF-16 units of all drafts that are kept on the device, with what was told of them; one that has no room beside newer ones is not kept. */
  readonly draftUnitsKeptMax: number;
  /** Tellings of one draft that may have arrived without an answer, the last ones: known for its own when another device's is met. */
  readonly draftTellingsMax: number;
  /** Rows asked for by one page. */
  readonly pageRows: number;
  /** Rows held of one open conversation; above, older history is not fetched, and for each new page of rows the oldest go. */
  readonly timelineRowsMax: number;
  /** Rows kept of a conversation that is closed again; what comes meanwhile is held beside them up to a page. */
  readonly closedRowsMax: number;
  /** Conversations whose rows are kept, open or not; the one opened longest ago goes first. */
  readonly logsMax: number;
  /** Readings, and receipts of delivery, told by one `tick`: a first login has many, as reading everything has, and each is a command in the session's queue. */
  readonly cursorsPerTick: number;
  /** Questions and receipts that nobody waits for and that are under way at once: each may stand before a message in the session's queue. */
  readonly backgroundRequestsMax: number;
  /** A typing notice that is not repeated ends after this, milliseconds. */
  readonly typingExpiryMs: number;
  /** People shown as typing in one conversation. */
  readonly typingUsersMax: number;
}

export const coreLimits: CoreLimits = {
  outboxCommandsMax: 1_000,
  outboxDays: 14,
  waitingFileBytesMax: 104_857_600,
  draftsKeptMax: 200,
  draftUnitsKeptMax: 1_000_000,
  draftTellingsMax: 4,
  pageRows: 30,
  timelineRowsMax: 20_000,
  closedRowsMax: 100,
  logsMax: 50,
  cursorsPerTick: 8,
  backgroundRequestsMax: 2,
  typingExpiryMs: 6_000,
  typingUsersMax: 20,
};
