import type { Message } from '../message.js';
import { NOTHING, type Removed } from './conflation.js';
import type { SendOutcome } from './contract.js';
import type { MessageBatch } from './message-batch.js';
import type { SessionState } from './session-state.js';

/** The part of a `ServerSession` that these functions use. */
interface GuardedCalls {
  readonly flow: SessionState;
  flush(now: number): void;
  /** Handles an error thrown in the session, or throws it again (SN-44). */
  broke(error: unknown): void;
}

/*
 * Calls into a session by its application, a topic or the end of a tick. A failed assertion in the session must not reach
 * the caller, which may be the handler of another session. So `broke` handles the error: it ends only this session.
 */

/** Sends a message; returns `closed` if an invariant is broken. */
export function send(session: GuardedCalls, message: Message): SendOutcome {
  try {
    return session.flow.send(message);
  } catch (error) {
    session.broke(error);
    return 'closed';
  }
}

/** Sends a run. @returns false if not all messages were accepted */
export function acceptRun(session: GuardedCalls, messageBatch: MessageBatch, from: number, to: number): boolean {
  try {
    return session.flow.outgoing.acceptRun(messageBatch, from, to);
  } catch (error) {
    session.broke(error);
    return false;
  }
}

/** Removes replaced messages. */
export function squeeze(session: GuardedCalls): Removed {
  try {
    return session.flow.squeeze();
  } catch (error) {
    session.broke(error);
    return NOTHING;
  }
}

/** Settles a message. @returns false if the session has ended because of it */
export function settle(session: GuardedCalls, message: Message): boolean {
  try {
    session.flow.incoming.settle(message);
    return true;
  } catch (error) {
    session.broke(error);
    return false;
  }
}

/** Flushes the session. */
export function flush(session: GuardedCalls, now: number): void {
  try {
    session.flush(now);
  } catch (error) {
    session.broke(error);
  }
}
