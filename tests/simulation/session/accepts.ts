import { type ClientSession, type ClientStart, type Message, ServerSession } from '@everywire/protocol/internal';

/** Returns whether a message of this size would be accepted. Messages to a frozen session are forwarded (SN-24). */
export function accepts(session: ServerSession | ClientSession | ClientStart, bytes: number): boolean {
  if (!(session instanceof ServerSession)) return session.flow.accepts(bytes);
  return session.frozen || session.flow.outgoing.accepts(bytes);
}

/** Returns whether this end has a verdict. */
export function isOver(session: ServerSession | ClientSession | ClientStart): boolean {
  return session.flow.done !== null;
}

/** Returns whether the first stage of a client ignores the item. */
export function isLate(item: object): boolean {
  return 't' in item && (item.t === 'auth' || item.t === 'rotate');
}

/** Returns whether that message was sent: the same one, or one of the same content reassembled from parts. */
export function isSame(message: Message, sent: Message | undefined): boolean {
  if (message === sent || !sent || message.serial !== 0) return message === sent;
  return message.binary === sent.binary && message.byteLength === sent.byteLength && message.hash === sent.hash;
}
