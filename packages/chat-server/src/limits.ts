/** Every limit of the chat server, with its unit and why it has the value it has. All may be set by the operator. */
export interface ChatServerLimits {
  /** Bytes of one REST body. The largest is a password change: two passwords of 256 characters, at most 4 bytes each, escaped. */
  readonly restBodyBytesMax: number;
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
  /** Other REST requests a minute from one address. */
  readonly restRequestsPerMinute: number;
}

export const defaultLimits: ChatServerLimits = {
  restBodyBytesMax: 8 * 1024,
  passwordHashesAtOnce: 1,
  passwordHashesQueued: 32,
  signInsPerMinute: 60,
  attemptsPerName: 10,
  attemptRefillMs: 30_000,
  attemptKeysMax: 10_000,
  restRequestsPerMinute: 600,
};
