import type { AckRecord, PingRecord, PongRecord, ServerRecord } from '../record.js';
import { WIRE_VERSION } from '../version.js';
import type { ClientLink } from './client-link.js';
import type { ClientState } from './client-state.js';
import type { StartIo } from './contract.js';

// Reading and writing shared by both stages of a client.

/** Writes the messages that the window allows and that this link has not carried yet. */
export function writeRun(io: StartIo, state: ClientState, up: ClientLink): void {
  const last = state.allowed;
  if (up.out > last) return;
  io.writeMessages(up, state, up.out, last);
  up.out = last + 1;
  state.wrote(last);
}

/**
 * Begins to send upstream on a link whose head has arrived (SN-10).
 *
 * @param received by the server, as stated in the head
 */
export function writeFrom(io: StartIo, state: ClientState, link: ClientLink, received: number): void {
  link.out = Math.max(received, state.acked) + 1;
  io.writeRecord(link, { t: 'from', first: link.out });
}

/** Returns whether a record is for another client, because it was misrouted. The caller must not use it (SN-9). */
export function isForAnother(record: ServerRecord, instance: number, nonce: string): boolean {
  const said = record as { readonly instance?: number; readonly nonce?: string };
  return (said.instance ?? instance) !== instance || (said.nonce ?? nonce) !== nonce;
}

/** Records that state counts on an attached link. */
export type CountsRecord = AckRecord | PingRecord | PongRecord;

/** Returns whether the server wrote other messages before this record than arrived, so that bytes were lost (SN-5). */
export function isElsewhere(link: ClientLink, record: CountsRecord): boolean {
  return record.t !== 'ack' && record.at !== link.in - 1;
}

/** Returns whether the answer to a POST has another version. A two-way link has agreed on one before (SN-42). */
export function isOfAnotherVersion(link: ClientLink, record: ServerRecord): boolean {
  return record.t === 'opened' && link.kind === 'post' && record.version !== WIRE_VERSION;
}

/**
 * Returns whether a record repeats another number than its link sent. The link that opened the session was attached as
 * number 1, and may have sent another attach since (SN-40).
 */
export function isAnswerToAnother(link: ClientLink, record: ServerRecord): boolean {
  // A record that ends a session must name its addressee; otherwise it is not for this session.
  if (record.t === 'closed' || record.t === 'refused') return (record.instance ?? record.nonce) === undefined;
  if (record.t !== 'attached' && record.t !== 'answer') return false;
  // Attaches and bodies have separate numbers, so an answer of the other kind may have the same number.
  if ((record.t === 'answer') !== (link.kind === 'post')) return true;
  return record.n !== link.n && !(record.n === 1 && link.kind === 'duplex' && link.opens);
}
