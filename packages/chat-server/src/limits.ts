/** Every limit of the chat server, with its unit and why it has the value it has. All may be set by the operator. */
export interface ChatServerLimits {
  /** Bytes of one REST body. The largest is a password change: two passwords of 256 characters, at most 4 bytes each, escaped. */
  readonly restBodyBytesMax: number;
  /** Characters of a new password; those that are set stay. Clients learn it from `GET /api/server`. Above 256, `restBodyBytesMax` has to hold two. */
  readonly passwordCharactersMin: number;
  readonly passwordCharactersMax: number;
  /** Characters of a name one logs in with, of one that others see, and of a status. Those that are set stay; clients learn it as well. */
  readonly nameCharactersMin: number;
  readonly nameCharactersMax: number;
  readonly displayNameCharactersMax: number;
  readonly statusCharactersMax: number;
  /** Characters of what a device or an invitation is recognised by; the rest is cut off. */
  readonly labelCharactersMax: number;
  /** Names that are made up, of 32 random bits, until one is free: that even one is taken hardly happens, so an operator has nothing to gain here. */
  readonly nameTries: number;
  /** Password checks that run at once. Each takes a core for about 30 ms and 19 MiB; the default leaves a core for messages. */
  readonly passwordHashesAtOnce: number;
  /** Password checks that wait. Beyond it log in answers `busy` at once: 32 in line are about a second. */
  readonly passwordHashesQueued: number;
  /** Log-ins and registrations a minute from one address (an IPv6 /64 counts as one). An office behind one address logs in at nine. */
  readonly signInsPerMinute: number;
  /** Attempts at one name before the next must wait, and how long one attempt takes to come back. Slows guessing to 2,880 a day. */
  readonly attemptsPerName: number;
  readonly attemptRefillMs: number;
  /** Names and addresses whose attempts are remembered; the oldest is forgotten first. About 100 bytes each. */
  readonly attemptKeysMax: number;
  /** Hours that the set-up link of the first administrator can be used. Read in a terminal and used at once; a restart prints another. */
  readonly setUpHours: number;
  /** Invitations of one person that can be used at the same time: bounds what a list shows and what a stolen sign-in can hand out. */
  readonly invitationsPerPersonMax: number;
  /** Minutes that a link for a new password can be used. Mail takes a moment; a mailbox that is read later should not open an account. */
  readonly resetMinutes: number;
  /** Links for a new password that one person gets at once, and milliseconds until one more: nobody's mailbox is flooded by it. */
  readonly resetsPerPerson: number;
  readonly resetRefillMs: number;
  /** Codes of the second factor that are tried for one person at once, and milliseconds until one more: 288 a day of a million. */
  readonly codesPerPerson: number;
  readonly codeRefillMs: number;
  /** Recovery codes that a person gets with the second factor: each signs in once where the device is lost. */
  readonly recoveryCodes: number;
  /** Minutes that a person has at the provider of OpenID Connect, and people on their way there at once; the oldest is forgotten first. */
  readonly openIdMinutes: number;
  readonly openIdFlowsMax: number;
  /** Seconds by which the clock of a host application that signs tokens may differ from ours. */
  readonly clockToleranceSeconds: number;
  /** Seconds for which a browser remembers that a page of an allowed origin may use REST. */
  readonly preflightSeconds: number;
  /** Other REST requests a minute from one address. */
  readonly restRequestsPerMinute: number;
  /**
   * Milliseconds for which a reader may take nothing of an answer, a file or a part of the page; then the connection is cut. A phone comes
   * out of a tunnel by then, and a film that was paused is asked for again by range.
   */
  readonly answerStalledMs: number;
  /** Characters of one command. Holds 16 kB of text with every character escaped. */
  readonly commandCharactersMax: number;
  /** Bytes of one message either way. */
  readonly messageBytesMax: number;
  /** Bytes of one answer; a page that would be longer is given with fewer rows. Leaves room for its frame in `messageBytesMax`. */
  readonly answerBytesMax: number;
  /** Commands of one session at once, and milliseconds until one more: then the session is read more slowly, nothing is lost. */
  readonly commandsAtOnce: number;
  readonly commandRefillMs: number;
  /** Searches of one person at once, and milliseconds until one more: enough for who types, and no person keeps the search thread to themselves. */
  readonly searchesAtOnce: number;
  readonly searchRefillMs: number;
  /** Sessions of one person: each browser tab may have one. A further one ends the oldest. */
  readonly sessionsPerUserMax: number;
  /** Notices of one session's typing in one conversation that are passed on, one each so many milliseconds. */
  readonly typingIntervalMs: number;
  /** Milliseconds without any link after which a person counts as away; the session lives on. */
  readonly unreachableMs: number;
  /** Milliseconds between two uses of a living session's sign-in, so that it does not end for want of use. */
  readonly credentialUseMs: number;
  /** Conversations whose members among this node's people are remembered. About 50 bytes for each person in each. */
  readonly memberViewsMax: number;
  /** Users that one read of a view asks for: bounds a statement. */
  readonly memberViewChunk: number;
  /** Hints of one conversation that wait for a view of its members. */
  readonly hintsWaitingMax: number;
  /** People one session is told changes of: those it asked about last. About 300 bytes each; a page shows some sixty, and a long list of members more. */
  readonly profilesSeenMax: number;
  /** Milliseconds over which clients spread their `list` after hints may have been lost (CH-16). */
  readonly resyncSpreadMs: number;
}

export const defaultLimits: ChatServerLimits = {
  restBodyBytesMax: 8 * 1024,
  passwordCharactersMin: 8,
  passwordCharactersMax: 256,
  nameCharactersMin: 2,
  nameCharactersMax: 32,
  displayNameCharactersMax: 64,
  statusCharactersMax: 100,
  labelCharactersMax: 100,
  nameTries: 5,
  passwordHashesAtOnce: 1,
  passwordHashesQueued: 32,
  signInsPerMinute: 60,
  attemptsPerName: 10,
  attemptRefillMs: 30_000,
  attemptKeysMax: 10_000,
  setUpHours: 24,
  invitationsPerPersonMax: 50,
  resetMinutes: 30,
  resetsPerPerson: 3,
  resetRefillMs: 1_200_000,
  codesPerPerson: 5,
  codeRefillMs: 300_000,
  recoveryCodes: 10,
  openIdMinutes: 10,
  openIdFlowsMax: 1_000,
  clockToleranceSeconds: 5,
  preflightSeconds: 600,
  restRequestsPerMinute: 600,
  answerStalledMs: 120_000,
  commandCharactersMax: 128 * 1024,
  messageBytesMax: 256 * 1024,
  answerBytesMax: 250 * 1024,
  commandsAtOnce: 200,
  commandRefillMs: 20,
  searchesAtOnce: 30,
  searchRefillMs: 200,
  sessionsPerUserMax: 50,
  typingIntervalMs: 1_000,
  unreachableMs: 5_000,
  credentialUseMs: 600_000,
  memberViewsMax: 1_000,
  memberViewChunk: 500,
  hintsWaitingMax: 1_000,
  profilesSeenMax: 1_000,
  resyncSpreadMs: 10_000,
};
