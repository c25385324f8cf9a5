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
  /** User names that nobody gets, besides those that stand for oneself or for everybody (`isNameReserved`). Accounts that have one keep it. */
  readonly reservedNames: readonly string[];
  /** Names that are made up, of 32 random bits, until one is free: that even one is taken hardly happens, so an operator has nothing to gain here. */
  readonly nameTries: number;
  /** Password checks that run at once. Each takes a core for about 30 ms and 19 MiB; the default leaves a core for messages. */
  readonly passwordHashesAtOnce: number;
  /** Password checks of strangers that wait. Beyond it log in answers `busy` at once: 32 in line are about a second. */
  readonly passwordHashesQueued: number;
  /** Those of devices and addresses from which the person signed in before, which go first: no flood of strangers takes their places. */
  readonly knownPasswordHashesQueued: number;
  /** Log-ins, registrations and all else about passwords and links a minute from one address (an IPv6 /64 counts as one). An office behind one address logs in at nine. */
  readonly signInsPerMinute: number;
  /** Times `signInsPerMinute` that all of an IPv6 /56 may do together, and all of a /48: whoever is given one has 256 or 65,536 networks of 64 bits. */
  readonly signInsPer56: number;
  readonly signInsPer48: number;
  /** Attempts at one name before the next must wait, and how long one attempt takes to come back. Slows guessing to 2,880 a day. */
  readonly attemptsPerName: number;
  readonly attemptRefillMs: number;
  /** Names and addresses whose attempts are remembered; the oldest is forgotten first. About 100 bytes each. */
  readonly attemptKeysMax: number;
  /** Hours that the set-up link of the first administrator can be used. Read in a terminal and used at once; a restart prints another. */
  readonly setUpHours: number;
  /** Invitations of one person that can be used at the same time: bounds what a list shows and what a stolen sign-in can hand out. */
  readonly invitationsPerPersonMax: number;
  /** Invitations in one answer of `GET /api/invitations`; further ones are asked for page by page. */
  readonly invitationsPageMax: number;
  /** Minutes that a link for a new password, or a code for a mail address, can be used. Mail takes a moment; a mailbox that is read later should not open an account. */
  readonly resetMinutes: number;
  /** Links for a new password that one person gets at once, as many codes for the mail address, and milliseconds until one more. */
  readonly resetsPerPerson: number;
  readonly resetRefillMs: number;
  /**
   * Mails (links for a new password, codes that confirm an address) that one mailbox gets at once by all accounts that have not confirmed its
   * address, but the first of them; one more every `resetRefillMs`. Fewer than five leave some accounts that share an address without a link.
   */
  readonly resetsPerMailbox: number;
  /**
   * Mails for new passwords that requests of one address make at once (an IPv6 /48 counts as one), and milliseconds until one more: 60 an hour, so
   * that one stranger takes a sixth of what all people get.
   */
  readonly resetsPerAddress: number;
  readonly addressResetRefillMs: number;
  /** Mails for new passwords that the server sends at once to all people together, and milliseconds until one more: 360 an hour. */
  readonly resetsAtOnce: number;
  readonly resetsRefillMs: number;
  /** Codes of the second factor that are tried for one person at once, and milliseconds until one more: 288 a day of a million. */
  readonly codesPerPerson: number;
  readonly codeRefillMs: number;
  /** Recovery codes that a person gets with the second factor: each signs in once where the device is lost. */
  readonly recoveryCodes: number;
  /** Minutes that a person has at the provider of OpenID Connect, and sign-ins by it that are remembered as finished; the oldest is forgotten first. About 100 bytes each. */
  readonly openIdMinutes: number;
  readonly openIdFlowsMax: number;
  /** Seconds by which the clock of a host application that signs tokens may differ from ours. */
  readonly clockToleranceSeconds: number;
  /** Milliseconds after which the keys at an address of the host application are fetched again, beside their use: a key that it withdrew is good for so long. */
  readonly jwksFreshMs: number;
  /** Milliseconds between two requests for them, where a key is unknown or a request failed: strangers' tokens make no more. */
  readonly jwksAgainMs: number;
  /** Milliseconds that such a request may take. Below `authenticateMs` of the transport, so that a session is answered too. */
  readonly jwksTimeoutMs: number;
  /** Milliseconds by which the system clock may be corrected at once without being reported: time services step by less, and anything more is a mistake or a long pause. */
  readonly clockJumpMs: number;
  /** Milliseconds for which the system clock has to stand by a jump forward until the server follows: long enough to notice and correct it. */
  readonly clockTrustMs: number;
  /** Milliseconds after the start of the machine within which a jump forward is the machine learning the time. */
  readonly clockBootMs: number;
  /** Milliseconds without a write to the store before a start, from which on they do not count as time in which sign-ins were not used. */
  readonly clockGapMs: number;
  /** Seconds for which a browser remembers that a page of an allowed origin may use REST. */
  readonly preflightSeconds: number;
  /** Other REST requests a minute from one address; as many uploads, files, previews and pictures of people, each counted by itself. */
  readonly restRequestsPerMinute: number;
  /**
   * Milliseconds for which a reader may take nothing of an answer, a file or a part of the page; then the connection is cut. A phone comes
   * out of a tunnel by then, and a film that was paused is asked for again by range.
   */
  readonly answerStalledMs: number;
  /** Characters of one command. Holds 16 kB of text with every character escaped. */
  readonly commandCharactersMax: number;
  /** Characters above which a request is parsed in turn with what other people ask, and its parsing charged to its person. */
  readonly longRequestCharacters: number;
  /** Bytes of one message either way. */
  readonly messageBytesMax: number;
  /** Bytes of one answer; a page that would be longer is given with fewer rows. Leaves room for its frame in `messageBytesMax`. */
  readonly answerBytesMax: number;
  /**
   * Requests of one person at once, by all sessions and REST together, and milliseconds until one more: then the sessions are read more slowly, nothing is lost,
   * and REST is refused for the moment. Ten tabs that open together ask some 200.
   */
  readonly commandsAtOnce: number;
  readonly commandRefillMs: number;
  /**
   * Milliseconds of the event loop that the requests of one person may take at once, and milliseconds until one more: then likewise. Ten tabs that open
   * together take some 200; the default refill lets one person have a tenth of a core.
   */
  readonly workMsAtOnce: number;
  readonly workRefillMs: number;
  /** Milliseconds of one turn of the event loop in which questions begin; further ones wait for the next, one person after the other. Bounds by how much they delay a send. */
  readonly turnMs: number;
  /** Turns that pass between for everything else, or fewer where they take as long as the questions did: in each one connection is accepted. */
  readonly restTurns: number;
  /** Bytes sent to others that count as one millisecond of work, each receiver counted: 16 KB to sixty people are 16 ms. What changes on a message is sent with the whole message. */
  readonly fanOutBytesPerMs: number;
  /** Milliseconds of work that each person counts for whom a command names, and for each member of a small conversation who is told of a change: their rows are written within the commit, for which sends of others wait. */
  readonly namedPersonMs: number;
  readonly toldPersonMs: number;
  /** Changes of one person that run at once, so that few of them are in one commit; further ones wait. One to a group of 200 takes 7 ms of a commit. */
  readonly changesAtOnce: number;
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
  /** People one session is told changes of: those it asked about last. About 300 bytes each; a page shows some sixty, and a long list of members more. Raises `topicsPerSessionMax` of the transport. */
  readonly profilesSeenMax: number;
  /** Accounts in one page of the administrator's list. Each is looked up with its devices. */
  readonly accountsPageMax: number;
  /** Texts of a deleted account that one read looks for: bounds how long it keeps the store. Each is recalled by a change of its own. */
  readonly erasedTextsAtOnce: number;
  /** Milliseconds until what could not be erased of a deleted account is tried again. */
  readonly erasureRetryMs: number;
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
  reservedNames: [],
  nameTries: 5,
  passwordHashesAtOnce: 1,
  passwordHashesQueued: 32,
  knownPasswordHashesQueued: 64,
  signInsPerMinute: 60,
  signInsPer56: 2,
  signInsPer48: 5,
  attemptsPerName: 10,
  attemptRefillMs: 30_000,
  attemptKeysMax: 10_000,
  setUpHours: 24,
  invitationsPerPersonMax: 50,
  invitationsPageMax: 50,
  resetMinutes: 30,
  resetsPerPerson: 3,
  resetRefillMs: 1_200_000,
  resetsPerMailbox: 5,
  resetsPerAddress: 10,
  addressResetRefillMs: 60_000,
  resetsAtOnce: 60,
  resetsRefillMs: 10_000,
  codesPerPerson: 5,
  codeRefillMs: 300_000,
  recoveryCodes: 10,
  openIdMinutes: 10,
  openIdFlowsMax: 1_000,
  clockToleranceSeconds: 5,
  jwksFreshMs: 600_000,
  jwksAgainMs: 5_000,
  jwksTimeoutMs: 5_000,
  clockJumpMs: 60_000,
  clockTrustMs: 60 * 60 * 1_000,
  clockBootMs: 10 * 60 * 1_000,
  clockGapMs: 30 * 24 * 60 * 60 * 1_000,
  preflightSeconds: 600,
  restRequestsPerMinute: 600,
  answerStalledMs: 120_000,
  commandCharactersMax: 128 * 1024,
  longRequestCharacters: 8 * 1024,
  messageBytesMax: 256 * 1024,
  answerBytesMax: 250 * 1024,
  commandsAtOnce: 500,
  commandRefillMs: 20,
  workMsAtOnce: 2_000,
  workRefillMs: 10,
  turnMs: 5,
  restTurns: 20,
  fanOutBytesPerMs: 64 * 1024,
  namedPersonMs: 0.05,
  toldPersonMs: 0.03,
  changesAtOnce: 2,
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
  accountsPageMax: 50,
  erasedTextsAtOnce: 100,
  erasureRetryMs: 5_000,
  resyncSpreadMs: 10_000,
};
