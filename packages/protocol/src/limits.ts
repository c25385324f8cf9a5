/** How far one direction may run ahead of its acknowledgements (SN-22). */
export interface Window {
  /** Messages written and not acknowledged. */
  readonly messages: number;
  /** Bytes of them; at least `messageBytesMax`, so that one message always fits. */
  readonly bytes: number;
}

/** What `opened` announces; the server decides, both ends keep to it (SN-22). */
export interface SessionLimits {
  /** Bytes of one message. */
  readonly messageBytesMax: number;
  /** Messages in one body or poll answer: bounds what is repeated when it is lost. */
  readonly batchMessagesMax: number;
  /** Bytes of messages in one body or poll answer; a single larger message still travels alone. */
  readonly batchBytesMax: number;
  /** Client to server. */
  readonly up: Window;
  /** Server to client. */
  readonly down: Window;
  /** The server pings this often, and a parked poll is answered after it at the latest (SN-15). */
  readonly heartbeatMs: number;
  /** The same for a client that said it is hidden: a phone in a pocket should sleep. */
  readonly heartbeatHiddenMs: number;
}

/** Limits one end sets for itself and does not announce. */
export interface BufferLimits {
  /** Messages `send` holds in all, written or not; above it `send` refuses (SN-23). */
  readonly bufferMessagesMax: number;
  /** Bytes of them. */
  readonly bufferBytesMax: number;
}

/** Times the rules fix; a node may shorten them in tests. All in milliseconds. */
export interface SessionTimes {
  /** Without an answer to its close an end gives its own verdict after this (SN-4). */
  readonly closeMs: number;
  /** The server keeps a verdict, and the nonce with it, this long (SN-4, SN-14). */
  readonly tombstoneMs: number;
  /** A session that no other carrier confirmed ends without effect (SN-14). */
  readonly unconfirmedMs: number;
  /** A session without any carrier ends with `expired`; at least three poll intervals (SN-15). */
  readonly lifeMs: number;
  /** A superseded two-way link is read at most this long (SN-10). */
  readonly supersededMs: number;
  /** An acknowledgement nobody could read is repeated downwards within this (SN-6). */
  readonly urgentMs: number;
  /** A token is asked for so long before it runs out, or at half of what is left where that is later (SN-21). */
  readonly renewBeforeMs: number;
  /** It is asked for again after this, for as long as none that is good has come. */
  readonly renewAgainMs: number;
  /** A session whose token has run out is suspended this long, then it ends with `expired` (SN-21). */
  readonly suspendedMs: number;
  /** Handlers have so long to settle once a session is frozen; else it ends with `lost` (SN-24). */
  readonly freezeMs: number;
  /** A snapshot that was given away is to be confirmed within this; else the session ends with `lost` (SN-24). */
  readonly handOverMs: number;
}

const window: Window = { messages: 256, bytes: 1_048_576 };

export const sessionLimits: SessionLimits = {
  messageBytesMax: 65_536,
  batchMessagesMax: 256,
  batchBytesMax: 262_144,
  up: window,
  down: window,
  heartbeatMs: 15_000,
  heartbeatHiddenMs: 45_000,
};

export const bufferLimits: BufferLimits = { bufferMessagesMax: 4096, bufferBytesMax: 4_194_304 };

/** `SessionTimes.closeMs` and `supersededMs` where nothing else is said; the client has no others. */
export const closeMs = 8000;
export const supersededMs = 2000;

export const sessionTimes: SessionTimes = {
  closeMs,
  tombstoneMs: 60_000,
  unconfirmedMs: 10_000,
  lifeMs: 90_000,
  supersededMs,
  urgentMs: 50,
  renewBeforeMs: 60_000,
  renewAgainMs: 5000,
  suspendedMs: 60_000,
  freezeMs: 5000,
  handOverMs: 10_000,
};

/** Early messages of an `open`: no more, so that a stranger's `open` stays cheap (SN-14). No `up` window may be smaller. */
export const earlyWindow: Window = { messages: 16, bytes: 16_384 };

/** What both ends of this version can do beyond the first, as named in `open` and `opened` (SN-19): `typed` (SN-31). */
export const features = 'typed';

/** Messages on one `MessageSheet`: more than a slab of the server holds, of any length worth sending. */
export const sheetMessagesMax = 1024;

/** Pieces of 0.3 kB of which the queues of all sessions are made, kept for the next that needs one: more than that are given up. */
export const spareChunksMax = 4096;

/** Superseded two-way links of one session that are still read (SN-10): more only where a client switches in a loop. */
export const supersededLinksMax = 4;

/** A body is given up later by its bytes at this rate (32 kB/s), so that a slow path is not filled with repetitions. */
export const slowestUploadBytesPerMs = 32;

/** Shortest pause between two polls that are not held, in milliseconds (SN-34): while there is traffic. */
export const shortPollLeastMs = 500;

/** Longest pause, in milliseconds, for which a server keeps such a session alive three times over. */
export const shortPollMostMs = 300_000;

/** A transport that carried the session this long, in milliseconds, and something useful on the way, has proven its life (SN-12). */
export const provenLifeMs = 2000;

/** Longest wait, in milliseconds, for the prelude of a stream whose answer has begun (SN-13). */
export const preludeMaxMs = 5000;

/** Milliseconds after which a client opens again where a refusal for the moment states none, and the longest it accepts (SN-43). */
export const refusedRetryMs = 2000;
export const refusedRetryMaxMs = 60_000;

/** Bytes of padding a probe carries: enough to show a path that passes only small frames (SN-10). */
export const probeBytes = 2048;
