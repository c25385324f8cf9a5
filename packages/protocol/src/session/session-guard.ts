import type { Message } from '../message.js';
import { NOTHING, type Removed } from './conflation.js';
import type { SendResult } from './contract.js';
import type { Ledger } from './ledger.js';
import type { MessageSheet } from './message-sheet.js';

/** A session whose counts are asserted; every one is a `ServerSession`. */
interface GuardedSession {
  readonly ledger: Ledger;
  flush(now: number): void;
  /** Takes what was thrown while the session was at work, or throws it on (SN-44). */
  broke(error: unknown): void;
}

/*
 * What others than its own links have a session do: its application, a topic, the end of the turn. None of them is to be disturbed where an assertion
 * fails in it, least of all the handler of another session that is at work.
 */

export function send(session: GuardedSession, message: Message): SendResult {
  try {
    return session.ledger.send(message);
  } catch (error) {
    session.broke(error);
    return 'closed';
  }
}

/** @returns false where not all of them were accepted */
export function acceptRun(session: GuardedSession, sheet: MessageSheet, from: number, to: number): boolean {
  try {
    return session.ledger.outgoing.acceptRun(sheet, from, to);
  } catch (error) {
    session.broke(error);
    return false;
  }
}

export function squeeze(session: GuardedSession): Removed {
  try {
    return session.ledger.squeeze();
  } catch (error) {
    session.broke(error);
    return NOTHING;
  }
}

/** @returns false where the session has ended by it */
export function settle(session: GuardedSession, message: Message): boolean {
  try {
    session.ledger.incoming.settle(message);
    return true;
  } catch (error) {
    session.broke(error);
    return false;
  }
}

export function flush(session: GuardedSession, now: number): void {
  try {
    session.flush(now);
  } catch (error) {
    session.broke(error);
  }
}
