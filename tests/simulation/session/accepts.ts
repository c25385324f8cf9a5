import { type ClientSession, type ClientStart, ServerSession } from '@everywire/protocol/internal';

/** Whether a message of this size would be accepted. What is sent to a frozen session is passed on (SN-24). */
export function accepts(session: ServerSession | ClientSession | ClientStart, bytes: number): boolean {
  if (!(session instanceof ServerSession)) return session.ledger.accepts(bytes);
  return session.frozen || session.ledger.outgoing.accepts(bytes);
}

/** Whether this end has a verdict. */
export function isOver(session: ServerSession | ClientSession | ClientStart): boolean {
  return session.ledger.done !== null;
}
