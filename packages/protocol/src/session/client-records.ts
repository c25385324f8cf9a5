import type { AckRecord, PingRecord, PongRecord, ServerRecord } from '../record.js';
import { wireVersion } from '../version.js';
import type { ClientLedger } from './client-ledger.js';
import type { ClientLink } from './client-link.js';
import type { StartIo } from './contract.js';

// What both stages of a client read and write alike.

/** Writes on the link that carries up what the window allows and was not written there yet. */
export function writeRun(io: StartIo, ledger: ClientLedger, up: ClientLink): void {
  const last = ledger.allowed;
  if (up.out > last) return;
  io.writeMessages(up, ledger, up.out, last);
  up.out = last + 1;
  ledger.wrote(last);
}

/** Moves the session upwards to a link whose head has come too (SN-10). @param received by the server, as the head says */
export function writeFrom(io: StartIo, ledger: ClientLedger, link: ClientLink, received: number): void {
  link.out = Math.max(received, ledger.acked) + 1;
  io.writeRecord(link, { t: 'from', first: link.out });
}

/** Returns whether a record was meant for another client, because it was mixed up on its way: nothing of it is used (SN-9). */
export function isForAnother(record: ServerRecord, instance: number, nonce: string): boolean {
  const said = record as { readonly instance?: number; readonly nonce?: string };
  return (said.instance ?? instance) !== instance || (said.nonce ?? nonce) !== nonce;
}

/** What states counts on a link that is attached. */
export type CountsRecord = AckRecord | PingRecord | PongRecord;

/** Returns whether the server wrote other messages before this record than came: bytes were lost (SN-5). */
export function isElsewhere(link: ClientLink, record: CountsRecord): boolean {
  return record.t !== 'ack' && record.at !== link.in - 1;
}

/** Returns whether the server that was asked by POST speaks another version. A two-way link has agreed on one before (SN-42). */
export function isOfAnotherVersion(link: ClientLink, record: ServerRecord): boolean {
  return record.t === 'opened' && link.kind === 'post' && record.version !== wireVersion;
}

/**
 * Returns whether a record repeats another number than its link asked with. The link that opened the session was attached as number 1, and
 * may have asked to attach again since (SN-40).
 */
export function isAnswerToAnother(link: ClientLink, record: ServerRecord): boolean {
  // What ends a session has to say whose: an answer to what named nobody is not for this one.
  if (record.t === 'closed' || record.t === 'refused') return (record.instance ?? record.nonce) === undefined;
  if (record.t !== 'attached' && record.t !== 'answer') return false;
  // Attaches and bodies are counted apart, so that an answer of the other kind may have the same number.
  if ((record.t === 'answer') !== (link.kind === 'post')) return true;
  return record.n !== link.n && !(record.n === 1 && link.kind === 'duplex' && link.opens);
}
