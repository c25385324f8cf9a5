/** Limits of the SDK's cores, with units. */
export interface CoreLimits {
  /** Commands waiting in the outbox; above, `enqueue` refuses with `outbox_full`. */
  readonly outboxCommandsMax: number;
  /** Days after which a waiting command fails with `expired`: fewer than the server remembers its key (CH-18). */
  readonly outboxDays: number;
  /** Bytes of all files on the device that wait for upload; above, a message is refused with `waiting_files_full`. */
  readonly waitingFileBytesMax: number;
  /** Drafts stored on the device; above, the one changed longest ago is not stored and lasts until the application ends. */
  readonly draftsKeptMax: number;
  /**
   * UTF-16 units of all stored drafts, including the versions sent; a draft that does not fit next to newer ones is not stored.
   */
  readonly draftUnitsKeptMax: number;
  /** Unacknowledged versions of one draft that are remembered, the last ones, to tell one's own from another device's. */
  readonly draftVersionsMax: number;
  /** Rows requested per page. */
  readonly pageRows: number;
  /** Rows held of an open conversation; above, older history is not fetched, and each new page of rows evicts the oldest. */
  readonly timelineRowsMax: number;
  /** Rows kept of a closed conversation; up to one page of new rows is held in addition. */
  readonly closedRowsMax: number;
  /** Conversations whose rows are kept, open or not; above, evicts the closed one that was opened longest ago. */
  readonly logsMax: number;
  /**
   * Read cursors, and likewise delivery receipts, sent by one `tick`: a first sign-in and "mark all read" produce many, and
   * each is a command in the session's queue.
   */
  readonly cursorsPerTick: number;
  /** Background queries and receipts in flight at a time: each may delay a message in the session's queue. */
  readonly backgroundRequestsMax: number;
  /** Milliseconds after which a typing notice expires unless repeated. */
  readonly typingExpiryMs: number;
  /** Users shown as typing in one conversation; more are ignored. */
  readonly typingUsersMax: number;
}

/** Holds the default limits. */
export const coreLimits: CoreLimits = {
  outboxCommandsMax: 1_000,
  outboxDays: 14,
  waitingFileBytesMax: 104_857_600,
  draftsKeptMax: 200,
  draftUnitsKeptMax: 1_000_000,
  draftVersionsMax: 4,
  pageRows: 30,
  timelineRowsMax: 20_000,
  closedRowsMax: 100,
  logsMax: 50,
  cursorsPerTick: 8,
  backgroundRequestsMax: 2,
  typingExpiryMs: 6_000,
  typingUsersMax: 20,
};
