import { isUtf8 } from 'node:buffer';
import type { Message, UserId } from '@everywire/chat';
import { type ConversationRow, DELETED, KINDS } from '../log/conversation-row.js';
import { type MessageColumns, parseMessage } from '../log/message-columns.js';
import type { Findings } from './findings.js';

/** A row of `message` with the column that counts pinned messages. */
export interface CheckedMessage extends MessageColumns {
  readonly pinned: boolean | null;
}

/** The replies of one thread: as the root records them, and as they were found. */
interface Thread {
  readonly recorded: number;
  found: number;
}

/**
 * Checks the log of one conversation. Takes its messages in the order of their sequences, and keeps only numbers for
 * each sender and thread, so that a long log needs little memory. The messages of a deleted conversation are being erased, so only their contents
 * are checked.
 *
 * - Sequences have no gap and end at the head: pages and cursors of clients rely on it, and a head that is too low makes
 *   every send fail.
 * - Ordinals rise by one with each message that counts as unread, and `count` is the last one, also for each sender:
 *   unread counts are differences of them.
 * - No message has a later modification than the conversation: a client that is up to date would never load that change.
 * - The numbers of pinned messages and of replies are right: limits and unread counts of threads use them.
 * - Kinds, JSON and UTF-8 of each row can be parsed: otherwise a page that contains the row fails.
 */
export class LogCheck {
  readonly row: ConversationRow;
  readonly isDeleted: boolean;
  /** The ordinal of each sender's last message. */
  readonly sent: Map<UserId, number> = new Map();
  /** Whether messages are missing, so that what members have sent cannot be compared. */
  hasGap = false;
  readonly #findings: Findings;
  readonly #threads = new Map<number, Thread>();
  #last = 0;
  #ordinal = 0;
  #pins = 0;

  constructor(row: ConversationRow, findings: Findings) {
    this.row = row;
    this.#findings = findings;
    this.isDeleted = (row.flags & DELETED) !== 0;
    if (KINDS[row.kind] === undefined || !isUtf8(row.name))
      this.#findings.add(`conversation ${row.id} cannot be parsed`);
  }

  /** Checks the next message; returns it, or `null` if it cannot be parsed. */
  addMessage(row: CheckedMessage): Message | null {
    if (!this.isDeleted) this.#checkNumbers(row);
    const message = tryParse(row);
    if (message === null) this.#findings.add(`${nameOf(row)} cannot be parsed`);
    return message;
  }

  /** Compares the conversation with its messages, after the last one. */
  end(): void {
    if (this.isDeleted) return;
    const { id, sequence, count, pins } = this.row;
    const recorded = `conversation ${id} is recorded with`;
    if (sequence !== this.#last) {
      this.hasGap = true;
      this.#findings.add(`${recorded} ${sequence} messages, but its last one has the number ${this.#last}`);
    }
    if (count !== this.#ordinal)
      this.#findings.add(`${recorded} ${count} messages that count as unread, but has ${this.#ordinal}`);
    if (this.hasGap) return;
    if (pins !== this.#pins) this.#findings.add(`${recorded} ${pins} pinned messages, but has ${this.#pins}`);
    for (const [root, thread] of this.#threads)
      if (thread.recorded !== thread.found)
        this.#findings.add(
          `message ${root} of conversation ${id} is recorded with ${thread.recorded} replies, but has ${thread.found}`,
        );
  }

  #checkNumbers(row: CheckedMessage): void {
    const { sequence, sender, root, ordinal, sender_ordinal: senderOrdinal, modification, replies, pinned } = row;
    const counts = KIND_COUNTS[row.kind] && root === null ? 1 : 0;
    if (sequence !== this.#last + 1) this.#noteGap(this.#last + 1, sequence - 1);
    else if (ordinal !== this.#ordinal + counts)
      this.#findings.add(`${nameOf(row)} has the ordinal ${ordinal} instead of ${this.#ordinal + counts}`);
    const expected = (this.sent.get(sender) ?? 0) + counts;
    if (senderOrdinal !== expected && !this.hasGap)
      this.#findings.add(`${nameOf(row)} is number ${senderOrdinal} of user ${sender} instead of ${expected}`);
    if (modification > this.row.modification)
      this.#findings.add(
        `${nameOf(row)} has the modification ${modification}, the conversation only ${this.row.modification}`,
      );
    this.#last = sequence;
    this.#ordinal = ordinal;
    this.sent.set(sender, senderOrdinal);
    if (pinned) this.#pins += 1;
    if (replies !== null) this.#threads.set(sequence, { recorded: replies, found: 0 });
    if (root !== null) this.#noteReply(row, root);
  }

  #noteGap(from: number, to: number): void {
    this.hasGap = true;
    const { id } = this.row;
    this.#findings.add(
      from === to
        ? `message ${from} of conversation ${id} is missing`
        : `messages ${from} to ${to} of conversation ${id} are missing`,
    );
  }

  #noteReply(row: CheckedMessage, root: number): void {
    const thread = this.#threads.get(root);
    if (thread !== undefined) thread.found += 1;
    else if (!this.hasGap) this.#findings.add(`${nameOf(row)} replies to message ${root}, which records no replies`);
  }
}

/** Whether messages of each kind count as unread, by the column `kind`: text, service, recalled. */
const KIND_COUNTS: readonly boolean[] = [true, false, true];

function nameOf({ sequence, conversation }: CheckedMessage): string {
  return `message ${sequence} of conversation ${conversation}`;
}

/** Returns the message; `null` if a page with this row would fail or show something else than what was written. */
function tryParse(row: CheckedMessage): Message | null {
  if (KIND_COUNTS[row.kind] === undefined || !isUtf8(row.body)) return null;
  try {
    const message = parseMessage(row);
    const { body } = message;
    return body.kind === 'service' && typeof body.service?.change !== 'string' ? null : message;
  } catch {
    return null;
  }
}
