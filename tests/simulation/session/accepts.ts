import { type ClientSession, type ClientStart, type Message, ServerSession } from '@everywire/protocol/internal';

/**
 * Returns whether the session would accept a message of this size. A session that is frozen for a hand-over to another
 * node accepts every message and forwards it (SN-24).
 */
export function accepts(session: ServerSession | ClientSession | ClientStart, bytes: number): boolean {
  if (!(session instanceof ServerSession)) return session.flow.accepts(bytes);
  return session.frozen || session.flow.outgoing.accepts(bytes);
}

/** Returns whether the session has ended at this end, that is, whether it has a verdict. */
export function isOver(session: ServerSession | ClientSession | ClientStart): boolean {
  return session.flow.done !== null;
}

/** Returns whether only the second stage of a client understands the item. The first stage ignores it. */
export function isLate(item: object): boolean {
  return 't' in item && (item.t === 'auth' || item.t === 'rotate');
}

/** Returns whether a received message is the sent one, or was reassembled from its parts and has the same content. */
export function isSame(message: Message, sent: Message | undefined): boolean {
  // A reassembled message has the serial 0.
  if (message === sent || !sent || message.serial !== 0) return message === sent;
  return message.binary === sent.binary && message.byteLength === sent.byteLength && message.hash === sent.hash;
}
