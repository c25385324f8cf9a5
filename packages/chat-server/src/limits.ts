/** Limits of the chat server, each with its unit and the reason for its value. The operator can set all of them. */
export interface ChatServerLimits {
  /** Bytes of one REST body. The largest is a password change with two passwords of 256 characters, up to 4 bytes each, escaped. */
  readonly restBodyBytesMax: number;
  /**
   * Characters of a new password; existing ones stay valid. Published by `GET /api/server`. If the maximum is above 256, raise
   * `restBodyBytesMax`, which must fit two passwords.
   */
  readonly passwordCharactersMin: number;
  readonly passwordCharactersMax: number;
  /** Characters of a user name, a display name and a status. Existing ones stay valid. Published by `GET /api/server`. */
  readonly nameCharactersMin: number;
  readonly nameCharactersMax: number;
  readonly displayNameCharactersMax: number;
  readonly statusCharactersMax: number;
  /** Characters of the label of a device or an invitation; the rest is cut off. */
  readonly labelCharactersMax: number;
  /**
   * User names that cannot be registered, in addition to those that denote oneself or everyone (`isNameReserved`). Existing accounts
   * keep theirs.
   */
  readonly reservedNames: readonly string[];
  /**
   * Generated names, of 32 random bits, that are tried until one is free. A collision is very rare, so there is no reason to
   * change this.
   */
  readonly nameTries: number;
  /**
   * Password checks that run concurrently. Each takes 19 MiB and a core for about 30 ms. The default, 1, leaves a core for messages.
   */
  readonly passwordHashesAtOnce: number;
  /**
   * Password checks of unknown clients that may wait. Beyond it, a log-in is immediately answered with `busy`, because a queue of 32
   * takes about a second.
   */
  readonly passwordHashesQueued: number;
  /**
   * Password checks that may wait for devices and addresses from which the user signed in before. These go first, so a flood of
   * unknown clients cannot displace them.
   */
  readonly knownPasswordHashesQueued: number;
  /**
   * Log-ins, registrations and other requests about passwords and links a minute from one address (an IPv6 /64 counts as one). High
   * enough for an office behind one address whose people all log in at nine o'clock.
   */
  readonly signInsPerMinute: number;
  /**
   * Multiples of `signInsPerMinute` allowed for a whole IPv6 /56, and for a whole /48. Needed because the holder of a /56 or /48 has
   * 256 or 65,536 networks of 64 bits, each of which counts as an address.
   */
  readonly signInsPer56: number;
  readonly signInsPer48: number;
  /** Wrong passwords for one name before the next attempt must wait, and milliseconds until one more: at most 2,880 guesses a day. */
  readonly attemptsPerName: number;
  readonly attemptRefillMs: number;
  /** Names and addresses whose attempts are remembered; the oldest is evicted first. About 100 bytes each. */
  readonly attemptKeysMax: number;
  /**
   * Hours that the set-up link of the first administrator is valid. The operator reads it in a terminal and uses it immediately; a
   * restart prints another.
   */
  readonly setUpHours: number;
  /** Usable invitations of one user. Bounds a list, and how many invitations a stolen sign-in can hand out. */
  readonly invitationsPerPersonMax: number;
  /** Invitations in one answer of `GET /api/invitations`; more are fetched page by page. */
  readonly invitationsPageMax: number;
  /**
   * Minutes that a link for a new password, or a code for an email address, is valid. Long enough for mail to arrive, but short, so
   * that an old mail does not give access to an account.
   */
  readonly resetMinutes: number;
  /**
   * Links for a new password that one user gets in a burst, as many codes for the email address, and milliseconds until one more.
   */
  readonly resetsPerPerson: number;
  readonly resetRefillMs: number;
  /**
   * Mails (links for a new password, codes that confirm an address) that one mailbox gets in a burst from all accounts that have
   * not confirmed its address, except the first of them; one more every `resetRefillMs`. Fewer than five leave some accounts that
   * share an address without a link.
   */
  readonly resetsPerMailbox: number;
  /**
   * Mails for new passwords in a burst at the request of one address (an IPv6 /48 counts as one), and milliseconds until one more:
   * 60 an hour, so that one attacker can use up only a sixth of the total.
   */
  readonly resetsPerAddress: number;
  readonly addressResetRefillMs: number;
  /**
   * Mails for new passwords that the server sends in a burst to all users together, and milliseconds until one more: 360 an hour.
   */
  readonly resetsAtOnce: number;
  readonly resetsRefillMs: number;
  /** Codes of the second factor tried for one user in a burst, and milliseconds until one more: 288 a day out of a million. */
  readonly codesPerPerson: number;
  readonly codeRefillMs: number;
  /** Recovery codes of a user with a second factor. Each signs the user in once if the device is lost. */
  readonly recoveryCodes: number;
  /**
   * Minutes that a user has at the OpenID Connect provider, and finished sign-ins that are remembered; the oldest is evicted
   * first. About 100 bytes each.
   */
  readonly openIdMinutes: number;
  readonly openIdFlowsMax: number;
  /** Seconds by which the clock of a host application that signs tokens may differ from ours. */
  readonly clockToleranceSeconds: number;
  /**
   * Milliseconds after which the keys of the host application are fetched again in the background. A withdrawn key may stay valid
   * for this long.
   */
  readonly jwksFreshMs: number;
  /** Minimum milliseconds between two fetches of the keys after an unknown key or a failure, so that forged tokens cause no flood. */
  readonly jwksAgainMs: number;
  /** Milliseconds that such a fetch may take. Less than `authenticateMs` of the transport, so that a session is answered too. */
  readonly jwksTimeoutMs: number;
  /**
   * Milliseconds by which the system clock may jump without a report. Time services adjust by less; a larger jump is a mistake or a
   * long pause of the machine.
   */
  readonly clockJumpMs: number;
  /**
   * Milliseconds for which a forward jump of the system clock must last before the server follows it, so that a mistake is noticed.
   */
  readonly clockTrustMs: number;
  /** Milliseconds after the machine's start within which a forward jump is trusted, because the machine has just learned the time. */
  readonly clockBootMs: number;
  /** If the store was not written for this many milliseconds before a start, that time does not count as disuse of sign-ins. */
  readonly clockGapMs: number;
  /** Seconds that a browser caches the permission of an allowed origin to use REST. */
  readonly preflightSeconds: number;
  /**
   * Other REST requests a minute from one address. Uploads, files, previews and avatars each have a separate count of the same
   * size.
   */
  readonly restRequestsPerMinute: number;
  /**
   * Milliseconds without progress of an answer, a file or a part of the page, after which the connection is cut. Long enough for a
   * phone in a tunnel. A film that was paused for longer is requested again from its position.
   */
  readonly answerStalledMs: number;
  /** Characters of one command. Fits 16 kB of text with every character escaped. */
  readonly commandCharactersMax: number;
  /** Above this many characters, a request waits for its user's turn before it is parsed, and the time is charged to its user. */
  readonly longRequestCharacters: number;
  /** Bytes of one message in either direction. */
  readonly messageBytesMax: number;
  /** Bytes of one answer; a longer page gets fewer rows. Leaves room for the frame in `messageBytesMax`. */
  readonly answerBytesMax: number;
  /**
   * Requests of one user in a burst, over all sessions and REST, and milliseconds until one more. Beyond it, sessions are
   * throttled without loss, and REST is refused for the moment. Ten tabs that open together send some 200.
   */
  readonly commandsAtOnce: number;
  readonly commandRefillMs: number;
  /**
   * Milliseconds of the event loop that requests of one user may take in a burst, and milliseconds until one more. Beyond it, the
   * user is throttled likewise. Ten tabs that open together take some 200 ms. The default refill gives a user a tenth of a core.
   */
  readonly workMsAtOnce: number;
  readonly workRefillMs: number;
  /**
   * Milliseconds of one event-loop tick within which queries may start. Later ones wait for another tick, where users take turns.
   * Bounds how long queries delay a send.
   */
  readonly turnMs: number;
  /**
   * Ticks without queries after a tick that used up `turnMs`, left to all other work; fewer if they take as long as the queries did.
   * Needed because a server accepts one connection in each tick.
   */
  readonly restTurns: number;
  /**
   * Bytes sent to other users that count as one millisecond of work, summed over receivers: 16 KB to sixty users are about 15 ms. A
   * changed message is sent as a whole.
   */
  readonly fanOutBytesPerMs: number;
  /**
   * Milliseconds of work charged for each user whom a command names, and for each member of a small conversation who is notified.
   * Charged because their rows are written in the commit, which delays other users' sends.
   */
  readonly namedPersonMs: number;
  readonly notifiedPersonMs: number;
  /**
   * Changes of one user that run concurrently; more wait. Low, so that one user's changes do not make a commit long: a change of a
   * group of 200 takes 7 ms of a commit.
   */
  readonly changesAtOnce: number;
  /**
   * Searches of one user in a burst, and milliseconds until one more. Enough for a search at each typed letter, and low enough that no
   * user monopolizes the search thread.
   */
  readonly searchesAtOnce: number;
  readonly searchRefillMs: number;
  /** Sessions of one user. Each browser tab may have one. A further session ends the oldest. */
  readonly sessionsPerUserMax: number;
  /** Milliseconds between forwarded typing notices of one session in one conversation. */
  readonly typingIntervalMs: number;
  /** Milliseconds without any link after which a user counts as away; the session stays alive. */
  readonly unreachableMs: number;
  /** Milliseconds between two renewals of a live session's sign-in, so that it does not expire unused. */
  readonly credentialUseMs: number;
  /** Conversations for which this node caches which of its users are members (a view). About 50 bytes for each user in each. */
  readonly memberViewsMax: number;
  /** Users whose membership is read from the store at a time. Bounds the length of a statement. */
  readonly memberViewChunk: number;
  /** Hints (live events) of one conversation that may wait until its members are read. */
  readonly hintsWaitingMax: number;
  /**
   * Users whose profile changes one session receives, the latest that it requested. About 300 bytes each; a page displays some sixty,
   * a long list of members more. Raises `topicsPerSessionMax` of the transport.
   */
  readonly profilesSeenMax: number;
  /** Accounts in one page of the administrator's list. For each account, the devices are read as well. */
  readonly accountsPageMax: number;
  /** Texts of a deleted account in one read, which bounds the time of the read. Each text is then recalled by a separate change. */
  readonly erasedTextsAtOnce: number;
  /** Milliseconds until a failed erasure of a deleted account is retried. */
  readonly erasureRetryMs: number;
  /** Milliseconds over which clients spread their `list` queries after hints (live events) may have been lost (CH-16). */
  readonly resyncSpreadMs: number;
}

/** The default of each limit. */
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
  notifiedPersonMs: 0.03,
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
