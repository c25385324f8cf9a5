import type { Addressee } from './addressee.js';
import type { Counts } from './counts.js';
import type { SessionLimits } from './limits.js';
import { checkRecord, serverFields } from './record-check.js';

// The two ends of a session exchange control records in addition to messages. Each comment begins with the end that sends the
// record. A carrier is a link, or one body on it, together with its counts.

/** Client: requests a session. The same nonce at the same node yields the same session (SN-14). May carry early messages. */
export interface OpenRecord {
  readonly t: 'open';
  readonly nonce: string;
  /** By POST: `wireVersion`. A client of the first version omits it (SN-42). */
  readonly version?: number;
  readonly token?: string | undefined;
  /** Number of the first early message. `count` of them follow the record. */
  readonly first?: number;
  readonly count?: number;
  /** On a two-way link: this client instance. If given, the open also attaches the link, as number 1 (SN-40). */
  readonly instance?: number;
  /** Features of this client beyond the first version, separated by spaces (SN-19): `typed` (SN-31). */
  readonly features?: string;
  /** The client cannot read this answer and fetches it with the secret `answer` (TR-32). */
  readonly blind?: boolean;
  readonly answer?: string;
}
/** Server: the new session. Attaches no link. */
export interface OpenedRecord {
  readonly t: 'opened';
  readonly id: string;
  /** The nonce of the answered `open`; an answer to another client has a different one (SN-14). */
  readonly nonce?: string;
  /** By POST: `wireVersion`. A server of the first version sends neither this nor `nonce` (SN-42). */
  readonly version?: number;
  readonly received: number;
  readonly limits: SessionLimits;
  /** As in `open`. */
  readonly features?: string;
}
/** Client: asks the server to write to this link. If the link is a poll, the request may carry messages too (SN-9). */
export interface AttachRecord extends Counts {
  readonly t: 'attach';
  readonly id: string;
  /** Number of the attach. The server writes to the link with the highest one. */
  readonly n: number;
  /** Random whole number of this client instance. Distinguishes a repeated attach from a duplicated tab. */
  readonly instance: number;
  readonly hidden?: boolean;
  /** For a poll: the server must answer immediately, because the client checks whether the path works (SN-10). */
  readonly prompt?: boolean;
  /** For a poll that is not held: the longest pause between two polls, in milliseconds (SN-34). */
  readonly every?: number;
  /** Number of the last `reset` seen; absent for none. */
  readonly resets?: number;
  /** The token requested by the server, see `AuthRecord`. */
  readonly token?: string;
  readonly first?: number;
  readonly count?: number;
  /** As in `open`. */
  readonly answer?: string;
  /** Earlier failed attempts, for people to read (SN-48). */
  readonly tried?: string;
}
/** Fields that an answer repeats from its carrier, so that a client recognises its own answers (SN-41). */
interface Echo {
  readonly n: number;
  readonly instance: number;
}
/** Server: the first record on a link to the client. `first`: number of its first message. `n`, `instance`: of the attach (SN-9). */
export interface AttachedRecord extends Counts, Echo {
  readonly t: 'attached';
  readonly first: number;
}
/** Client, on a two-way link: the number of its first message on it. */
export interface FromRecord {
  readonly t: 'from';
  readonly first: number;
}
/** Client: the first record of a POST. The server takes the POST whole or not at all, and answers with `answer` (SN-7). */
export interface BodyRecord extends Counts {
  readonly t: 'body';
  readonly id: string;
  /** Rises by one with every body of this client, including repeated ones (SN-7). */
  readonly n: number;
  /** As in `attach`. */
  readonly instance: number;
  readonly first: number;
  readonly count: number;
  readonly hidden?: boolean;
  /** Whether the client cannot read the answer, so that the server acknowledges on another link within 50 ms (SN-6). */
  readonly blind?: boolean;
  /** The token requested by the server, see `AuthRecord`. */
  readonly token?: string;
  /** Instead of messages, a part of message `first` (SN-45): base64 of its content from byte `at`, of `of` bytes in total. */
  readonly part?: string;
  readonly at?: number;
  readonly of?: number;
  /** Kind of the message, a value of `PART_OF`. */
  readonly as?: number;
}
/** Server: the answer to a body. `n` and `instance` repeat the body (SN-7). */
export interface AnswerRecord extends Counts, Echo {
  readonly t: 'answer';
  /** `false` if the server has no link to the client at this moment (SN-15). */
  readonly attached?: boolean;
}
/** Either end: counts alone (SN-6). */
export interface AckRecord extends Counts {
  readonly t: 'ack';
}
/** Either end: asks for a pong. `at` is the sender's last number on that link; a mismatch ends the session with `lost` (SN-5). */
export interface PingRecord extends Counts {
  readonly t: 'ping';
  readonly at: number;
}
/** Either end: answers a ping. `at` is as in `PingRecord`. */
export interface PongRecord extends Counts {
  readonly t: 'pong';
  readonly at: number;
}
/** Client, on a two-way link that is not attached, to test it. The server sends the record back unchanged (SN-10). */
interface ProbeRecord {
  readonly t: 'probe';
  readonly pad: string;
}
/** Client, on a two-way link: whether its page is hidden. Over HTTP, `attach` and `body` carry this field (SN-15). */
interface HiddenRecord {
  readonly t: 'hidden';
  readonly hidden: boolean;
}
/** Client: states that it has ended the session, and why (SN-4). */
export interface FailRecord {
  readonly t: 'fail';
  readonly id: string;
  /** By POST: as in `attach`, so that the answer can repeat it. */
  readonly instance?: number;
  readonly code: string;
  readonly ack: number;
  /** As in `body`. */
  readonly blind?: boolean;
}
/** Server: states that it now writes to the link of attach `n`, and no longer to this one (SN-9). */
export interface SupersededRecord {
  readonly t: 'superseded';
  readonly n: number;
  /** Whether the same client instance made attach `n`; otherwise this is final for the older instance. */
  readonly same: boolean;
  /** The client instance this record is for. */
  readonly instance: number;
}
/** Server: the verdict, and the final acknowledgement of the client's messages (SN-4). */
export interface ClosedRecord extends Addressee {
  readonly t: 'closed';
  readonly clean: boolean;
  readonly code: string;
  readonly ack: number;
}
/** Server: refuses the session, because it is unknown, not available to this client, or not available now. `code` states which. */
export interface RefusedRecord extends Addressee {
  readonly t: 'refused';
  readonly code: string;
  /** With `busy` and `closing`: milliseconds after which the client may retry (SN-43). */
  readonly retryAfterMs?: number;
}
/** Server: messages of a hint topic were dropped (SN-23). Numbered from 1, so that a record lost with its link is repeated. */
interface ResetRecord {
  readonly t: 'reset';
  readonly topic: string;
  readonly no: number;
}
/**
 * Server, without a token: the session's token expires and a new one is required. Client, on a two-way link: that token. Over
 * HTTP, `body` and `attach` carry it in a field (SN-21).
 */
interface AuthRecord {
  readonly t: 'auth';
  readonly token?: string;
}
/** Server: from the next carrier on, this id names the session. The previous id stays valid until then (SN-20). */
interface RotateRecord {
  readonly t: 'rotate';
  readonly id: string;
  /** The client instance this record is for. */
  readonly instance: number;
}
/** Server: a single-use ticket for one attach by GET (SN-20). */
interface TicketRecord {
  readonly t: 'ticket';
  readonly ticket: string;
}

/** Server, instead of `attached`: this poll came too soon after the previous one and was not processed (SN-34). */
interface WaitRecord {
  readonly t: 'wait';
  /** Milliseconds until the server accepts the next poll. */
  readonly ms: number;
}

/** Either end: what follows, up to the next such record, belongs to channel `n`. With `end`: channel `n` has ended (SN-49). */
export interface ChannelRecord {
  readonly t: 'channel';
  readonly n: number;
  readonly end?: boolean;
}

/** A control record that clients send. */
export type ClientRecord =
  | OpenRecord
  | AttachRecord
  | FromRecord
  | BodyRecord
  | AckRecord
  | PingRecord
  | PongRecord
  | ProbeRecord
  | HiddenRecord
  | AuthRecord
  | FailRecord;
/** A control record that servers send. */
export type ServerRecord =
  | OpenedRecord
  | AttachedRecord
  | AnswerRecord
  | AckRecord
  | PingRecord
  | PongRecord
  | ProbeRecord
  | SupersededRecord
  | ClosedRecord
  | RefusedRecord
  | ResetRecord
  | AuthRecord
  | RotateRecord
  | TicketRecord
  | WaitRecord;
/** Any control record. Unlike messages, control records are not numbered. */
export type ControlRecord = ClientRecord | ServerRecord | ChannelRecord;

/**
 * Records that a client may ignore in its first stage, which loads first and is small. The server repeats them, or they are not
 * essential, or they answer only the second stage. Until `readLateRecords` is called, two-way links treat them as unknown records.
 */
const lateFields: Readonly<Record<string, string>> = {
  auth: 's?token',
  rotate: 'sid',
  pong: 'nat C',
  probe: 'spad',
};

/** Makes a client's two-way links read every record. The second stage calls it when it takes over. */
export function readLateRecords(): void {
  Object.assign(serverFields, lateFields);
}

/** The fields of all records, including those in HTTP answers and those that clients send; notation as in `serverFields`. */
const fields: Readonly<Record<string, string>> = {
  ...serverFields,
  ...lateFields,
  answer: 'nn ninstance b?attached C',
  ticket: 'sticket',
  wait: 'nms',
  open: 'snonce n?version s?token n?first n?count n?instance s?features b?blind s?answer',
  attach: 'sid nn ninstance b?hidden b?prompt n?every n?resets n?first n?count s?token s?answer s?tried C',
  from: 'nfirst',
  channel: 'nn b?end',
  body: 'sid nn ninstance nfirst ncount b?hidden b?blind s?token l?part n?at n?of n?as C',
  hidden: 'bhidden',
  fail: 'sid n?instance scode nack b?blind',
};

/**
 * Reads an untrusted parsed JSON value as a control record. Keeps unknown fields unread. Returns `ignored` for a record of an
 * unknown name (SN-19), and `malformed` if the caller must end the carrier, but not the session (SN-2).
 */
export function readRecord(value: unknown): ControlRecord | 'ignored' | 'malformed' {
  return checkRecord(value, fields) as ControlRecord | 'ignored' | 'malformed';
}

/** Parses JSON text and reads it like `readRecord`. Text that is not JSON is `malformed`. */
export function parseRecord(text: string): ControlRecord | 'ignored' | 'malformed' {
  try {
    return readRecord(JSON.parse(text));
  } catch {
    return 'malformed';
  }
}

/** Encodes a control record as JSON. */
export function encodeRecord(record: ControlRecord): string {
  return JSON.stringify(record);
}
