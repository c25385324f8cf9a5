import type { Addressee } from './addressee.js';
import type { Counts } from './counts.js';
import type { SessionLimits } from './limits.js';
import { checkRecord, serverFields } from './record-check.js';

/** Client: asks for a session; the same nonce at the same node is the same session (SN-14). May come with early messages. */
export interface OpenRecord {
  readonly t: 'open';
  readonly nonce: string;
  /** By POST: `wireVersion`. A client of the first version says none (SN-42). */
  readonly version?: number;
  readonly token?: string | undefined;
  /** Number of the first early message, with `count` of them beside the record. */
  readonly first?: number;
  readonly count?: number;
  /** On a two-way link: it is attached too, as number 1, by this instance of the client (SN-40). */
  readonly instance?: number;
  /** What this client can do beyond the first version, names with a space between (SN-19): `typed` (SN-31). */
  readonly features?: string;
  /** The client cannot read the answer where it is given, and fetches it by the secret `answer` (TR-32). */
  readonly blind?: boolean;
  readonly answer?: string;
}
/** Server: the session; attaches nothing. */
export interface OpenedRecord {
  readonly t: 'opened';
  readonly id: string;
  /** That of the `open` which this answers: an answer to another client names another one (SN-14). */
  readonly nonce?: string;
  /** By POST: `wireVersion`. A server of the first version says neither this nor `nonce` (SN-42). */
  readonly version?: number;
  readonly received: number;
  readonly limits: SessionLimits;
  /** As in `open`. */
  readonly features?: string;
}
/** Client: this link is the one to write to; a poll may carry messages beside it (SN-9). */
export interface AttachRecord extends Counts {
  readonly t: 'attach';
  readonly id: string;
  readonly n: number;
  /** Which instance of the client this is: tells a repeated attach from a duplicated tab. Random, whole. */
  readonly instance: number;
  readonly hidden?: boolean;
  /** A poll to be answered at once: its head tells whether the path works (SN-10). */
  readonly prompt?: boolean;
  /** Of a poll that is not held: the longest pause between two, in milliseconds (SN-34). */
  readonly every?: number;
  /** Number of the last `reset` seen; absent for none. */
  readonly resets?: number;
  /** A token that was asked for, see `AuthRecord`. */
  readonly token?: string;
  readonly first?: number;
  readonly count?: number;
  /** As in `open`. */
  readonly answer?: string;
  /** What was tried before it and failed, for people (SN-48). */
  readonly tried?: string;
}
/** What an answer repeats of the carrier it answers, so that a client knows its own answers from those of others (SN-41). */
interface Echo {
  readonly n: number;
  readonly instance: number;
}
/** Server: head of a down link; `first` is the number of its first message; `n` and `instance` are those of the attach (SN-9). */
export interface AttachedRecord extends Counts, Echo {
  readonly t: 'attached';
  readonly first: number;
}
/** Client, on a two-way link: the number of its first message on it. */
export interface FromRecord {
  readonly t: 'from';
  readonly first: number;
}
/** Client: head of a POST; taken whole or not at all, answered with `answer` (SN-7). */
export interface BodyRecord extends Counts {
  readonly t: 'body';
  readonly id: string;
  /** Rises by one with every body of this client, repeated ones included (SN-7). */
  readonly n: number;
  /** As in `attach`. */
  readonly instance: number;
  readonly first: number;
  readonly count: number;
  readonly hidden?: boolean;
  /** The client cannot read the answer: acknowledge downwards within 50 ms (SN-6). */
  readonly blind?: boolean;
  /** A token that was asked for, see `AuthRecord`. */
  readonly token?: string;
  /** Instead of messages, a part of message `first` (SN-45): base64 of its content from byte `at` on, of `of` bytes in all. */
  readonly part?: string;
  readonly at?: number;
  readonly of?: number;
  /** What it is a part of: a `PART_OF`. */
  readonly as?: number;
}
/** Server: the answer to a body; `n` and `instance` are those of the body (SN-7). */
export interface AnswerRecord extends Counts, Echo {
  readonly t: 'answer';
  /** `false` where the server has no down link at this moment (SN-15). */
  readonly attached?: boolean;
}
export interface AckRecord extends Counts {
  readonly t: 'ack';
}
/** `at` is the sender's last number on that link; a mismatch is `lost` (SN-5). */
export interface PingRecord extends Counts {
  readonly t: 'ping';
  readonly at: number;
}
export interface PongRecord extends Counts {
  readonly t: 'pong';
  readonly at: number;
}
/** Either way on a two-way link that is not attached: sent back as it came (SN-10). */
interface ProbeRecord {
  readonly t: 'probe';
  readonly pad: string;
}
/** Client: on a two-way link; over HTTP the same word stands in `attach` and `body` (SN-15). */
interface HiddenRecord {
  readonly t: 'hidden';
  readonly hidden: boolean;
}
/** Client: it ended the session and says why (SN-4). */
export interface FailRecord {
  readonly t: 'fail';
  readonly id: string;
  /** By POST: as in `attach`, so that the answer can name it. */
  readonly instance?: number;
  readonly code: string;
  readonly ack: number;
  /** As in `body`. */
  readonly blind?: boolean;
}
/** Server: attach `n` is the one written to now (SN-9). */
export interface SupersededRecord {
  readonly t: 'superseded';
  readonly n: number;
  /** The same instance of the client holds `n`; otherwise this is final for the older one. */
  readonly same: boolean;
  /** The instance that this is said to. */
  readonly instance: number;
}
/** Server: the verdict, and how much of the client's was acknowledged at last (SN-4). */
export interface ClosedRecord extends Addressee {
  readonly t: 'closed';
  readonly clean: boolean;
  readonly code: string;
  readonly ack: number;
}
/** Server: no such session, or not for you, or not now; `code` says which. */
export interface RefusedRecord extends Addressee {
  readonly t: 'refused';
  readonly code: string;
  /** With `busy` and `closing`: milliseconds after which the client may come again (SN-43). */
  readonly retryAfterMs?: number;
}
/** Server: messages of a hint topic were dropped (SN-23). Numbered from 1, so that one lost with its link is repeated. */
interface ResetRecord {
  readonly t: 'reset';
  readonly topic: string;
  readonly no: number;
}
/**
 * Server, without a token: the session's runs out, a new one is wanted. Client, on a two-way link: that token; over HTTP the
 * same word stands in `body` and `attach` (SN-21).
 */
interface AuthRecord {
  readonly t: 'auth';
  readonly token?: string;
}
/** Server: from the next carrier on the session is named by this id. The former one is good until then (SN-20). */
interface RotateRecord {
  readonly t: 'rotate';
  readonly id: string;
  /** The instance that this is said to. */
  readonly instance: number;
}
/** Server: a single-use ticket for one attach by GET (SN-20). */
interface TicketRecord {
  readonly t: 'ticket';
  readonly ticket: string;
}

/** Server, instead of `attached`: this poll came too soon after the one before; nothing of it was taken (SN-34). */
interface WaitRecord {
  readonly t: 'wait';
  /** Milliseconds until the next one is taken. */
  readonly ms: number;
}

/** Either way: what follows, until the next one, is of this channel; with `end` that channel has ended, and nothing turns (SN-49). */
export interface ChannelRecord {
  readonly t: 'channel';
  readonly n: number;
  readonly end?: boolean;
}

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
export type ControlRecord = ClientRecord | ServerRecord | ChannelRecord;

/**
 * What a client that has only begun may leave unread: it is told again, or nothing is lost without it, or its second stage alone
 * asks for it. Until `readLateRecords` these are records of unknown names on its two-way link.
 */
const lateFields: Readonly<Record<string, string>> = {
  auth: 's?token',
  rotate: 'sid',
  pong: 'nat C',
  probe: 'spad',
};

/** From here on a client's two-way links read every record; called as its second stage takes over. */
export function readLateRecords(): void {
  Object.assign(serverFields, lateFields);
}

/** As in `serverFields`, with what travels in HTTP answers and what clients say. */
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
 * Reads an untrusted value, already parsed from JSON, as a control record. Fields this version does not know are kept and
 * unread. `ignored`: a record of an unknown name (SN-19). `malformed`: ends the carrier, not the session (SN-2).
 */
export function readRecord(value: unknown): ControlRecord | 'ignored' | 'malformed' {
  return checkRecord(value, fields) as ControlRecord | 'ignored' | 'malformed';
}

/** The same from JSON text. */
export function parseRecord(text: string): ControlRecord | 'ignored' | 'malformed' {
  try {
    return readRecord(JSON.parse(text));
  } catch {
    return 'malformed';
  }
}

export function encodeRecord(record: ControlRecord): string {
  return JSON.stringify(record);
}
