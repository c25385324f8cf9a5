/** Limits of the SDK's cores, with units. */
export interface CoreLimits {
  /** Maximum commands in the outbox. When exceeded, `enqueue` refuses with `outbox_full`. */
  readonly outboxCommandsMax: number;
  /**
   * Days after which a waiting command fails with `expired`. Must be fewer than the days for which the server remembers
   * a command id (CH-18), because a later retry could execute the command twice.
   */
  readonly outboxDays: number;
  /**
   * Maximum bytes of all files on the device that wait for their upload. When exceeded, a message is refused with
   * `waiting_files_full`.
   */
  readonly waitingFileBytesMax: number;
  /**
   * Maximum drafts stored on the device. When exceeded, the draft that changed longest ago is not stored and is lost
   * when the application ends.
   */
  readonly draftsKeptMax: number;
  /**
   * Maximum UTF-16 units of all stored drafts, including the versions that were sent. A draft that does not fit next to
   * newer ones is not stored.
   */
  readonly draftUnitsKeptMax: number;
  /**
   * Maximum unacknowledged versions that are remembered of one draft: the last ones. They distinguish own drafts from
   * drafts of another device.
   */
  readonly draftVersionsMax: number;
  /** Rows requested per page. */
  readonly pageRows: number;
  /**
   * Maximum rows held of an open conversation. When reached, older history is not requested any more. When exceeded by
   * a page of new rows, the oldest rows are evicted.
   */
  readonly timelineRowsMax: number;
  /** Maximum rows kept of a closed conversation. Up to one page of new rows may be held in addition. */
  readonly closedRowsMax: number;
  /**
   * Maximum conversations whose rows are kept, open or not. When exceeded, evicts the closed one that was opened
   * longest ago.
   */
  readonly logsMax: number;
  /**
   * Maximum read positions sent by one `tick`, and likewise maximum delivery receipts. A first sign-in or "mark all
   * read" produces many, and each is a command that delays the commands behind it in the session.
   */
  readonly cursorsPerTick: number;
  /**
   * Maximum background requests (queries and receipts) in flight at a time. Each may delay a message behind it in the
   * session.
   */
  readonly backgroundRequestsMax: number;
  /** Milliseconds after which a typing notice expires unless repeated. */
  readonly typingExpiryMs: number;
  /** Maximum users shown as typing in one conversation. More are ignored. */
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
